import assert from "node:assert/strict";
import { test } from "node:test";
import { LIMITS, filesIn, refusalOf, sizeText } from "./files.ts";

const file = (size: number, mimeType = "application/pdf") => ({ id: "1", name: "f", mimeType, size });

test("files stand apart from the words of a message", () => {
  const text =
    "[media omitted: it is too large]\n[media attached: media/inbound/tide (1).pdf (application/pdf, 12 KB)]\nRead [media attached: this]";
  assert.deepEqual(filesIn(text), {
    files: [{ name: "tide (1).pdf", mimeType: "application/pdf", size: "12 KB" }],
    omitted: ["it is too large"],
    text: "Read [media attached: this]",
  });
});

test("a message that only speaks of files is left as it is", () => {
  for (const text of ["", "hello", "see\n[media attached: a.txt (text/plain, 1 KB)]", "[media attached: a.txt]"])
    assert.deepEqual(filesIn(text), { files: [], omitted: [], text });
});

test("what the gateway would refuse is refused here, and what it takes is not", () => {
  assert.equal(refusalOf(file(0), []), "empty");
  assert.equal(refusalOf(file(LIMITS.total), []), undefined);
  assert.equal(refusalOf(file(LIMITS.total), [file(1)]), "large");
  assert.equal(refusalOf(file(LIMITS.picture + 1, "image/png"), []), "picture");
  assert.equal(refusalOf(file(LIMITS.picture, "image/png"), []), undefined);
  assert.equal(
    refusalOf(
      file(1),
      Array.from({ length: LIMITS.count }, () => file(1)),
    ),
    "many",
  );
});

test("a frame with all files of a message is within what the gateway reads", () => {
  assert.ok((LIMITS.total * 4) / 3 + 100_000 < 26_214_400);
});

test("sizes are short", () => {
  assert.deepEqual([820, 12_400, 999_600, 3_400_000].map(sizeText), ["820 B", "12 KB", "1 MB", "3.4 MB"]);
});
