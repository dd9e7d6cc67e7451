import assert from "node:assert/strict";
import { test } from "node:test";
import { systemRandom } from "../../base/ids.ts";
import { systemClock } from "../../base/time.ts";
import { freshEntry, preferencesOf } from "./_entry.ts";

const source = { clock: systemClock, random: systemRandom };
const before = {
  sessionId: "old",
  updatedAt: 1,
  execHost: "gateway",
  execSecurity: "allowlist",
  execAsk: "always",
  thinkingLevel: "high",
  modelOverride: "m",
  modelOverrideSource: "spawn",
  modelFallbacks: ["p/n"],
  contentLabels: ["from:guest"],
  totalTokens: 9,
};

test("a conversation that begins anew keeps what was wished for, those for commands too, and nothing of what was said", () => {
  const { sessionId, totalTokens, contentLabels, ...kept } = freshEntry(source, before);
  assert.notEqual(sessionId, "old");
  assert.deepEqual([totalTokens, contentLabels], [undefined, undefined]);
  const { execHost, execSecurity, execAsk, thinkingLevel, modelFallbacks } = kept;
  assert.deepEqual(
    [execHost, execSecurity, execAsk, thinkingLevel, modelFallbacks],
    ["gateway", "allowlist", "always", "high", ["p/n"]],
  );
});

test("a conversation that begins with a copy has the labels of what it copies", () => {
  assert.deepEqual(preferencesOf(before)["contentLabels"], ["from:guest"]);
  assert.equal("contentLabels" in preferencesOf({ sessionId: "s", updatedAt: 1 }), false);
});
