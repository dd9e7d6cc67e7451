import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { axisOf, barOf, stepsOf, totalsOf } from "./timeline.ts";
import type { Fact } from "./timeline.ts";

let count = 0;
const fact = (kind: string, ts: number, data: Fact["data"] = {}): Fact => ({
  id: (count += 1),
  ts,
  kind,
  runId: "r",
  data,
});
const told = (...events: Fact[]) => ({ run: { runId: "r" }, events });
const usage = { input: 10, output: 5, cacheRead: 90, cacheWrite: 0, cost: { total: 0.25 } };

test("steps take the time that they took, and a wait is a step of its own", () => {
  const steps = stepsOf(
    told(
      fact("message", 1000),
      fact("start", 1500, { attempt: 1, waitedMs: 400 }),
      fact("prompt", 2500),
      fact("model", 2500, { ms: 900, firstMs: 300, usage }),
      fact("end", 2600, { status: "ok" }),
    ),
  );
  assert.deepEqual(
    steps.map(({ kind, from, to, first }) => [kind, from, to, first]),
    [
      ["message", 1000, 1000, undefined],
      ["wait", 1100, 1500, undefined],
      ["start", 1500, 1500, undefined],
      ["prompt", 1600, 1600, undefined],
      ["model", 1600, 2500, 1900],
      ["end", 2600, 2600, undefined],
    ],
  );
});

test("a run that was taken up again waited for nobody, and a short wait is none", () => {
  const kinds = (data: Fact["data"]) => stepsOf(told(fact("start", 9000, data))).map(({ kind }) => kind);
  assert.deepEqual(kinds({ attempt: 2, waitedMs: 8000 }), ["start"]);
  assert.deepEqual(kinds({ attempt: 1, waitedMs: 3 }), ["start"]);
});

test("answers are counted without the calls that failed", () => {
  const steps = stepsOf(told(fact("model", 1, { failure: { class: "x" } }), fact("model", 2), fact("model", 3)));
  assert.deepEqual(
    steps.map(({ tone, place }) => [tone, place]),
    [
      ["bad", undefined],
      ["plain", { kind: "answer", nth: 0 }],
      ["plain", { kind: "answer", nth: 1 }],
    ],
  );
});

test("tokens and cost add up; without a price there is none", () => {
  const all = [fact("model", 1, { usage }), fact("tool", 2), fact("model", 3, { usage })];
  assert.deepEqual(totalsOf(all), { calls: 2, tools: 1, input: 200, output: 10, cost: 0.5 });
  assert.equal(totalsOf([fact("model", 1, { usage: { input: 1 } })]).cost, undefined);
});

test("bars stay on the axis and can be seen, whatever the facts say", () => {
  const facts = fc.array(
    fc.record({
      kind: fc.constantFrom("message", "model", "tool", "start", "prompt", "delivery", "strange"),
      ts: fc.integer({ min: 0, max: 1e13 }),
      ms: fc.option(fc.integer({ min: 0, max: 1e9 }), { nil: undefined }),
      firstMs: fc.option(fc.integer({ min: 0, max: 1e9 }), { nil: undefined }),
    }),
    { minLength: 1, maxLength: 20 },
  );
  fc.assert(
    fc.property(facts, (list) => {
      const steps = stepsOf(told(...list.map(({ kind, ts, ...data }) => fact(kind, ts, data))));
      const axis = axisOf(steps);
      for (const step of steps) {
        const { left, width, lead } = barOf(step, axis);
        assert.ok(left >= -1e-6 && left + width <= 100 + 1e-6 && width > 0 && lead >= 0 && lead <= 100);
      }
    }),
    { numRuns: 300 },
  );
});
