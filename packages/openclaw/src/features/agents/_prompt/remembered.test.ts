import assert from "node:assert/strict";
import { test } from "node:test";
import type { PromptRequest } from "../index.ts";
import { TOOLS, desk, tool, whole } from "./desk.fixture.ts";

test("a prompt of which nothing has changed is the same object, also for another conversation", async (t) => {
  const it = await desk(t);
  const first = await it.prompt();
  assert.equal(await it.prompt({ sessionKey: "agent:main:other" }), first);
  assert.equal((await it.prompt({ thinking: "high" })).report.model, first.report.model);
  assert.equal(await it.prompt(), first);
});

const CHANGES: readonly Partial<PromptRequest>[] = [
  { tools: TOOLS.slice(1) },
  { tools: [tool("edit", "Another edit."), ...TOOLS.slice(1)] },
  { skills: "<available_skills>\n<skill><name>tea</name></skill>\n</available_skills>" },
  { thinking: "high" },
  { reasoning: "on" },
  { modelRef: "openai/gpt-5" },
  { extra: "Speak in rhymes." },
  { mode: "minimal" },
  { folder: "/elsewhere" },
  { budget: 300 },
  { channel: { replyTags: true } },
  { group: { kind: "group", channel: "telegram", activation: "mention" } },
];

test("whatever a prompt depends on makes another one", async (t) => {
  const it = await desk(t);
  const usual = await it.prompt();
  for (const change of CHANGES) {
    const changed = await it.prompt(change);
    assert.notDeepEqual([changed.system, changed.tools], [usual.system, usual.tools], JSON.stringify(change));
    assert.deepEqual(await it.prompt(), usual);
  }
});

test("a workspace file that was edited is told at once", async (t) => {
  const it = await desk(t);
  assert.match(whole(await it.prompt()), /the rules/);
  await it.file("AGENTS.md", "other rules, longer ones\n");
  assert.match(whole(await it.prompt()), /other rules/);
});

test("what is told in one turn only is not in the next", async (t) => {
  const it = await desk(t);
  await it.file("BOOTSTRAP.md", "who are you?\n");
  const local = await it.prompt({ localModel: true });
  assert.match(local.preamble ?? "", /who are you/);
  assert.equal((await it.prompt()).preamble, undefined);
});
