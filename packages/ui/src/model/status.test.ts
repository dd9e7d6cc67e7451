import assert from "node:assert/strict";
import { test } from "node:test";
import type { AgentEvent } from "openclaw/client";
import { emptyConversation } from "./conversation.ts";
import { onAgent } from "./live.ts";
import { activityOf } from "./status.ts";

test("while another model is asked the line names it, until something else happens", () => {
  const lifecycle = (seq: number, data: Record<string, unknown>): AgentEvent => ({
    runId: "r",
    seq,
    stream: "lifecycle",
    ts: seq,
    data,
  });
  const after = (...events: readonly AgentEvent[]) => {
    const is = events.reduce((conversation, event) => onAgent(conversation, event, 1), emptyConversation("s"));
    const run = is.runs[0];
    assert.ok(run);
    return activityOf(run, is);
  };
  const step = lifecycle(1, { phase: "fallback_step", provider: "openai", model: "gpt" });
  assert.deepEqual(after(step), { kind: "fallback", name: "openai/gpt" });
  assert.deepEqual(after(step, lifecycle(2, { phase: "model", provider: "openai", model: "gpt" })), {
    kind: "thinking",
  });
  assert.deepEqual(after(lifecycle(1, { phase: "login_step", provider: "openai", model: "gpt" })), {
    kind: "thinking",
  });
});
