import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, readdirSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, beforeEach, test } from "node:test";
import fc from "fast-check";
import { derivedUuid } from "../../base/ids.ts";
import { mimeOf, safeFileName } from "../../base/file-type.ts";
import { stage } from "./_stage.ts";
import { MediaFiles } from "./_store.ts";
import type { Incoming } from "./_store.ts";

const root = mkdtempSync(join(tmpdir(), "openclaw-media-"));
after(() => rmSync(root, { recursive: true, force: true }));
let state = "";
let files = new MediaFiles(root);
let nth = 0;
beforeEach(() => {
  state = join(root, String((nth += 1)));
  files = new MediaFiles(state);
});
const ID = derivedUuid("a");
const keep = (text: string | readonly string[], more: Partial<Incoming> = {}) =>
  files.keep({ id: ID, body: [text].flat().map((piece) => Buffer.from(piece)), maxBytes: 1000, at: 1, ...more });
const folder = () => join(state, "media", "inbound");

test("a file is found again by its id and by its reference, also by the next process", async () => {
  const stored = await keep("a,b", { fileName: "t.csv", told: "text/csv" });
  assert.deepEqual([stored.mimeType, stored.kind, stored.bytes], ["text/csv", "document", 3]);
  const next = new MediaFiles(state);
  assert.deepEqual(await next.find(ID), stored);
  assert.equal(next.idOf(`media://inbound/${ID}`), ID);
  assert.equal((await next.read(ID, 10)).toString(), "a,b");
});

test("more than the limit is nothing, however it comes", async () => {
  async function* endless(): AsyncGenerator<Uint8Array> {
    for (;;) yield Buffer.alloc(400);
  }
  await assert.rejects(keep("", { body: endless() }), {
    code: "INBOUND_TOO_LARGE",
    message: "1.2 KB exceeds 1000 bytes limit",
  });
  assert.deepEqual(readdirSync(folder()), []);
  assert.equal((await keep("x".repeat(1000))).bytes, 1000);
});

test("a stream that breaks leaves nothing", async () => {
  async function* broken(): AsyncGenerator<Uint8Array> {
    yield Buffer.from("half");
    throw new Error("reset");
  }
  await assert.rejects(keep("", { body: broken() }), /reset/);
  assert.deepEqual(readdirSync(folder()), []);
});

const types: [title: string, bytes: string, name: string, told: string | undefined, mime: string][] = [
  ["bytes win over what the server says", "%PDF-1.7", "a.png", "image/png", "application/pdf"],
  ["a type that its bytes do not bear out is not believed", "hello", "a.png", "image/png", "application/octet-stream"],
  ["a type that no bytes tell is believed", "a,b", "a.bin", "text/csv; charset=utf-8", "text/csv"],
  ["the name comes last", "a,b", "a.csv", undefined, "text/csv"],
  ["a page is a page", "<!DOCTYPE html><p>", "a.jpg", "image/jpeg", "text/html"],
  [
    "an office document is no mere archive",
    "PK\u0003\u0004",
    "a.docx",
    undefined,
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
  ],
];
for (const [title, bytes, name, told, mime] of types)
  test(title, () => assert.equal(mimeOf(Buffer.from(bytes, "latin1"), name, told), mime));

test("a page in place of a picture is a failed download, a page that was sent is a file", async () => {
  await assert.rejects(keep("<html>sign in", { expected: "image" }), { code: "INBOUND_NO_MEDIA" });
  await assert.rejects(keep("", { body: [] }), { code: "INBOUND_NO_MEDIA" });
  assert.equal((await keep("<html>mine", { expected: "document" })).mimeType, "text/html");
});

test("no reference leads out of the store", async () => {
  await keep("x");
  for (const ref of ["../../openclaw.json", `${ID}/../x`, "..", "", `media://inbound/../${ID}`, "media://other/x"]) {
    assert.equal(await files.find(ref), undefined);
    assert.equal(files.idOf(ref), undefined);
  }
  await assert.rejects(keep("x", { id: "../../evil" }), { code: "MEDIA_UNKNOWN" });
});

test("no name makes a path, and every name is short and has an ending", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary", maxLength: 400 }), (name) => {
      const safe = safeFileName(name, "image/png");
      // oxlint-disable-next-line no-control-regex -- control characters are what must not be there
      assert.doesNotMatch(safe, /[\u0000-\u001f/\\:*?"<>|]|^\./);
      assert.ok(Buffer.byteLength(safe) <= 120 && /\.[a-z0-9]{1,8}$/i.test(safe));
    }),
  );
  assert.equal(safeFileName("../../etc/passwd", "text/plain"), "passwd.txt");
  assert.equal(safeFileName("C:\\dir\\a.pdf", "application/pdf"), "a.pdf");
});

test("two files of one name lie beside each other, the same file once", async () => {
  const workspace = join(state, "workspace");
  const one = await keep("one", { fileName: "a.txt" });
  const two = await keep("two", { id: derivedUuid("b"), fileName: "a.txt" });
  assert.equal(await stage(files, one, workspace), "media/inbound/a.txt");
  assert.equal(await stage(files, one, workspace), "media/inbound/a.txt");
  const other = await stage(files, two, workspace);
  assert.match(other, /^media\/inbound\/a-[0-9a-f]{8}\.txt$/);
  assert.equal(readFileSync(join(workspace, other), "utf8"), "two");
});

test("what was understood is kept with the file", async () => {
  await keep("x");
  await files.remember(ID, "audio:1", { text: "hello" });
  const next = new MediaFiles(state);
  assert.deepEqual(await next.understood(ID, "audio:1"), { text: "hello" });
  assert.equal(await next.understood(ID, "audio:2"), undefined);
});

test("what is older than a week goes, and what a death left half done", async () => {
  const DAY = 86_400_000;
  const now = Date.now();
  await keep("old", { at: now - 8 * DAY });
  const fresh = await keep("new", { id: derivedUuid("b"), at: now - DAY });
  const part = join(folder(), `${derivedUuid("c")}.part`);
  writeFileSync(part, "half");
  utimesSync(part, (now - DAY) / 1000, (now - DAY) / 1000);
  assert.equal(await files.sweep(now), 1);
  assert.equal(await files.find(ID), undefined);
  assert.deepEqual(await files.find(fresh.id), fresh);
  assert.equal(readdirSync(folder()).length, 2);
});
