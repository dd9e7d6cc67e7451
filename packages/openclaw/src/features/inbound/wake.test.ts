import { test } from "node:test";
import assert from "node:assert/strict";
import { systemRandom } from "../../base/ids.ts";
import { systemClock } from "../../base/time.ts";
import { SYSTEM } from "../../contracts/principal.ts";
import type { Role } from "../../contracts/principal.ts";
import type { NewTurn, TurnRow } from "../../store/index.ts";
import { wake } from "./wake.ts";

const key = "agent:main:main";
const by = (role: Role) => ({ ...SYSTEM, role });

/** A fake pipeline that keeps what is submitted. */
function world(authors: readonly Role[], open: readonly Partial<TurnRow>[] = [], entry: Record<string, unknown> = {}) {
  const turns: NewTurn[] = [];
  const deps = {
    platform: { clock: systemClock, random: systemRandom },
    agents: { default: () => ({ id: "main" }) },
    systemEvents: { waiting: async () => authors.map((role, i) => ({ id: `${i}`, text: "t", at: 1, by: by(role) })) },
    store: { turns: { open: async () => open } },
    sessions: { ensure: async () => ({ key, agentId: "main", entry: { sessionId: "s", updatedAt: 1, ...entry } }) },
    outbound: { known: (channel: string) => (channel === "telegram" ? {} : undefined) },
    lanes: { submit: async (turn: NewTurn) => void turns.push(turn) },
  } as unknown as Parameters<typeof wake>[0];
  return { deps, turns };
}

test("a wake-up without anything to tell starts nothing", async () => {
  const { deps, turns } = world([]);
  await wake(deps, key, "test");
  assert.deepEqual(turns, []);
});

test("each authority among the authors gets one turn, the highest first", async () => {
  const { deps, turns } = world(["guest", "owner", "guest"]);
  await wake(deps, key, "test");
  assert.deepEqual(
    turns.map(({ principal }) => principal.role),
    ["owner", "guest"],
  );
});

test("a wake-up that is queued already is not repeated, one under way is followed by another", async () => {
  const queued = world(["owner"], [{ state: "queued", options: { wake: "before" }, principal: by("owner") }]);
  await wake(queued.deps, key, "test");
  assert.equal(queued.turns.length, 0);
  const running = world(["owner"], [{ state: "running", options: { wake: "before" }, principal: by("owner") }]);
  await wake(running.deps, key, "test");
  assert.equal(running.turns.length, 1);
});

test("the answer goes where the session was last talked to", async () => {
  const { deps, turns } = world(["owner"], [], { lastChannel: "telegram", lastTo: "42", chatType: "group" });
  await wake(deps, key, "test");
  assert.deepEqual(turns[0]?.replyTo?.address, { channel: "telegram", account: "default", kind: "group", chat: "42" });
});

test("the answer stays in the web chat when the network is not configured any more", async () => {
  const { deps, turns } = world(["owner"], [], { lastChannel: "gone", lastTo: "42" });
  await wake(deps, key, "test");
  assert.equal(turns[0]?.replyTo?.address.channel, "webchat");
});
