import assert from "node:assert/strict";
import { test } from "node:test";
import type { WireMessage } from "openclaw/client";
import { toEntry } from "./entries.ts";
import { storedRows } from "./rows.ts";

let count = 0;
const entry = (message: Partial<WireMessage>) => {
  count += 1;
  return toEntry({ role: "assistant", content: [], timestamp: count, ...message, __openclaw: { id: `e${count}` } }, 0);
};
const call = (id: string) =>
  entry({ content: [{ type: "toolCall", id, name: "exec", arguments: { command: "date" } }] });
const result = (toolCallId: string, text: string, more: Partial<WireMessage> = {}) =>
  entry({ role: "toolResult", toolCallId, toolName: "exec", content: [{ type: "text", text }], ...more });

test("a call id that comes again belongs to the newest call before its result", () => {
  const rows = storedRows([call("c1"), result("c1", "one"), call("c1"), result("c1", "two")], new Map(), []);
  assert.deepEqual(
    rows.map((row) => row.kind === "tool" && row.tool.output),
    ["one", "two"],
  );
  assert.equal(new Set(rows.map((row) => row.key)).size, 2);
});

test("unchanged messages keep their rows", () => {
  const entries = [entry({ role: "user", content: "hi" }), call("c2")];
  const before = storedRows(entries, new Map(), []);
  const after = storedRows([...entries, result("c2", "done")], new Map(), []);
  assert.equal(after[0], before[0]);
  assert.notEqual(after[1], before[1]);
});

test("failures, stops and durations of tools are shown", () => {
  const rows = storedRows(
    [
      call("c3"),
      result("c3", "no", { isError: true, details: { durationMs: 1500 } }),
      entry({ content: [{ type: "text", text: "half" }], stopReason: "aborted" }),
      entry({ stopReason: "error", errorMessage: "The model is gone." }),
    ],
    new Map(),
    [],
  );
  assert.deepEqual(
    rows.map((row) =>
      row.kind === "tool"
        ? [row.tool.status, row.tool.durationMs]
        : row.kind === "text"
          ? [row.text, row.stopped]
          : [row.kind, "text" in row && row.text],
    ),
    [
      ["failed", 1500],
      ["half", true],
      ["failure", "The model is gone."],
    ],
  );
});
