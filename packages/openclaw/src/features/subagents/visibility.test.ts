import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { fakeConfig } from "../../../../../test/conformance/toolWorld.ts";
import type { Principal, Role } from "../../contracts/principal.ts";
import type { SessionRow } from "../../store/index.ts";
import type { SessionsService } from "../sessions/index.ts";
import { deniedBy } from "./_send-policy.ts";
import { visibleRows, whyHidden } from "./_visibility.ts";

const MAIN = "agent:main:main";
const GROUP = "agent:main:telegram:group:1";
const CHILD = "agent:main:subagent:c";
const GRANDCHILD = "agent:main:subagent:c:subagent:d";
const WORK = "agent:work:main";

const row = (key: string, entry: object = {}): SessionRow => ({
  key,
  agentId: key.split(":")[1] ?? "main",
  entry: { sessionId: key, updatedAt: 1, ...entry },
});
const ALL = [row(MAIN), row(GROUP), row(CHILD, { spawnedBy: GROUP }), row(GRANDCHILD, { spawnedBy: CHILD }), row(WORK)];

/** Fake of the rows: the filters that are used here. */
const sessions = {
  get: async (key: string) => ALL.find((one) => one.key === key),
  list: async ({ agentId, spawnedBy }: { agentId?: string; spawnedBy?: string }) => {
    const rows = ALL.filter(
      (one) =>
        (agentId === undefined || one.agentId === agentId) &&
        (spawnedBy === undefined || one.entry["spawnedBy"] === spawnedBy),
    );
    return { rows, total: rows.length };
  },
} as unknown as SessionsService;

const principal = (role: Role): Principal => ({ kind: "person", id: "x", role, scopes: [] });

interface Case {
  readonly from?: string;
  readonly role?: Role;
  readonly config?: object;
  readonly sees: readonly string[];
}

const visibility = (how: string, more: object = {}) => ({ tools: { sessions: { visibility: how }, ...more } });
const A2A = { agentToAgent: { enabled: true, allow: ["main", "work"] } };

const table: Readonly<Record<string, Case>> = {
  "the main session of an owner sees all of its agent": { sees: [MAIN, GROUP, CHILD, GRANDCHILD] },
  "a group sees itself and what it started, at any depth": { from: GROUP, sees: [GROUP, CHILD, GRANDCHILD] },
  "a child sees what it started, not what started it": { from: CHILD, sees: [CHILD, GRANDCHILD] },
  "a member's main session sees its own tree only": { role: "member", sees: [MAIN] },
  "a guest sees no more, whatever is set": { role: "guest", config: visibility("all", A2A), sees: [MAIN] },
  "self is the session itself": { from: GROUP, config: visibility("self"), sees: [GROUP] },
  "agent is every session of the agent": {
    from: GROUP,
    config: visibility("agent"),
    sees: [MAIN, GROUP, CHILD, GRANDCHILD],
  },
  "all without agentToAgent is the agent's own": { config: visibility("all"), sees: [MAIN, GROUP, CHILD, GRANDCHILD] },
  "all with agentToAgent is everything": {
    from: GROUP,
    config: visibility("all", A2A),
    sees: [MAIN, GROUP, CHILD, GRANDCHILD, WORK],
  },
  "agentToAgent alone opens other agents to the main session": {
    config: { tools: A2A },
    sees: [MAIN, GROUP, CHILD, GRANDCHILD, WORK],
  },
  "and not to others": { from: GROUP, config: { tools: A2A }, sees: [GROUP, CHILD, GRANDCHILD] },
  "agentToAgent must list both sides": {
    config: visibility("all", { agentToAgent: { enabled: true, allow: ["main"] } }),
    sees: [MAIN, GROUP, CHILD, GRANDCHILD],
  },
  "agentToAgent with no list lists nobody": {
    config: visibility("all", { agentToAgent: { enabled: true } }),
    sees: [MAIN, GROUP, CHILD, GRANDCHILD],
  },
  "a sandbox sees its own tree at most": {
    config: { ...visibility("all", A2A), agents: { defaults: { sandbox: { mode: "all" } } } },
    sees: [MAIN],
  },
  "unless it was told otherwise": {
    config: {
      ...visibility("all", A2A),
      agents: { defaults: { sandbox: { mode: "all", sessionToolsVisibility: "all" } } },
    },
    sees: [MAIN, GROUP, CHILD, GRANDCHILD, WORK],
  },
};

describe("what a session sees", () => {
  for (const [title, { from = MAIN, role = "owner", config = {}, sees }] of Object.entries(table))
    it(title, async () => {
      const look = { sessions, config: fakeConfig(config as never) };
      const viewer = { sessionKey: from, agentId: "main", principal: principal(role) };
      const seen = await Promise.all(ALL.map(async (one) => [one.key, await whyHidden(look, viewer, one)] as const));
      assert.deepEqual(
        seen.filter(([, why]) => why === undefined).map(([key]) => key),
        sees,
      );
      assert.deepEqual(
        (await visibleRows(look, viewer, {})).map(({ key }) => key),
        sees,
        "lists show the same",
      );
    });
});

describe("where nothing is sent", () => {
  const denied = (entry: object, sendPolicy: object, key = GROUP) =>
    deniedBy(fakeConfig({ session: { sendPolicy } } as never), row(key, entry));
  const rules = (action: string, match: object) => ({ rules: [{ action, match }] });
  const cases: readonly [string, boolean, boolean][] = [
    ["the session's own word counts first", denied({ sendPolicy: "allow" }, { default: "deny" }), false],
    ["also when it denies", denied({ sendPolicy: "deny" }, {}), true],
    ["a rule for the channel", denied({ channel: "telegram" }, rules("deny", { channel: "telegram" })), true],
    ["of another channel does not count", denied({ channel: "slack" }, rules("deny", { channel: "telegram" })), false],
    ["a rule for a beginning of the key", denied({}, rules("deny", { keyPrefix: "telegram:" })), true],
    [
      "the default where no rule fits",
      denied({}, { default: "deny", ...rules("allow", { keyPrefix: "cron:" }) }),
      true,
    ],
    [
      "an allowing rule beats the default",
      denied({}, { default: "deny", ...rules("allow", { keyPrefix: "telegram:" }) }),
      false,
    ],
  ];
  for (const [title, is, expected] of cases) it(title, () => assert.equal(is, expected));
});
