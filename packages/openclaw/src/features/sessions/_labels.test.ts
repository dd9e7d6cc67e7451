import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import type { Principal, Role } from "../../contracts/principal.ts";
import type { SessionEntry, TurnOptions } from "../../store/index.ts";
import { contentLabels, labelsOfTurn, withLabels } from "./_labels.ts";

const who = (role: Role, kind: Principal["kind"] = "person", parent?: Principal): Principal => ({
  kind,
  id: "x",
  role,
  scopes: [],
  ...(parent ? { parent } : {}),
});
const entry = (...labels: unknown[]): SessionEntry => ({ sessionId: "s", updatedAt: 1, contentLabels: labels });
const owner = who("owner");
const told: TurnOptions = { from: { sessionKey: "k", tool: "sessions_send" } };
const chain = (length: number): Principal =>
  Array.from({ length }).reduce<Principal>((parent) => who("owner", "agent", parent), owner);

interface Case {
  readonly author: Principal;
  readonly options?: TurnOptions;
  readonly tells?: readonly Principal[];
  readonly session?: SessionEntry;
}
const table: readonly [string, Case, readonly string[]][] = [
  ["the owner's words have none", { author: owner }, []],
  [
    "neither have those of the owner's browser and of the gateway",
    { author: who("owner", "device"), tells: [who("owner", "system")] },
    [],
  ],
  ["a member's", { author: who("member") }, ["from:member"]],
  ["a guest's", { author: who("guest") }, ["from:guest"]],
  ["a web hook's, whatever authority it acts with", { author: who("owner", "hook") }, ["from:hook"]],
  ["lines of a hook that the owner's turn is told", { author: owner, tells: [who("owner", "hook")] }, ["from:hook"]],
  [
    "an agent's that acts for a guest's hook",
    { author: who("guest", "agent", who("guest", "hook")) },
    ["from:guest", "from:hook"],
  ],
  [
    "another session's, with all that it has seen",
    { author: who("owner", "agent", owner), options: told, session: entry("from:member") },
    ["from:member", "from:session"],
  ],
  ["those of a session that is gone are unknown", { author: owner, options: told }, ["from:session", "from:unknown"]],
  ["those of a chain that is too long to follow are unknown", { author: chain(40) }, ["from:unknown"]],
];
for (const [title, { author, options = {}, tells = [], session }, expected] of table)
  test(`labels of content: ${title}`, () => {
    assert.deepEqual(labelsOfTurn({ principal: author, options }, tells, session), expected);
  });

test("labels are only ever added, and what is no label in a row is none", () => {
  const label = fc.constantFrom("from:guest", "from:hook", "from:session", "later");
  fc.assert(
    fc.property(fc.array(label), fc.array(label), (known, more) => {
      const after = withLabels(entry(...known), more) ?? contentLabels(entry(...known));
      for (const each of [...known, ...more]) assert.ok(after.includes(each));
      assert.equal(withLabels(entry(...after), more), undefined);
    }),
  );
  assert.deepEqual(contentLabels(entry("b", 1, null, "a", "b")), ["a", "b"]);
  assert.deepEqual(contentLabels({ sessionId: "s", updatedAt: 1, contentLabels: "x" }), []);
});
