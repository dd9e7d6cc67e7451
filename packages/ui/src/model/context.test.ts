import assert from "node:assert/strict";
import { test } from "node:test";
import { detailsOf, sharesOf } from "./context.ts";
import type { ContextReport } from "./context.ts";

const report = (tokens: Partial<ContextReport["tokens"]>, contextTokens: number | null): ContextReport => ({
  source: "run",
  model: "p/m",
  sessionTokens: null,
  contextTokens,
  messages: 1,
  injectedWorkspaceFiles: [
    { name: "AGENTS.md", missing: false, injectedChars: 400, truncated: false },
    { name: "SOUL.md", missing: true, injectedChars: 40, truncated: false },
  ],
  sections: [],
  skills: { entries: [] },
  tools: { entries: Array.from({ length: 30 }, (_, at) => ({ name: `t${at}`, schemaChars: at })) },
  tokens: {
    system: 0,
    files: 0,
    skills: 0,
    toolList: 0,
    toolSchemas: 0,
    summary: 0,
    conversation: 0,
    reserve: 0,
    used: 0,
    free: null,
    ...tokens,
  },
});

test("parts and what is left fill the window; empty parts are left out", () => {
  const shares = sharesOf(report({ system: 10, conversation: 30, reserve: 20, free: 40 }, 100));
  assert.deepEqual(
    shares.map(({ name, share }) => [name, share]),
    [
      ["system", 0.1],
      ["conversation", 0.3],
      ["reserve", 0.2],
      ["free", 0.4],
    ],
  );
});

test("a window that is not known, or too small, is as large as what fills it", () => {
  for (const window of [null, 10])
    assert.deepEqual(
      sharesOf(report({ system: 50, conversation: 50, free: 0 }, window)).map(({ share }) => share),
      [0.5, 0.5],
    );
});

test("a part opens into its largest pieces, and says what is missing", () => {
  assert.deepEqual(detailsOf(report({}, null), "files"), [
    { name: "AGENTS.md", tokens: 100 },
    { name: "SOUL.md", tokens: 10, note: "missing" },
  ]);
  assert.equal(detailsOf(report({}, null), "toolSchemas").length, 12);
  assert.equal(detailsOf(report({}, null), "toolSchemas")[0]?.name, "t29");
  assert.deepEqual(detailsOf(report({}, null), "conversation"), []);
});
