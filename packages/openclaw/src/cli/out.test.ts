import assert from "node:assert/strict";
import { test } from "node:test";
import { createOut } from "./out.ts";

function printed(text: string): string {
  let all = "";
  const write = (piece: string) => void (all += piece);
  const out = createOut({ stdout: { write }, stderr: { write } }, { tty: true, color: true, named: (t) => t });
  out.line(text);
  out.note(text);
  assert.equal(all.slice(0, all.length / 2), all.slice(all.length / 2));
  return all.slice(0, all.length / 2 - 1);
}

test("what others wrote moves no cursor, sets no title and rings no bell", () => {
  for (const text of ["a\u001b[2Jb", "a\u001b]0;x\u0007b", "a\u009b2Jb", "a\rb", "a\u0008b", "a\u001bPb"]) {
    const shown = printed(text);
    // oxlint-disable-next-line no-control-regex -- what must not be there
    assert.doesNotMatch(shown, /[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/, JSON.stringify(text));
    assert.match(shown, /^a.*b$/);
  }
});

test("colours, lines and every script stay as they are", () => {
  for (const text of ["\u001b[1mbold\u001b[22m", "a\tb\nc\r\nd", "日本 é 🚀 שלום\u200f"])
    assert.equal(printed(text), text);
});
