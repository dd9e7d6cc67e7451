import assert from "node:assert/strict";
import { test } from "node:test";
import { pasted, typed } from "./_keys.ts";

const PIPE = { terminal: false };
const TERMINAL = { terminal: true };

test("keys are typed as a pipe or a terminal knows them", () => {
  const table: [string[], string | undefined, string | undefined][] = [
    [["ls", "Enter"], "ls\n", "ls\r"],
    [["Tab"], "\t", "\t"],
    [["Backspace"], "\b", "\u007f"],
    [["hex:1b5b41"], "\u001b[A", "\u001b[A"],
    [["literal:Enter"], "Enter", "Enter"],
    [["Up"], undefined, "\u001b[A"],
    [["F5"], undefined, "\u001b[15~"],
    [["C-c"], undefined, "\u0003"],
    [["C-["], undefined, "\u001b"],
    [["C-?"], undefined, "\u007f"],
    [["C-1"], undefined, undefined],
    [["M-x"], undefined, "\u001bx"],
    [["S-a"], undefined, "A"],
    [["C-d", "C-d"], undefined, "\u0004\u0004"],
  ];
  for (const [keys, pipe, terminal] of table) {
    for (const [expected, kind] of [
      [pipe, PIPE],
      [terminal, TERMINAL],
    ] as const)
      if (expected === undefined)
        assert.throws(() => typed(keys, kind), { code: "PROCESS_KEY_UNKNOWN" }, keys.join(" "));
      else assert.equal(typed(keys, kind).data, expected, keys.join(" "));
  }
});

test("the end of a pipe's input is no character, that of a terminal is one", () => {
  assert.deepEqual(typed(["a", "C-d"], PIPE), { data: "a", eof: true });
  assert.deepEqual(typed(["a", "C-d"], TERMINAL), { data: "a\u0004", eof: false });
});

test("what is pasted cannot end the paste by itself", () => {
  assert.equal(pasted("a\nb", PIPE), "a\nb");
  assert.equal(pasted("a\u001b[201~rm", TERMINAL), "\u001b[200~arm\u001b[201~");
});
