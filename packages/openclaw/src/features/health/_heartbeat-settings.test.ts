import { test } from "node:test";
import assert from "node:assert/strict";
import type { Agent } from "../agents/index.ts";
import type { ConfigSnapshot } from "../config/index.ts";
import { heartbeatOf } from "./_heartbeat-settings.ts";

const config = (defaults: unknown, list?: unknown[]) =>
  ({
    at: (path: string) => (path === "agents" ? { list } : path === "agents.defaults.heartbeat" ? defaults : undefined),
  }) as unknown as ConfigSnapshot;
const agent = (id: string, isDefault: boolean) => ({ id, isDefault }) as Agent;

const table: readonly [string, ConfigSnapshot, Agent, boolean, { enabled: boolean; every: string }][] = [
  ["the default agent beats every half hour", config({}), agent("main", true), true, { enabled: true, every: "30m" }],
  ["others do not", config({}), agent("work", false), true, { enabled: false, every: "disabled" }],
  ["a bare number is minutes", config({ every: "90" }), agent("main", true), true, { enabled: true, every: "90m" }],
  ["an hour is shown as one", config({ every: "60m" }), agent("main", true), true, { enabled: true, every: "1h" }],
  ["0m is none", config({ every: "0m" }), agent("main", true), true, { enabled: false, every: "disabled" }],
  ["switched off is off", config({}), agent("main", true), false, { enabled: false, every: "disabled" }],
  [
    "an agent with a block of its own is the only one",
    config({ every: "1h" }, [{ id: "main" }, { id: "work", heartbeat: { every: "15m" } }]),
    agent("main", true),
    true,
    { enabled: false, every: "disabled" },
  ],
  [
    "its block stands over the defaults",
    config({ every: "1h" }, [{ id: "main" }, { id: "work", heartbeat: { every: "15m" } }]),
    agent("work", false),
    true,
    { enabled: true, every: "15m" },
  ],
];
for (const [title, given, who, on, expected] of table)
  test(title, () => {
    const { enabled, every } = heartbeatOf(given, who, on);
    assert.deepEqual({ enabled, every }, expected);
  });
