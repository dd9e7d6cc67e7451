import assert from "node:assert/strict";
import { test } from "node:test";
import { quietLog as log } from "../../../../../test/harness/log.ts";
import { systemClock } from "../../base/time.ts";
import { ChannelError, type ChannelPreview } from "../../contracts/channel.ts";
import type { Previewed } from "../../contracts/envelope.ts";
import { Preview } from "./_preview.ts";

const settled = () => new Promise((resolve) => setTimeout(resolve, 5));
const LONG = "words and words and words";

/** A preview whose clock stands still until the test moves it. */
function rig(more: Partial<ChannelPreview> = {}, begun?: Previewed) {
  let now = 0;
  let timer: { at: number; fire: () => void } | undefined;
  const shown: string[] = [];
  const remembered: Previewed[] = [];
  const clock = {
    ...systemClock,
    monotonic: () => now,
    timer: (ms: number, fire: () => void) => {
      timer = { at: now + ms, fire };
      return () => (timer = undefined);
    },
  };
  const live = new Preview({
    preview: {
      everyMs: 1000,
      show: async (text) => {
        shown.push(text);
        return { nativeId: "1", at: 1 };
      },
      ...more,
    },
    clock,
    log,
    fits: (text) => text.length < 100,
    began: async (message) => void remembered.push(message),
    ...(begun ? { begun } : {}),
  });
  const pass = async (ms: number) => {
    now += ms;
    const due = timer && timer.at <= now ? timer.fire : undefined;
    if (due) timer = undefined;
    due?.();
    await settled();
  };
  return { live, shown, remembered, pass };
}

test("the newest text is shown at the channel's pace, and the message is remembered once", async () => {
  const { live, shown, remembered, pass } = rig();
  live.show(LONG);
  await settled();
  live.show(`${LONG} a`);
  live.show(`${LONG} a b`);
  await settled();
  assert.deepEqual(shown, [LONG]);
  await pass(1000);
  assert.deepEqual(shown, [LONG, `${LONG} a b`]);
  assert.deepEqual(remembered, [{ nativeId: "1", at: 1 }]);
});

test("a few letters are no message yet, and what is too long for one is not shown", async () => {
  const { live, shown } = rig();
  live.show("Hi");
  live.show("x".repeat(200));
  await settled();
  assert.deepEqual(shown, []);
  assert.equal(await live.stop(), undefined);
});

test("stopping waits for the call under way and names the message to be replaced", async () => {
  let done = () => {};
  const { live } = rig({ show: () => new Promise((resolve) => (done = () => resolve({ nativeId: "9", at: 2 }))) });
  live.show(LONG);
  const stopped = live.stop();
  done();
  assert.deepEqual(await stopped, { nativeId: "9", at: 2 });
});

test("a message of an earlier process must be replaced, whether or not anything was shown since", async () => {
  assert.deepEqual(await rig({}, { nativeId: "3", at: 1 }).live.stop(), { nativeId: "3", at: 1 });
});

test("a limit is waited out; any other refusal ends the showing", async () => {
  let tries = 0;
  const { live, pass } = rig({
    show: async () => {
      tries += 1;
      if (tries === 1) throw new ChannelError({ kind: "rate_limit", message: "slow", retryAfterMs: 5000 });
      throw new ChannelError({ kind: "invalid", message: "gone" });
    },
  });
  live.show(LONG);
  await settled();
  await pass(4000);
  assert.equal(tries, 1);
  await pass(1000);
  assert.equal(tries, 2);
  live.show(`${LONG} more`);
  await pass(10_000);
  assert.equal(tries, 2);
});

test("by pieces, it ends where the last whole one does", async () => {
  const { live, shown } = rig({ chunk: { minChars: 20, maxChars: 60, breakPreference: "sentence" } });
  live.show("The first sentence is here. The second one is not yet");
  await settled();
  assert.deepEqual(shown, ["The first sentence is here."]);
});
