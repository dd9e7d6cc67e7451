import assert from "node:assert/strict";
import { test } from "node:test";
import type { ConfigSnapshot } from "../../../contracts/config.ts";
import type { Address } from "../../../contracts/envelope.ts";
import { NO_USAGE } from "../../../contracts/message.ts";
import type { TurnResult } from "../../../store/index.ts";
import { usageFooter } from "./footer.ts";
import { responsePrefix } from "./prefix.ts";
import { toolFailure, toolLine, toolOutput } from "./tool-line.ts";

const address: Address = { channel: "telegram", account: "work", kind: "direct", chat: "1" };
const facts = { modelRef: "openrouter/anthropic/claude", thinking: "low", identityName: "Molly" };
function config(root: Readonly<Record<string, unknown>>): ConfigSnapshot {
  const at = (path: string) =>
    path.split(".").reduce<unknown>((value, key) => (value as Record<string, unknown> | undefined)?.[key], root);
  return { root, at } as unknown as ConfigSnapshot;
}
const prefixes: readonly [title: string, root: Readonly<Record<string, unknown>>, prefix: string | undefined][] = [
  ["nothing is put before answers by itself", {}, undefined],
  ["the general one", { messages: { responsePrefix: ">" } }, ">"],
  ["the channel's wins", { messages: { responsePrefix: ">" }, channels: { telegram: { responsePrefix: "#" } } }, "#"],
  [
    "the account's wins over that",
    { channels: { telegram: { responsePrefix: "#", accounts: { Work: { responsePrefix: "%" } } } } },
    "%",
  ],
  [
    "an empty one ends the search",
    { messages: { responsePrefix: ">" }, channels: { telegram: { responsePrefix: "" } } },
    undefined,
  ],
  ["auto is the name", { messages: { responsePrefix: "auto" } }, "[Molly]"],
  [
    "names in braces are filled in, in any case, and unknown ones stay",
    { messages: { responsePrefix: "{Model} {modelFull} {provider} {think} {thinkingLevel} {identity.name} {other}" } },
    "claude openrouter/anthropic/claude openrouter low low Molly {other}",
  ],
];
for (const [title, root, prefix] of prefixes)
  test(title, () => assert.equal(responsePrefix(config(root), address, facts), prefix));

const result = (over: object = {}) =>
  ({
    usage: { ...NO_USAGE, input: 1000, output: 345, cacheRead: 11_000, totalTokens: 12_345, ...over },
    provider: "p",
    model: "m",
  }) as unknown as TurnResult;
test("a footer says what an answer took, in as many words as asked for", () => {
  const cost = { input: 0, output: 0, cacheRead: 0, cacheWrite: 0, total: 0.0123 };
  assert.equal(usageFooter("off", result()), undefined);
  assert.equal(usageFooter(undefined, result()), undefined);
  assert.equal(usageFooter("tokens", result()), "Usage: 12k in / 345 out");
  assert.equal(usageFooter("full", result({ cost })), "Usage: 12k in / 345 out · 11k cached · est $0.0123 · p/m");
  assert.equal(usageFooter("full", result({ totalTokens: 0 })), undefined);
});

test("a tool call is one line with the argument that tells most, secrets masked", () => {
  assert.equal(toolLine("exec", { timeout: 5, command: "ls\n -la" }), "🛠️ exec: `ls -la`");
  assert.equal(toolLine("memory_search", { query: "socks" }), "🧠 memory_search: `socks`");
  assert.equal(toolLine("constructor", {}), "🧩 constructor");
  assert.equal(toolLine("read", { path: "a`b" }), "📖 read: aˋb");
  assert.ok(
    !toolLine("exec", { command: "curl -H 'Authorization: Bearer sk-abcdefghijklmnopqrstuvwxyz'" }).includes("klmnopq"),
  );
  assert.ok(toolLine("exec", { command: "x".repeat(5000) }).length < 230);
});

test("what a tool gave back cannot end its block, and is cut", () => {
  assert.equal(toolOutput("exec", "a\n```\nb"), "🛠️ exec\n````\na\n```\nb\n````");
  assert.ok(toolOutput("exec", "y".repeat(9000)).length < 1600);
  assert.equal(toolFailure("edit", undefined), "⚠️ 📝 edit failed.");
  assert.equal(toolFailure("edit", "\nno match\nat x"), "⚠️ 📝 edit failed: `no match`");
});
