import assert from "node:assert/strict";
import { test } from "node:test";
import type { SessionRow } from "openclaw/client";
import { below, helpersOf, readReport, startedBy } from "./helpers.ts";

const row = (key: string, spawnedBy?: string): SessionRow => ({
  key,
  kind: "direct",
  agentId: "main",
  updatedAt: 1,
  modelProvider: "",
  model: "",
  hasActiveRun: false,
  ...(spawnedBy === undefined ? {} : { spawnedBy }),
});

test("helpers belong to who started them, theirs included, also where rows point at each other", () => {
  const found = helpersOf([row("c", "b"), row("b", "a"), row("a"), row("x", "gone"), row("self", "self")]);
  assert.deepEqual([...found.keys()].toSorted(), ["a", "b"]);
  assert.deepEqual(
    below("a", found).map(({ key }) => key),
    ["b", "c"],
  );
  assert.deepEqual(
    below("p", helpersOf([row("p", "q"), row("q", "p")])).map(({ key }) => key),
    ["q", "p"],
  );
});

test("the call that started a helper names its session", () => {
  const view = { args: {}, status: "done" as const, output: '{\n  "childSessionKey": "agent:main:subagent:1"\n}' };
  assert.equal(startedBy({ name: "sessions_spawn", ...view }), "agent:main:subagent:1");
  assert.equal(startedBy({ name: "exec", ...view }), undefined);
  assert.equal(startedBy({ name: "sessions_spawn", ...view, output: "refused" }), undefined);
});

const REPORT = `A sub-agent that you started has ended: Oak research

Status: success

Result:
What stands between the markers is the sub-agent's report.

<<<EXTERNAL_UNTRUSTED_CONTENT id="ab">>>
Source: Sub-agent
---
Oak lasts.

It is heavy.
<<<END_EXTERNAL_UNTRUSTED_CONTENT id="ab">>>

Stats: runtime 5s • tokens 1k

Tell the user what matters.`;

test("of a report people read who, how and what", () => {
  assert.deepEqual(readReport(REPORT), {
    name: "Oak research",
    status: "success",
    result: "Oak lasts.\n\nIt is heavy.",
  });
  const failed =
    "A sub-agent that you started has ended: X\n\nStatus: error\n\nResult: (none)\n\nNotes: The run failed.\n\nStats: s";
  assert.deepEqual(readReport(failed), { name: "X", status: "error", result: "The run failed." });
  assert.equal(readReport("Hello."), undefined);
});
