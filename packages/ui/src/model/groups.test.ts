import assert from "node:assert/strict";
import { test } from "node:test";
import type { SessionRow } from "openclaw/client";
import { groupSessions } from "./groups.ts";

const NOW = new Date(2026, 4, 20, 12).getTime();
const row = (key: string, more: Partial<SessionRow>): SessionRow => ({
  key,
  kind: "direct",
  agentId: "main",
  updatedAt: NOW,
  modelProvider: "",
  model: "",
  hasActiveRun: false,
  ...more,
});

test("conversations of this page stand by recency, those of other channels by channel, the main one first", () => {
  const groups = groupSessions(
    [
      row("new", { channel: "webchat" }),
      row("telegram", { channel: "telegram" }),
      row("old", { updatedAt: NOW - 3 * 86_400_000 }),
      row("main", { isMain: true, channel: "telegram", updatedAt: 0 }),
    ],
    NOW,
  );
  assert.deepEqual(
    groups.map((group) => [group.title, group.rows.map((one) => one.key)]),
    [
      ["Today", ["main", "new"]],
      ["Last 7 days", ["old"]],
      ["Telegram", ["telegram"]],
    ],
  );
});
