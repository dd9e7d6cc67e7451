import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { Fault } from "../base/errors.ts";
import type { Endpoint, FailureClass, ModelFailure } from "../contracts/model.ts";
import { Chain } from "./_chain.ts";
import type { Pursuit, Wait } from "./_chain.ts";
import { attemptsText } from "./_failover.ts";
import type { Attempt } from "./_failover.ts";

interface World {
  /** By login, in the order of the calls: a failure, or an answer. */
  readonly calls: Readonly<Record<string, readonly (FailureClass | "ok" | Partial<ModelFailure>)[]>>;
  /** Logins of each model, best first. */
  readonly logins: readonly (readonly string[])[];
  /** Models that pause. */
  readonly pausing?: readonly string[];
  /** Models without a key. */
  readonly keyless?: readonly string[];
  readonly longestWaitMs?: number;
}

const fault = (code: string, message: string, retryAfterMs?: number) =>
  new Fault({
    code,
    message,
    remedy: "",
    status: 503,
    rpc: "UNAVAILABLE",
    retryable: true,
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
  });

/** A chain over models `m0`, `m1`, … whose logins answer as they are told. Fakes. */
function chainOf(world: World) {
  const calls: string[] = [];
  const waits: Wait[] = [];
  const passed: Attempt[] = [];
  const reported: string[] = [];
  const left = new Map(Object.entries(world.calls).map(([login, replies]) => [login, [...replies]]));
  const endpoint = (model: number, login: string) =>
    ({ provider: "p", model: { id: `m${model}` }, login: { id: login, kind: "api_key", agentId: "main" } }) as Endpoint;
  const next = (from: Endpoint): Endpoint | undefined => {
    const at = Number(from.model.id.slice(1));
    const logins = world.logins[at] ?? [];
    const other = logins[logins.indexOf(from.login?.id ?? "") + 1];
    return other === undefined ? undefined : endpoint(at, other);
  };
  const models = {
    after: async (from: Endpoint, failure: ModelFailure) => {
      reported.push(`${from.login?.id} ${failure.class}`);
      return next(from);
    },
    worked: ({ login }: Endpoint) => void reported.push(`${login?.id} worked`),
  };
  const candidates = world.logins.map((logins, at) => ({
    ref: `p/m${at}`,
    open: async (despite = false) => {
      if (world.keyless?.includes(`m${at}`))
        throw fault("MODEL_KEY_MISSING", `No API key found for provider "p${at}".`);
      if (world.pausing?.includes(`m${at}`) && !despite) throw fault("PROFILES_UNAVAILABLE", "all pause", 9000);
      return endpoint(at, logins[0] ?? "");
    },
  }));
  const pursuit: Pursuit<string> = {
    clock: { now: () => 1000, monotonic: () => 0, sleep: async () => {} },
    signal: new AbortController().signal,
    longestWaitMs: world.longestWaitMs ?? 60_000,
    leftMs: () => Number.POSITIVE_INFINITY,
    async ask({ login }) {
      const id = login?.id ?? "";
      calls.push(id);
      const reply = left.get(id)?.shift() ?? "ok";
      if (reply === "ok") return { value: id };
      const failure = typeof reply === "string" ? { class: reply } : reply;
      return { failure: { class: "unknown", message: `${id} failed`, ...failure } };
    },
    waits: (wait) => waits.push(wait),
    passed: (attempt) => passed.push(attempt),
  };
  const chain = new Chain(models, candidates, { at: () => undefined } as never);
  return { chain, pursuit, calls, waits, passed, reported };
}

test("the other logins of a provider come before another model", async () => {
  const { chain, pursuit, calls, reported } = chainOf({
    logins: [["a", "b"], ["c"]],
    calls: { a: ["auth"], b: ["auth"] },
  });
  const found = await chain.answer(pursuit);
  assert.deepEqual(calls, ["a", "b", "c"]);
  assert.ok("value" in found && found.value === "c");
  assert.deepEqual(reported, ["a auth", "b auth", "c worked"]);
});

test("a hiccup of the server is not the login's fault before it happens twice", async () => {
  const { chain, pursuit, calls, reported } = chainOf({ logins: [["a", "b"], ["c"]], calls: { a: ["timeout"] } });
  await chain.answer(pursuit);
  assert.deepEqual([calls, reported], [["a", "a"], ["a worked"]]);
});

