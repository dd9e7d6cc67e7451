import { after, test } from "node:test";
import assert from "node:assert/strict";
import { quietLog as silent } from "../../../../../test/harness/log.ts";
import { systemClock } from "../../base/time.ts";
import type { Clock } from "../../base/time.ts";
import { ChannelError } from "../../contracts/channel.ts";
import type { ChannelConnection } from "../../contracts/channel.ts";
import type { OutboundMessage } from "../../contracts/envelope.ts";
import { migrations } from "../../store/tables.ts";
import { openSqliteStore } from "../../store/sqlite/index.ts";
import { Sender } from "./_sender.ts";

const store = await openSqliteStore({ path: ":memory:", migrations, clock: systemClock, log: silent });
after(() => store.close());

let account = 0;

/** A sender over a connection that does what `behave` says; returns what was said. */
function rig(
  behave: (message: OutboundMessage, attempt: number) => Promise<void>,
  { idempotent = false, clock = systemClock }: { idempotent?: boolean; clock?: Clock } = {},
) {
  const channel = `fake${(account += 1)}`;
  const said: OutboundMessage[] = [];
  const tries = new Map<string, number>();
  const connection: ChannelConnection = {
    async send(message) {
      const attempt = (tries.get(message.key) ?? 0) + 1;
      tries.set(message.key, attempt);
      await behave(message, attempt);
      said.push(message);
      return { nativeId: `n${said.length}`, at: 1 };
    },
    probe: async () => ({ account: "fake" }),
    close: async () => {},
  };
  const sender = new Sender({
    account: `${channel}:default`,
    outbox: store.outbox,
    connection,
    clock,
    log: silent,
    idempotent,
  });
  const post = (chat: string, key: string) =>
    store.outbox.post([
      { key: `${channel}/${key}`, address: { channel, account: "default", kind: "direct", chat }, text: key, at: 1 },
    ]);
  const texts = () => said.map((m) => m.text);
  const until = async (count: number) => {
    for (let i = 0; i < 4000 && said.length < count; i += 1) await systemClock.sleep(5);
  };
  return { sender, said, texts, post, until, tries, channel };
}

test("a conversation's messages are said in order, one at a time", async () => {
  let open = 0;
  const { sender, texts, post, until } = rig(async () => {
    assert.equal((open += 1), 1);
    await systemClock.sleep(2);
    open -= 1;
  });
  for (const key of ["1", "2", "3"]) await post("ann", key);
  sender.wake();
  await until(3);
  assert.deepEqual(texts(), ["1", "2", "3"]);
  sender.stop();
});

test("a slow conversation does not hold up another", async () => {
  const { sender, texts, post, until } = rig(async (m) => systemClock.sleep(m.text === "slow" ? 80 : 0));
  await post("ann", "slow");
  await post("bob", "quick");
  sender.wake();
  await until(2);
  assert.deepEqual(texts(), ["quick", "slow"]);
  sender.stop();
});

test("a limit is waited out and the message is then said once, unmarked", async () => {
  const { sender, said, post, until } = rig(async (_m, attempt) => {
    if (attempt === 1) throw new ChannelError({ kind: "rate_limit", message: "slow down", retryAfterMs: 60 });
  });
  await post("ann", "hi");
  sender.wake();
  await until(1);
  assert.deepEqual(
    said.map((m) => [m.text, m.maybeRepeated]),
    [["hi", false]],
  );
  sender.stop();
});

test("a message that waits longer does not hold up one that waits shorter", async () => {
  const { sender, texts, post, until } = rig(async (m, attempt) => {
    const retryAfterMs = m.text === "long" ? 3_600_000 : 60;
    if (attempt === 1) throw new ChannelError({ kind: "rate_limit", message: "slow down", retryAfterMs });
  });
  await post("ann", "short");
  await post("bob", "long");
  sender.wake();
  await until(1);
  assert.deepEqual(texts(), ["short"]);
  sender.stop();
});

test("a timer that fires a little early loses nothing", async () => {
  const clock: Clock = { ...systemClock, timer: (ms, fire) => systemClock.timer(Math.max(0, ms - 20), fire) };
  const { sender, texts, post, until } = rig(
    async (_m, attempt) => {
      if (attempt === 1) throw new ChannelError({ kind: "rate_limit", message: "slow down", retryAfterMs: 60 });
    },
    { clock },
  );
  await post("ann", "hi");
  sender.wake();
  await until(1);
  assert.deepEqual(texts(), ["hi"]);
  sender.stop();
});

test("what was held back when the process died is tried when its time has come", async () => {
  const { sender, texts, post, until, channel } = rig(async () => {});
  await post("ann", "hi");
  const [row] = await store.outbox.due(`${channel}:default`, systemClock.now(), 1);
  await store.outbox.failed(row?.id ?? 0, { error: "down", maybeSent: false, retryAt: systemClock.now() + 60 });
  sender.wake();
  await until(1);
  assert.deepEqual(texts(), ["hi"]);
  sender.stop();
});

test("a message whose answer was lost is said again with a mark", async () => {
  const { sender, said, post, until } = rig(async (_m, attempt) => {
    if (attempt === 1) throw new ChannelError({ kind: "network", message: "reset", maybeSent: true });
  });
  await post("ann", "hi");
  sender.wake();
  await until(1);
  assert.deepEqual(
    said.map((m) => m.maybeRepeated),
    [true],
  );
  sender.stop();
});

test("a network that recognises repeats needs no mark", async () => {
  const { sender, said, post, until } = rig(
    async (_m, attempt) => {
      if (attempt === 1) throw new ChannelError({ kind: "network", message: "reset", maybeSent: true });
    },
    { idempotent: true },
  );
  await post("ann", "hi");
  sender.wake();
  await until(1);
  assert.deepEqual(
    said.map((m) => m.maybeRepeated),
    [false],
  );
  sender.stop();
});

test("what the network refuses for good is not tried again and does not block what follows", async () => {
  const { sender, texts, post, until, tries } = rig(async (m) => {
    if (m.text === "blocked") throw new ChannelError({ kind: "permission", message: "blocked by the user" });
  });
  await post("ann", "blocked");
  await post("ann", "next");
  sender.wake();
  await until(1);
  assert.deepEqual(texts(), ["next"]);
  assert.deepEqual([...tries.values()], [1, 1]);
  sender.stop();
});
