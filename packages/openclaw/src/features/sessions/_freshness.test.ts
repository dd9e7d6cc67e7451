import { test } from "node:test";
import assert from "node:assert/strict";
import { staleReason } from "./_freshness.ts";

const at = (text: string): number => new Date(text).getTime(); // local time on purpose: the reset hour is local
const entry = (started: string, touched = started) => ({
  sessionId: "s",
  updatedAt: at(touched),
  sessionStartedAt: at(started),
  lastInteractionAt: at(touched),
});
const base = { scope: "per-sender", dmScope: "main", identityLinks: {}, mainKey: "main", resetTriggers: [] } as const;
const ask = (started: string, now: string, touched = started) =>
  ({ entry: entry(started, touched), kind: "direct", channel: undefined, now: at(now) }) as const;
type Config = Parameters<typeof staleReason>[0];

const table: readonly [string, Config, ReturnType<typeof ask>, ReturnType<typeof staleReason>][] = [
  [
    "a session of yesterday evening is stale after 04:00",
    base as unknown as Config,
    ask("2026-03-01T22:00", "2026-03-02T04:00"),
    "daily",
  ],
  [
    "a session of yesterday evening is fresh at 03:59",
    base as unknown as Config,
    ask("2026-03-01T22:00", "2026-03-02T03:59"),
    undefined,
  ],
  [
    "a session of this morning is fresh",
    base as unknown as Config,
    ask("2026-03-02T08:00", "2026-03-02T23:00"),
    undefined,
  ],
  [
    "idle only: a pause within the limit keeps it",
    { ...base, reset: { mode: "idle", idleMinutes: 30 } } as unknown as Config,
    ask("2026-03-01T08:00", "2026-03-02T08:29", "2026-03-02T08:00"),
    undefined,
  ],
  [
    "idle only: a longer pause ends it",
    { ...base, reset: { mode: "idle", idleMinutes: 30 } } as unknown as Config,
    ask("2026-03-01T08:00", "2026-03-02T08:31", "2026-03-02T08:00"),
    "idle",
  ],
  [
    "daily and idle: whichever comes first",
    { ...base, reset: { idleMinutes: 30 } } as unknown as Config,
    ask("2026-03-02T08:00", "2026-03-02T09:00"),
    "idle",
  ],
  [
    "the legacy idleMinutes alone means idle only",
    { ...base, idleMinutes: 600 } as unknown as Config,
    ask("2026-03-01T22:00", "2026-03-02T05:00"),
    undefined,
  ],
  [
    "a rule for direct chats stands before the general one",
    {
      ...base,
      reset: { mode: "daily" },
      resetByType: { dm: { mode: "idle", idleMinutes: 6000 } },
    } as unknown as Config,
    ask("2026-03-01T22:00", "2026-03-02T05:00"),
    undefined,
  ],
];
for (const [title, config, question, reason] of table)
  test(title, () => assert.equal(staleReason(config, question), reason));