test("a model whose logins all pause is not asked while another one answers, and a key that is missing is told", async () => {
  const { chain, pursuit, calls, passed } = chainOf({
    logins: [["a"], ["b"], ["c"]],
    calls: {},
    pausing: ["m0"],
    keyless: ["m1"],
  });
  await chain.open(pursuit.clock, () => new Error("none"));
  const found = await chain.answer(pursuit);
  assert.deepEqual(calls, ["c"]);
  assert.deepEqual(
    passed.map(({ reason }) => reason),
    ["cooldown", "auth"],
  );
  assert.equal(chain.reason?.reason, "cooldown");
  assert.ok("value" in found && attemptsText(found.attempts).includes('No API key found for provider "p1"'));
});

test("it is asked when nobody else is left", async () => {
  const { chain, pursuit, calls } = chainOf({ logins: [["a"], ["b"]], calls: { b: ["auth"] }, pausing: ["m0"] });
  await chain.open(pursuit.clock, () => new Error("none"));
  await chain.answer(pursuit);
  assert.deepEqual(calls, ["b", "a"]);
  const alone = chainOf({ logins: [["a"]], calls: {}, pausing: ["m0"] });
  assert.equal((await alone.chain.open(pursuit.clock, () => new Error("none"))).login?.id, "a");
});

test("when all fail, the end of the pauses is known", async () => {
  const { chain, pursuit } = chainOf({
    logins: [["a"], ["b"]],
    calls: { a: ["auth"], b: ["auth"] },
    pausing: ["m0"],
  });
  const found = await chain.answer(pursuit);
  assert.equal(found.attempts.find(({ model }) => model === "m0")?.until, 10_000);
});

test("who failed is not asked again by the same chain", async () => {
  const { chain, pursuit, calls } = chainOf({ logins: [["a"], ["b"]], calls: { a: ["model_not_found"] } });
  await chain.answer(pursuit);
  await chain.answer(pursuit);
  assert.deepEqual(calls, ["a", "b", "b"]);
  assert.equal(chain.current?.login?.id, "b");
});

test("a refusal of the long window does not cost a login", async () => {
  const message = "HTTP 429: rate_limit_error: Extra usage is required for long context requests";
  const { chain, pursuit, reported } = chainOf({
    logins: [["a", "b"], ["c"]],
    calls: { a: [{ class: "rate_limit", message }] },
  });
  await chain.answer(pursuit);
  assert.deepEqual(reported, ["c worked"]);
});

test("a provider that asks for a minute is waited for, one that asks for an hour is not", async () => {
  for (const [retryAfterMs, calls] of [
    [60_000, ["a", "a"]],
    [3_600_000, ["a"]],
  ] as const) {
    const it = chainOf({ logins: [["a"]], calls: { a: [{ class: "rate_limit", retryAfterMs }] } });
    await it.chain.answer(it.pursuit);
    assert.deepEqual(it.calls, calls);
  }
});

test("no provider makes a turn ask without bound, or wait without bound, whatever it answers", async () => {
  const kinds: readonly FailureClass[] = [
    "rate_limit",
    "overloaded",
    "timeout",
    "server_error",
    "auth",
    "auth_permanent",
    "billing",
    "format",
    "model_not_found",
    "context_overflow",
    "image_too_large",
    "unknown",
  ];
  const failure = fc.record({
    class: fc.constantFrom(...kinds),
    code: fc.constantFrom(undefined, "idle", "empty", "incomplete", "owner_only"),
    retryAfterMs: fc.constantFrom(undefined, 0, 1, 500, 30_000, 9_999_999_999_000),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(failure, { minLength: 1, maxLength: 6 }), fc.boolean(), async (failures, alone) => {
      const logins = alone ? [["a"]] : [["a", "b"], ["c"], ["d", "e", "f"]];
      const endless = Array.from({ length: 2000 }, (_, at) => failures[at % failures.length] as Partial<ModelFailure>);
      const { chain, calls, waits, pursuit } = chainOf({
        logins,
        calls: Object.fromEntries(logins.flat().map((login) => [login, endless])),
      });
      const found = await chain.answer(pursuit);
      assert.ok("failure" in found);
      // Each login at most four times at first, and each model once in each of six rounds.
      assert.ok(calls.length <= logins.flat().length * 4 + logins.length * 6, String(calls.length));
      assert.ok(waits.every(({ ms }) => ms <= 60_000) && waits.length <= 6 + logins.flat().length * 4);
    }),
    { numRuns: 200 },
  );
});
