import assert from "node:assert/strict";
import { test } from "node:test";
import type { Clock } from "../../base/time.ts";
import { AuthLimiter, type Attempt } from "./limiter.ts";

const RULES = { maxAttempts: 10, windowMs: 60_000, lockoutMs: 300_000, exemptLoopback: true };
const remote: Attempt = { from: "203.0.113.1", kind: "shared", exempt: false };
const local: Attempt = { from: "127.0.0.1", kind: "shared", exempt: true };

/** A FAKE clock: only its monotonic time is used. */
function limiter() {
  const time = { now: 0 };
  return { time, limiter: new AuthLimiter(RULES, { monotonic: () => time.now } as Clock) };
}

test("ten failures within the window lock out for as long as configured", () => {
  const { time, limiter: guard } = limiter();
  for (let i = 0; i < 10; i += 1) {
    assert.equal(guard.lockedFor(remote), 0);
    guard.failed(remote);
  }
  assert.equal(guard.lockedFor(remote), 300_000);
  time.now = 299_999;
  assert.equal(guard.lockedFor(remote), 1);
  time.now = 300_000;
  assert.equal(guard.lockedFor(remote), 0);
});

test("failures outside the window do not add up", () => {
  const { time, limiter: guard } = limiter();
  for (let i = 0; i < 50; i += 1) {
    guard.failed(remote);
    time.now += 7000;
  }
  assert.equal(guard.lockedFor(remote), 0);
});

test("classes and addresses are counted apart, and a success clears its own class only", () => {
  const { limiter: guard } = limiter();
  const device: Attempt = { ...remote, kind: "device" };
  for (let i = 0; i < 10; i += 1) guard.failed(device);
  assert.equal(guard.lockedFor(remote), 0);
  assert.equal(guard.lockedFor({ ...device, from: "203.0.113.2" }), 0);
  guard.succeeded(remote);
  assert.ok(guard.lockedFor(device) > 0);
});

test("a program on this machine is slowed down ever more and never locked out", () => {
  const { limiter: guard } = limiter();
  const delays = Array.from({ length: 8 }, () => guard.failed(local));
  assert.deepEqual(delays, [250, 500, 1000, 2000, 4000, 5000, 5000, 5000]);
  assert.equal(guard.lockedFor(local), 0);
  guard.succeeded(local);
  assert.equal(guard.failed(local), 250);
});

test("a flood of addresses does not grow the memory without end", () => {
  const { limiter: guard } = limiter();
  for (let i = 0; i < 30_000; i += 1) guard.failed({ ...remote, from: String(i) });
  assert.equal(guard.size, 10_000);
});
