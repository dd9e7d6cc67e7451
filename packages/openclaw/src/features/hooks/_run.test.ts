import assert from "node:assert/strict";
import { test } from "node:test";
import { Fault } from "../../base/errors.ts";
import { systemRandom } from "../../base/ids.ts";
import type { ConfigSnapshot } from "../../contracts/config.ts";
import type { NewTurn } from "../../store/index.ts";
import { agentAction } from "./_action.ts";
import { start, type StartDeps } from "./_run.ts";

const main = { id: "main", isDefault: true };
const config = { section: () => ({ mainKey: "main" }) } as unknown as ConfigSnapshot;
const log = { warn: () => {}, for: () => log } as never;

/** Everything around a start, FAKE: what is submitted is kept, and nothing goes wrong unless `over` says so. */
function world(over: Partial<Record<keyof StartDeps, unknown>> = {}) {
  const submitted: NewTurn[] = [];
  const announced: string[] = [];
  const deps = {
    platform: {
      clock: {
        now: () => 0,
        monotonic: () => 0,
        timer: (_: number, fire: () => void) => (setImmediate(fire), () => {}),
      },
      random: systemRandom,
      log,
    },
    agents: { default: () => main, get: (id: string) => (id === "main" ? main : undefined) },
    sessions: { get: async () => undefined, ensure: async () => ({}) },
    lanes: { submit: async (turn: NewTurn) => void submitted.push(turn) },
    channels: { known: [], defaultAccount: () => undefined },
    models: { resolve: async () => ({}) },
    turns: { get: async () => undefined },
    reports: { open: 0, announce: async (id: string) => void announced.push(id), follow: async () => {} },
    ...over,
  } as unknown as StartDeps;
  const run = (key?: string) => start(deps, agentAction({ message: "do it", name: "CI" }), { config, key });
  return { run, submitted, announced };
}

async function refusal(work: Promise<unknown>) {
  const error = await work.catch((caught: unknown) => caught);
  assert.ok(error instanceof Fault, String(error));
  return error;
}

test("a run acts as the hook, which is nobody's owner, and its report is written down first", async () => {
  const { run, submitted, announced } = world();
  const runId = await run();
  assert.deepEqual(announced, [runId]);
  const [turn] = submitted;
  assert.deepEqual([turn?.id, turn?.sessionKey, turn?.replyTo], [runId, `agent:main:hook:${runId}`, undefined]);
  assert.deepEqual(turn?.principal, { kind: "hook", id: "ci", role: "member", scopes: [] });
});

test("a run that is not queued in time is given up with its id, so that the sender can ask again", async () => {
  const { run } = world({ lanes: { submit: () => new Promise(() => {}) } });
  const error = await refusal(run("k"));
  assert.deepEqual([error.status, error.code, error.retryable], [503, "HOOK_NOT_ADMITTED", true]);
  assert.match(String(error.details?.["runId"]), /^[0-9a-f-]{36}$/);
});

test("what goes wrong in preparing tells nothing of the inside", async () => {
  const { run } = world({ sessions: { get: async () => undefined, ensure: () => Promise.reject(new Error("inner")) } });
  const error = await refusal(run());
  assert.deepEqual([error.status, error.code], [502, "HOOK_PREPARATION"]);
  assert.doesNotMatch(error.message, /inner/);
});

test("too many open runs turn new ones away, and a known key is answered all the same", async () => {
  const reports = { open: 200, announce: async () => {}, follow: async () => {} };
  const full = await refusal(world({ reports }).run());
  assert.deepEqual([full.status, full.retryAfterMs], [503, 5000]);
  const known = world({ reports, turns: { get: async () => ({ createdAt: 0 }) } });
  assert.match(await known.run("k"), /^[0-9a-f-]{36}$/);
  assert.deepEqual(known.submitted, []);
});
