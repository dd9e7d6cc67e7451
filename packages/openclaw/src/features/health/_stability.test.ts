import { test } from "node:test";
import assert from "node:assert/strict";
import { systemClock } from "../../base/time.ts";
import type { EventBus } from "../../contracts/method.ts";
import { CAPACITY, Stability } from "./_stability.ts";

/** A fake bus that one listener can be fed through. */
function bus() {
  let heard: Parameters<EventBus["subscribe"]>[0] = () => {};
  const events = { subscribe: (listener: typeof heard) => ((heard = listener), () => (heard = () => {})) };
  return {
    events: events as unknown as EventBus,
    say: (event: string, payload: Record<string, unknown>) => heard(event, payload, {}),
  };
}

test("ends of runs are kept without a word of what was said", () => {
  const stability = new Stability(systemClock);
  const { events, say } = bus();
  stability.follow(events);
  say("agent", { stream: "lifecycle", data: { phase: "error", error: "secret words", errorCode: "MODEL_FAILED" } });
  say("agent", { stream: "assistant", data: { text: "secret words" } });
  say("sessions.changed", { reason: "patch", label: "secret words" });
  const report = stability.report({});
  assert.deepEqual(
    report.events.map(({ seq, type, ["code"]: code }) => ({ seq, type, code })),
    [{ seq: 1, type: "run.error", code: "MODEL_FAILED" }],
  );
  assert.doesNotMatch(JSON.stringify(report), /secret/);
});

test("the ring forgets the oldest and says how many", () => {
  const stability = new Stability(systemClock);
  for (let n = 0; n < CAPACITY + 5; n += 1) stability.note("x");
  const { count, dropped, firstSeq, lastSeq } = stability.report({});
  assert.deepEqual(
    { count, dropped, firstSeq, lastSeq },
    { count: CAPACITY, dropped: 5, firstSeq: 6, lastSeq: CAPACITY + 5 },
  );
});

test("a report holds the newest of what was asked for", () => {
  const stability = new Stability(systemClock);
  for (const type of ["a", "b", "a", "a"]) stability.note(type);
  assert.deepEqual(
    stability.report({ type: "a", limit: 2 }).events.map(({ seq }) => seq),
    [3, 4],
  );
  assert.deepEqual(
    stability.report({ sinceSeq: 3 }).events.map(({ seq }) => seq),
    [4],
  );
});
