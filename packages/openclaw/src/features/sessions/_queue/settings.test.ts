import { test } from "node:test";
import assert from "node:assert/strict";
import { DEFAULTS, parseMode, queueSettings } from "./settings.ts";

test("the session goes before its channel, the channel before the general settings", () => {
  const config = {
    mode: "followup",
    debounceMs: 5,
    cap: 3,
    drop: "old",
    byChannel: { sim: "steer+backlog" },
    debounceMsByChannel: { sim: 0 },
  };
  assert.deepEqual(queueSettings(undefined, undefined), DEFAULTS);
  assert.deepEqual(queueSettings(config, "other"), { mode: "followup", debounceMs: 5, cap: 3, drop: "old" });
  assert.deepEqual(queueSettings(config, "sim"), { mode: "steer-backlog", debounceMs: 0, cap: 3, drop: "old" });
  const entry = { queueMode: "interrupt", queueDebounceMs: 7, queueCap: 9, queueDrop: "new" };
  assert.deepEqual(queueSettings(config, "sim", entry), { mode: "interrupt", debounceMs: 7, cap: 9, drop: "new" });
});

test("what makes no sense counts as not said", () => {
  const entry = { queueMode: "whatever", queueDebounceMs: -1, queueCap: 0, queueDrop: "all" };
  assert.deepEqual(queueSettings({ cap: 0.5, mode: "" }, "sim", entry), DEFAULTS);
});

test("modes are read in any spelling that is documented", () => {
  for (const [text, mode] of [
    ["steer+backlog", "steer-backlog"],
    ["Steer-Backlog", "steer-backlog"],
    [" collect ", "collect"],
    ["queue", "queue"],
    ["fast", undefined],
    [undefined, undefined],
  ] as const)
    assert.equal(parseMode(text), mode);
});
