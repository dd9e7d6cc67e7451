import { test } from "node:test";
import assert from "node:assert/strict";
import type { Address, Envelope } from "../../contracts/envelope.ts";
import { binding } from "./route.ts";

const here: Address = { channel: "telegram", account: "default", kind: "direct", chat: "7" };
type Bindings = Parameters<typeof binding>[0];
const boundAgent = (rules: Bindings, address: Address, within?: Envelope["within"]) =>
  binding(rules, { address, ...(within === undefined ? {} : { within }) })?.agentId;
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

test("the tiers, from the most specific to the widest", () => {
  const place: Address = { channel: "discord", account: "default", kind: "channel", chat: "c1", thread: "t1" };
  const within = { guild: "g1", roles: ["r1"], parent: { kind: "channel", chat: "c0" } } as const;
  const rules = [
    bind("any", { channel: "discord", accountId: "*" }),
    bind("account", { channel: "discord", accountId: "default" }),
    bind("guild", { channel: "discord", guildId: "g1" }),
    bind("roles", { channel: "discord", guildId: "g1", roles: ["r0", "r1"] }),
    bind("parent", { channel: "discord", parentPeer: { kind: "channel", id: "c0" } }),
    bind("peer", { channel: "discord", peer: { kind: "channel", id: "c1" } }),
  ];
  const order = ["peer", "parent", "roles", "guild", "account", "any"];
  for (const [i, expected] of order.entries())
    assert.equal(boundAgent(rules.slice(0, rules.length - i), place, within), expected);
});
test("every field of a binding must fit", () => {
  const place: Address = { channel: "discord", account: "default", kind: "channel", chat: "c1" };
  const both = [bind("x", { channel: "discord", guildId: "g1", peer: { kind: "channel", id: "c1" } })];
  assert.equal(boundAgent(both, place, { guild: "g1" }), "x");
  assert.equal(boundAgent(both, place, { guild: "g2" }), undefined);
  assert.equal(
    boundAgent([bind("x", { channel: "discord", guildId: "g1", roles: ["r9"] })], place, { guild: "g1" }),
    undefined,
  );
});
