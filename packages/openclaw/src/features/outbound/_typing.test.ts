import assert from "node:assert/strict";
import { test } from "node:test";
import { systemClock } from "../../base/time.ts";
import type { ChannelConnection } from "../../contracts/channel.ts";
import { showTyping } from "./_typing.ts";

const address = { channel: "fake", account: "default", kind: "direct", chat: "1" } as const;

function rig() {
  let now = 0;
  let next: { at: number; fire: () => void } | undefined;
  let signals = 0;
  const clock = {
    ...systemClock,
    now: () => now,
    timer: (ms: number, fire: () => void) => {
      next = { at: now + ms, fire };
      return () => (next = undefined);
    },
  };
  const connection = { typing: async () => void (signals += 1) } as unknown as ChannelConnection;
  const typing = showTyping(clock, connection, address, 5000);
  const pass = (ms: number) => {
    for (const end = now + ms; next && next.at <= end;) {
      const { at, fire } = next;
      next = undefined;
      now = at;
      fire();
    }
    now += ms;
  };
  return { typing, pass, signals: () => signals };
}

test("nothing is shown before the first touch, then at once and again and again", () => {
  const { typing, pass, signals } = rig();
  pass(20_000);
  assert.equal(signals(), 0);
  typing.touch();
  assert.equal(signals(), 1);
  pass(10_000);
  assert.equal(signals(), 3);
});

test("two minutes without news end it, and news begin it anew", () => {
  const { typing, pass, signals } = rig();
  typing.touch();
  pass(600_000);
  const shown = signals();
  assert.ok(shown <= 26, String(shown));
  typing.touch();
  assert.equal(signals(), shown + 1);
});

test("once stopped it stays so", () => {
  const { typing, pass, signals } = rig();
  typing.touch();
  typing.stop();
  pass(60_000);
  assert.equal(signals(), 1);
});
