import assert from "node:assert/strict";
import { test } from "node:test";
import type { ConfigSnapshot } from "../../contracts/config.ts";
import type { ContextEngine } from "../../contracts/context-engine.ts";
import { NO_USAGE, textOf } from "../../contracts/message.ts";
import type { Message } from "../../contracts/message.ts";
import type { Endpoint } from "../../contracts/model.ts";
import type { Log } from "../../base/log.ts";
import type { Conversation } from "./index.ts";
import { assertWindow, planWindow } from "./_plan.ts";
import { Views } from "./_views.ts";

const user = (text: string): Message => ({ role: "user", content: text, timestamp: 1 });
const says = (text: string): Message => ({
  role: "assistant",
  content: [{ type: "text", text }],
  timestamp: 1,
  api: "a",
  provider: "p",
  model: "m",
  usage: NO_USAGE,
  stopReason: "stop",
});
const configOf = (settings: Readonly<Record<string, unknown>>) =>
  ({ at: (path: string) => settings[path], section: () => ({}), root: {}, hash: "" }) as unknown as ConfigSnapshot;
const endpoint = (contextWindow: number) =>
  ({
    provider: "p",
    api: "a",
    model: { id: "m", contextWindow, maxTokens: 4096, reasoning: false },
  }) as unknown as Endpoint;

function views(engines: readonly ContextEngine[] = []) {
  const errors: string[] = [];
  const log = { error: (text: string) => errors.push(text) } as unknown as Log;
  const registry = { find: (id: string) => engines.find((one) => one.id === id), register: () => () => {} };
  return { errors, views: new Views(registry, log) };
}

const ask = (which: Views, messages: readonly Message[], over: { config?: ConfigSnapshot; window?: number } = {}) => {
  const stored = messages.map((message, i) => ({ message, runId: "r", entryId: `e${i}` }));
  const conversation = { ref: { agentId: "main", sessionId: "s" }, stored, since: 0 } as unknown as Conversation;
  const question = {
    conversation,
    messages,
    sessionKey: "k",
    config: over.config ?? configOf({}),
    endpoint: endpoint(over.window ?? 100_000),
    thinking: "off",
    system: [{ text: "prompt", stable: true }],
    schemas: [],
    now: 1,
  };
  return which.view(question).then((view) => ({ view, conversation, question }));
};

const chosen = configOf({ "plugins.slots.contextEngine": "mine" });
const engine = (over: Partial<ContextEngine>): ContextEngine => ({
  id: "mine",
  name: "Mine",
  assemble: ({ messages }) => ({ messages: messages.slice(-1) }),
  ...over,
});

test("the engine that the configuration names decides what is shown, and may add to the prompt", async () => {
  const mine = engine({
    assemble: ({ messages }) => ({ messages: messages.slice(-1), systemPromptAddition: "by the way" }),
  });
  const { view } = await ask(views([mine]).views, [user("a"), says("b"), user("c")], { config: chosen });
  assert.deepEqual(view.messages.map(textOf), ["c"]);
  assert.deepEqual(
    view.system.map(({ text }) => text),
    ["prompt", "by the way"],
  );
});

test("what an engine returns is repaired and fitted like anything else", async () => {
  const mine = engine({ assemble: () => ({ messages: [says("first"), user("x".repeat(1_000_000))] }) });
  const { view } = await ask(views([mine]).views, [user("a")], { config: chosen, window: 10_000 });
  assert.equal(view.messages[0]?.role, "user");
  assert.ok(view.tokens < 10_000);
});

test("an engine that fails is replaced by the built-in one for that call", async () => {
  const broken = engine({ assemble: () => Promise.reject(new Error("out of order")) });
  const { views: which, errors } = views([broken]);
  const { view } = await ask(which, [user("a"), says("b"), user("c")], { config: chosen });
  assert.equal(view.messages.length, 3);
  assert.equal(errors.length, 1);
});

test("an engine that is named but not there stops the run and says what to do", async () => {
  await assert.rejects(ask(views().views, [user("a")], { config: chosen }), { code: "CONTEXT_ENGINE_MISSING" });
});

for (const id of ["legacy", "none", ""])
  test(`${JSON.stringify(id)} is the built-in engine`, async () => {
    const config = configOf({ "plugins.slots.contextEngine": id });
    assert.equal((await ask(views().views, [user("a")], { config })).view.messages.length, 1);
  });

test("after a refusal the next views are shorter, whatever the window is said to be", async () => {
  const { views: which } = views();
  const messages = Array.from({ length: 40 }, (_, i) => user(`${i} ${"x".repeat(4000)}`));
  const { view, conversation, question } = await ask(which, messages);
  let before = view.tokens;
  for (let n = 0; n < 3; n += 1) {
    which.refused(conversation, question.endpoint);
    const { tokens } = await which.view(question);
    assert.ok(tokens < before * 0.9, `${tokens} after ${before}`);
    before = tokens;
  }
});

const windows = [8000, 16_000, 32_000, 200_000, 1_000_000] as const;
for (const contextWindow of windows)
  test(`a window of ${contextWindow} tokens has room for prompt, conversation and answer`, () => {
    const plan = planWindow({ contextWindow, budget: contextWindow }, configOf({}));
    assert.equal(plan.limit + plan.reserve, contextWindow);
    assert.ok(plan.reserve >= 2000 && plan.reserve <= 20_000);
    assert.ok(plan.promptBudget + plan.keepRecent < plan.limit);
    assert.ok(plan.flushFrom < plan.limit && plan.flushFrom > plan.promptBudget);
  });

test("settings move the limits; a cap on tokens makes any window smaller", () => {
  const compaction = { reserveTokens: 50_000, keepRecentTokens: 5000, reserveTokensFloor: 0 };
  const plan = planWindow({ contextWindow: 200_000 }, configOf({ "agents.defaults.compaction": compaction }));
  assert.deepEqual([plan.reserve, plan.keepRecent], [50_000, 5000]);
  assert.equal(
    planWindow({ contextWindow: 200_000 }, configOf({ "agents.defaults.contextTokens": 30_000 })).window,
    30_000,
  );
});

test("a window that is too small for any work is refused, the smallest that is not passes", () => {
  assert.throws(() => assertWindow({ id: "tiny", contextWindow: 7999 }, configOf({})), {
    code: "CONTEXT_WINDOW_TOO_SMALL",
  });
  assertWindow({ id: "small", contextWindow: 8000 }, configOf({}));
});
