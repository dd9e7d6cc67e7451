import assert from "node:assert/strict";
import { test } from "node:test";
import type { Principal } from "../../contracts/principal.ts";
import type { ConfigSnapshot } from "../config/index.ts";
import { closedElevatedGate } from "./elevated.ts";

const person: Principal = { kind: "person", id: "telegram:default:42", role: "owner", scopes: [] };

/** A FAKE snapshot: only what the gates look at. */
function gate(elevated: object, agent?: object): string | undefined {
  const config = {
    section: () => ({ elevated: { enabled: true, allowFrom: {}, ...elevated } }),
    at: (path: string) =>
      path === "agents.list" && agent !== undefined ? [{ id: "main", tools: { elevated: agent } }] : undefined,
  } as unknown as ConfigSnapshot;
  return closedElevatedGate(config, {
    agentId: "main",
    channel: "telegram",
    senderKeys: ["42", "@ada"],
    principal: person,
  });
}
const LISTED = { allowFrom: { telegram: ["42"] } };

const TABLE: readonly (readonly [
  title: string,
  elevated: object,
  agent: object | undefined,
  closed: string | undefined,
])[] = [
  ["nobody is listed at first", {}, undefined, "tools.elevated.allowFrom.telegram"],
  ["an empty list lets nobody in", { allowFrom: { telegram: [] } }, undefined, "tools.elevated.allowFrom.telegram"],
  [
    "a list of another channel does not count",
    { allowFrom: { webchat: ["42"] } },
    undefined,
    "tools.elevated.allowFrom.telegram",
  ],
  ["a listed sender gets through", LISTED, undefined, undefined],
  ["with a prefix too", { allowFrom: { telegram: ["id:42"] } }, undefined, undefined],
  ["by a name that the channel vouches for", { allowFrom: { telegram: ["username:@Ada"] } }, undefined, undefined],
  ["a star is everybody", { allowFrom: { telegram: ["*"] } }, undefined, undefined],
  ["the master switch closes it for all", { ...LISTED, enabled: false }, undefined, "tools.elevated.enabled"],
  ["the agent can close it", LISTED, { enabled: false }, "agents.list[main].tools.elevated.enabled"],
  [
    "the agent's list is a second one",
    LISTED,
    { allowFrom: { telegram: ["7"] } },
    "agents.list[main].tools.elevated.allowFrom.telegram",
  ],
  ["who is on both gets through", LISTED, { allowFrom: { telegram: ["42"] } }, undefined],
  [
    "the agent's list alone opens nothing",
    {},
    { allowFrom: { telegram: ["42"] } },
    "tools.elevated.allowFrom.telegram",
  ],
];
for (const [title, elevated, agent, closed] of TABLE)
  test(`elevated mode: ${title}`, () => assert.equal(gate(elevated, agent), closed));
