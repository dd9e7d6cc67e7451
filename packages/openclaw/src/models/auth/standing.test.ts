import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import type { FailureClass, ModelFailure } from "../../contracts/model.ts";
import { afterFailure, afterSuccess, anchored, concernsLogin, merged, moved, pauseOf } from "./standing.ts";
import type { Moment, PauseRules, Standing } from "./standing.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const RULES: PauseRules = {
  billingMs: 5 * HOUR,
  billingMaxMs: DAY,
  authPermanentMs: 10 * MINUTE,
  authPermanentMaxMs: HOUR,
  windowMs: DAY,
};
const START: Moment = { wall: 1_790_000_000_000, mono: 1000 };
const later = (ms: number, from = START): Moment => ({ wall: from.wall + ms, mono: from.mono + ms });
const fails = (kind: FailureClass, more: Partial<ModelFailure> = {}): ModelFailure => ({
  class: kind,
  message: "no",
  ...more,
});

function failed(before: Standing | undefined, failure: ModelFailure, now: Moment, model = "m"): Standing {
  return afterFailure(before, { failure, model, now, rules: RULES });
}

const remaining = (standing: Standing, now: Moment, model?: string) => pauseOf(standing, now, model)?.remainingMs ?? 0;

describe("a login that failed", () => {
  it("rests 1, 5, 25 and then 60 minutes, each time longer when it fails again", () => {
    let standing: Standing | undefined;
    let now = START;
    const rests: number[] = [];
    for (let round = 0; round < 6; round += 1) {
      standing = failed(standing, fails("auth"), now);
      rests.push(remaining(standing, now) / MINUTE);
      now = later(remaining(standing, now), now);
    }
    assert.deepEqual(rests, [1, 5, 25, 60, 60, 60]);
  });

  it("is set aside 5, 10, 20 and then 24 hours when its account has no money", () => {
    let standing: Standing | undefined;
    let now = START;
    const rests: number[] = [];
    for (let round = 0; round < 4; round += 1) {
      standing = failed(standing, fails("billing"), now);
      rests.push(remaining(standing, now) / HOUR);
      now = later(remaining(standing, now), now);
    }
    assert.deepEqual(rests, [5, 10, 20, 24]);
    assert.equal(pauseOf(standing!, START, "m")?.kind, "disabled");
  });

  it("counts once when several runs fail at the same time", () => {
    const first = failed(undefined, fails("timeout"), START);
    const second = failed(first, fails("timeout"), later(100));
    assert.equal(remaining(second, later(100)), MINUTE - 100);
    assert.equal(second.stats.errorCount, 1);
  });

  it("rests for one model when only that one was limited", () => {
    const standing = failed(undefined, fails("rate_limit"), START, "opus");
    assert.equal(remaining(standing, START, "opus"), MINUTE);
    assert.equal(remaining(standing, START, "haiku"), 0);
    const both = failed(standing, fails("rate_limit"), later(10), "haiku");
    assert.ok(remaining(both, later(10), "opus") > 0 && remaining(both, later(10), "haiku") > 0);
  });

  it("rests as long as the provider asked, within a day", () => {
    const hour = failed(undefined, fails("rate_limit", { retryAfterMs: 2 * HOUR }), START);
    assert.equal(remaining(hour, START), 2 * HOUR);
    const week = failed(undefined, fails("rate_limit", { retryAfterMs: 7 * DAY }), START);
    assert.equal(remaining(week, START), DAY);
  });

  it("starts anew after a success, and after a day without failures", () => {
    const standing = failed(failed(undefined, fails("auth"), START), fails("auth"), later(2 * MINUTE));
    const healed = afterSuccess(standing, later(3 * MINUTE));
    assert.equal(remaining(healed, later(3 * MINUTE)), 0);
    assert.equal(remaining(failed(healed, fails("auth"), later(4 * MINUTE)), later(4 * MINUTE)), MINUTE);
    const old = failed(standing, fails("auth"), later(26 * HOUR));
    assert.equal(remaining(old, later(26 * HOUR)), MINUTE);
  });

  const innocent: readonly ModelFailure[] = [
    ...(
      ["overloaded", "server_error", "format", "model_not_found", "context_overflow", "abort", "unknown"] as const
    ).map((kind) => fails(kind)),
    fails("rate_limit", { message: "HTTP 429: rate_limit_error: Extra usage is required for long context requests" }),
  ];
  for (const failure of innocent) {
    it(`is not to blame for ${failure.class}: ${failure.message.slice(0, 20)}`, () =>
      assert.equal(concernsLogin(failure), false));
  }
});

const kinds = fc.constantFrom<FailureClass>("rate_limit", "timeout", "auth", "billing", "auth_permanent");
const leap = fc.integer({ min: -20 * 365 * DAY, max: 20 * 365 * DAY });

describe("a clock that is set", () => {
  it("never locks a login out for longer than its pause, nor frees it much before", () => {
    fc.assert(
      fc.property(kinds, leap, fc.integer({ min: 0, max: DAY }), (kind, jump, passed) => {
        const standing = failed(undefined, fails(kind), START);
        const pause = remaining(standing, START);
        const now = { wall: START.wall + jump + passed, mono: START.mono + passed };
        const left = remaining(standing, now);
        assert.ok(left <= Math.max(0, pause - passed) + 1, `${left} left of ${pause} after ${passed}`);
        if (jump > 8 * DAY || jump < 0) assert.ok(left >= pause - passed - 1);
      }),
    );
  });

  it("keeps a document's pause within the rules, whatever times stand in it", () => {
    const time = fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 4e15 }));
    fc.assert(
      fc.property(time, time, time, (cooldownUntil, disabledUntil, lastFailureAt) => {
        const standing = anchored({ cooldownUntil, disabledUntil, lastFailureAt }, START, RULES);
        assert.ok(remaining(standing, START) <= DAY);
        assert.equal(remaining(standing, later(DAY)), 0);
      }),
    );
  });

  it("leaves a pause that was just read and written as long as it was", () => {
    fc.assert(
      fc.property(kinds, fc.integer({ min: 0, max: DAY }), (kind, passed) => {
        const standing = failed(undefined, fails(kind), START);
        const now = later(passed);
        const read = anchored(moved(standing, now, RULES), now, RULES);
        assert.equal(remaining(read, now), remaining(standing, now));
      }),
    );
  });
});

describe("two processes", () => {
  it("agree on the longer of two pauses, in either order", () => {
    fc.assert(
      fc.property(kinds, kinds, fc.integer({ min: 0, max: HOUR }), (one, other, apart) => {
        const a = failed(undefined, fails(one), START).stats;
        const b = failed(undefined, fails(other), later(apart)).stats;
        const [ab, ba] = [merged(a, b), merged(b, a)];
        assert.deepEqual([ab.cooldownUntil, ab.disabledUntil], [ba.cooldownUntil, ba.disabledUntil]);
        assert.ok(
          (ab.cooldownUntil ?? 0) >= (a.cooldownUntil ?? 0) && (ab.disabledUntil ?? 0) >= (b.disabledUntil ?? 0),
        );
      }),
    );
  });

  it("believe what is newer of a success and a failure", () => {
    const failure = failed(undefined, fails("auth"), later(MINUTE)).stats;
    const before = afterSuccess(undefined, START).stats;
    const after = afterSuccess(undefined, later(2 * MINUTE)).stats;
    assert.ok((merged(failure, before).cooldownUntil ?? 0) > 0);
    assert.equal(merged(failure, after).cooldownUntil, 0);
    assert.equal(merged(after, failure).cooldownUntil, 0);
  });
});
