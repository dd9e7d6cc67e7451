import { test } from "node:test";
import assert from "node:assert/strict";
import type { Address } from "../../contracts/envelope.ts";
import { boundAgent } from "./route.ts";

const here: Address = { channel: "telegram", account: "default", kind: "direct", chat: "7" };
type Bindings = Parameters<typeof boundAgent>[0];
const bind = (agentId: string, match: Bindings[number]["match"]): Bindings[number] => ({ agentId, match });

test("a binding for the peer wins over one for the account, wherever it stands", () => {
  const rules = [
    bind("account", { channel: "telegram" }),
    bind("peer", { channel: "telegram", peer: { kind: "dm", id: "7" } }),
  ];
  assert.equal(boundAgent(rules, here), "peer");
});
test("an exact account wins over any account", () => {
  assert.equal(
    boundAgent(
      [
        bind("any", { channel: "telegram", accountId: "*" }),
        bind("exact", { channel: "telegram", accountId: "default" }),
      ],
      here,
    ),
    "exact",
  );
});
test("a binding without account means the default account only", () => {
  assert.equal(boundAgent([bind("x", { channel: "telegram" })], { ...here, account: "work" }), undefined);
});
test("another channel's binding does not count", () =>
  assert.equal(boundAgent([bind("x", { channel: "slack" })], here), undefined));
test("a guild binding never matches a direct chat", () =>
  assert.equal(boundAgent([bind("x", { channel: "telegram", guildId: "1" })], here), undefined));
test("the first of equal rules wins", () =>
  assert.equal(boundAgent([bind("a", { channel: "telegram" }), bind("b", { channel: "telegram" })], here), "a"));
