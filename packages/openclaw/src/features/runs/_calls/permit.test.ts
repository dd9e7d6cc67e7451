import assert from "node:assert/strict";
import { test } from "node:test";
import type { Tool } from "../../../contracts/tool.ts";
import type { ActContext, PolicyService, Verdict } from "../../policy/index.ts";
import { Deadline } from "../_deadline.ts";
import { permit, type Consent, type Question } from "./permit.ts";

const tool = { name: "exec", effect: "exec" } as Tool;
const call = { type: "toolCall" as const, id: "c", name: "exec", arguments: {} };
const act = { agentId: "main", sessionKey: "s", runId: "r" } as ActContext;
const ASK: Verdict = { verdict: "ask", rule: "exec-needs-approval", card: { title: "t", detail: "d" } };
const ALLOW: Verdict = { verdict: "allow", rule: "exec-allowlisted" };
const DENY: Verdict = { verdict: "deny", rule: "x", reason: "not today." };

/** A FAKE world: verdicts and looks in order, the last one repeated. */
function world(verdicts: readonly Verdict[], looks: readonly string[] = ["ls"]) {
  const asked: Question[] = [];
  const listed: string[] = [];
  let judged = 0;
  let looked = 0;
  const policy = {
    refresh: async () => {},
    judge: () => verdicts[Math.min(judged++, verdicts.length - 1)],
  } as unknown as PolicyService;
  const consent: Consent = {
    ask: async (question) => void asked.push(question),
    listed: ({ target }) => void listed.push(target),
  };
  const look = () => {
    const target = looks[Math.min(looked++, looks.length - 1)] ?? "";
    return { target, exact: { argv: [target] } };
  };
  return { asked, listed, parts: { policy, act, consent }, what: { call, tool, look } };
}

test("what the gate allows is done without a question, and its use is noted", async () => {
  const { asked, listed, parts, what } = world([ALLOW]);
  await permit(parts, what);
  assert.deepEqual([asked.length, listed], [0, ["ls"]]);
});

test("what was agreed to is done as it was shown", async () => {
  const { asked, parts, what } = world([ASK]);
  await permit(parts, what);
  assert.equal(asked.length, 1);
});

test("what changed while somebody was asked is asked about anew", async () => {
  const { asked, parts, what } = world([ASK], ["ls", "rm"]);
  await permit(parts, what);
  assert.deepEqual(
    asked.map(({ preview }) => preview.target),
    ["ls", "rm"],
  );
});

test("what keeps changing is not done", async () => {
  const { asked, parts, what } = world([ASK], ["a", "b", "c", "d", "e", "f"]);
  await assert.rejects(permit(parts, what), { code: "APPROVAL_UNSTEADY" });
  assert.ok(asked.length <= 4);
});

test("a rule that came while somebody was asked beats the answer", async () => {
  const { parts, what } = world([ASK, DENY]);
  await assert.rejects(permit(parts, what), /not today/);
});

test("a refusal is a refusal", async () => {
  const { parts, what } = world([ASK]);
  const consent: Consent = { ...parts.consent, ask: () => Promise.reject(new Error("denied")) };
  await assert.rejects(permit({ ...parts, consent }, what), /denied/);
});

test("where nobody can be asked it is denied in the words that clients know", async () => {
  const { parts, what } = world([ASK]);
  const { policy, act: same } = parts;
  await assert.rejects(permit({ policy, act: same }, what), {
    message: "exec denied: Headless runs cannot wait for interactive exec approval.",
  });
});

test("the time of a run stands still while it waits, however many hold it", () => {
  let now = 0;
  const timers = new Map<object, { at: number; fire: () => void }>();
  const clock = {
    now: () => now,
    monotonic: () => now,
    sleep: () => Promise.reject(new Error("not here")),
    timer(ms: number, fire: () => void) {
      const key = {};
      timers.set(key, { at: now + ms, fire });
      return () => void timers.delete(key);
    },
  };
  const advance = (ms: number) => {
    now += ms;
    for (const [key, { at, fire }] of timers) {
      if (at > now) continue;
      timers.delete(key);
      fire();
    }
  };
  const deadline = new Deadline(clock, 100, () => new Error("late"));
  advance(40);
  const first = deadline.pause();
  const second = deadline.pause();
  advance(1000);
  first();
  first();
  advance(1000);
  assert.equal(deadline.signal.aborted, false);
  second();
  advance(59);
  assert.equal(deadline.signal.aborted, false);
  advance(1);
  assert.equal(deadline.signal.aborted, true);
});
