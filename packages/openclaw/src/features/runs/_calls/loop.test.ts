import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import type { ToolResultMessage } from "../../../contracts/message.ts";
import { LoopGuard } from "./loop.ts";
import type { LoopSettings } from "./loop.ts";

const settings: LoopSettings = {
  enabled: true,
  historySize: 30,
  warningThreshold: 3,
  criticalThreshold: 5,
  globalCircuitBreakerThreshold: 7,
  detectors: { genericRepeat: true, knownPollNoProgress: true, pingPong: true },
};
const result = (text: string): ToolResultMessage => ({
  role: "toolResult",
  toolCallId: "c",
  toolName: "t",
  content: [{ type: "text", text }],
  isError: false,
  timestamp: 0,
});

type Step = readonly [tool: string, args: object, text: string];

/** What each step came to: `go`, `note`, `refuse` or `stop`. */
function walk(steps: readonly Step[], over: Partial<LoopSettings> = {}): string[] {
  const guard = new LoopGuard({ ...settings, ...over });
  return steps.map(([tool, args, text]) => {
    const verdict = guard.before(tool, args);
    if (verdict !== "go") return verdict;
    return guard.after(tool, args, result(text)) === undefined ? "go" : "note";
  });
}
const times = (count: number, step: Step) => Array.from({ length: count }, () => step);

test("the same call with the same outcome is noted, then refused, then ends the run", () => {
  const step: Step = ["read", { path: "a" }, "same"];
  assert.deepEqual(walk(times(8, step)), ["go", "go", "note", "note", "note", "refuse", "stop", "stop"]);
});

test("a call whose outcome changes is no loop, and neither is work on many things", () => {
  assert.ok(
    walk(Array.from({ length: 20 }, (_, n): Step => ["read", { path: "a" }, `line ${n}x`])).every((v) => v === "go"),
  );
  assert.ok(
    walk(Array.from({ length: 20 }, (_, n): Step => ["read", { path: `f${n}` }, "same"])).every((v) => v === "go"),
  );
});

test("times, pids and the order of arguments make no difference", () => {
  const steps: Step[] = [
    ["exec", { a: 1, b: 2 }, "took 12 ms, pid 17"],
    ["exec", { b: 2, a: 1 }, "took 3.5 s, pid 99"],
    ["exec", { a: 1, b: 2 }, "took 1 ms, pid 3"],
  ];
  assert.deepEqual(walk(steps), ["go", "go", "note"]);
});

test("two calls in turn without news are a loop", () => {
  const a: Step = ["read", { path: "a" }, "A"];
  const b: Step = ["exec", { command: "b" }, "B"];
  const steps = Array.from({ length: 12 }, (_, n) => (n % 2 === 0 ? a : b));
  const only = { detectors: { genericRepeat: false, knownPollNoProgress: false, pingPong: true } };
  assert.ok(walk(steps, only).includes("note"));
  assert.ok(!walk(steps, { detectors: { ...only.detectors, pingPong: false } }).includes("note"));
});

test("asking for a state that does not change has a switch of its own", () => {
  const steps = times(4, ["process", { action: "poll" }, "(nothing new)"]);
  assert.ok(walk(steps).includes("note"));
  assert.ok(
    !walk(steps, { detectors: { genericRepeat: true, knownPollNoProgress: false, pingPong: false } }).includes("note"),
  );
});

test("a guard that is off lets everything through", () => {
  assert.ok(walk(times(50, ["read", {}, "same"]), { enabled: false }).every((verdict) => verdict === "go"));
});

test("whatever is called, nothing is refused before it was noted", () => {
  const step = fc.tuple(
    fc.constantFrom("read", "exec", "process"),
    fc.record({ n: fc.nat(2) }),
    fc.constantFrom("x", "y"),
  );
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const verdicts = walk(steps as Step[]);
      const refused = verdicts.findIndex((verdict) => verdict === "refuse" || verdict === "stop");
      assert.ok(refused === -1 || verdicts.slice(0, refused).includes("note"));
    }),
  );
});
