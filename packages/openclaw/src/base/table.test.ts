import assert from "node:assert/strict";
import { test } from "node:test";
import { table } from "./table.ts";
import { printable } from "./text.ts";

test("columns are as wide as what is seen of them", () => {
  assert.deepEqual(
    table([
      ["\u001b[1mId\u001b[22m", "Name"],
      ["main", "Ada"],
    ]),
    ["\u001b[1mId\u001b[22m    Name", "main  Ada"],
  );
});

test("a name cannot steer the terminal or turn the line around, and stays itself otherwise", () => {
  assert.equal(printable("a\u001b[2J\r\n\u202eb\u2066"), "a\ufffd[2J\ufffd\ufffd\ufffdb\ufffd");
  assert.equal(printable("Küche 👩‍🍳 日本 עברית"), "Küche 👩‍🍳 日本 עברית");
});
