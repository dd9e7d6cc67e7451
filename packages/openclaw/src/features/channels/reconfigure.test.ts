import assert from "node:assert/strict";
import { test } from "node:test";
import { ChannelError } from "../../contracts/channel.ts";
import { settle, stateOf, world } from "./world.fixture.ts";

test("only the accounts that changed are touched: new ones start, others end, the rest stays connected", async (context) => {
  const { channels, reconfigure, attempts, closed, attached, known } = await world(
    context,
    { stays: {}, changes: { credential: "c" }, goes: {} },
    () => ({}),
  );
  await channels.start();
  await settle(channels);
  await reconfigure({ stays: {}, changes: { credential: "c", allowFrom: ["1"] }, comes: {} }, "fake");
  await settle(channels);
  assert.deepEqual([...attempts].map(([account, count]) => `${account} ${count}`).toSorted(), [
    "changes 2",
    "comes 1",
    "goes 1",
    "stays 1",
  ]);
  assert.deepEqual(closed.toSorted(), ["changes", "goes"]);
  assert.deepEqual(attached.toSorted(), ["changes", "comes", "stays"]);
  assert.deepEqual(known.toSorted(), ["changes", "comes"]);
  assert.deepEqual(
    channels.status().map(({ account, state }) => `${account} ${state}`),
    ["changes connected", "comes connected", "stays connected"],
  );
});

test("a login moves from one account to another without both receiving", async (context) => {
  let open = 0;
  let most = 0;
  const { channels, reconfigure } = await world(context, { a: { credential: "x" } }, () => {
    most = Math.max(most, (open += 1));
    return { close: async () => void (open -= 1) };
  });
  await channels.start();
  await settle(channels);
  await reconfigure({ a: { enabled: false, credential: "x" }, b: { credential: "x" } });
  await settle(channels);
  assert.deepEqual(
    [open, most, stateOf(channels, "a")?.state, stateOf(channels, "b")?.state],
    [1, 1, "disabled", "connected"],
  );
});

test("an account is not opened again before its sends are finished", async (context) => {
  const happened: string[] = [];
  const { channels, reconfigure } = await world(context, { default: {} }, (_, attempt) => {
    happened.push(`open ${attempt}`);
    return {
      close: async () => {
        await new Promise((resolve) => setTimeout(resolve, 20));
        happened.push(`closed ${attempt}`);
      },
    };
  });
  await channels.start();
  await settle(channels);
  await reconfigure({ default: { name: "x" } });
  await settle(channels);
  assert.deepEqual(happened, ["open 1", "closed 1", "open 2"]);
});

test("accounts of another channel are left alone", async (context) => {
  const { channels, reconfigure, closed } = await world(context, { default: {} }, () => ({}));
  await channels.start();
  await settle(channels);
  await reconfigure({}, "other");
  assert.deepEqual([closed, stateOf(channels)?.state], [[], "connected"]);
});

test("a channel that cannot read its section keeps the accounts that it has", async (context) => {
  const { channels, reconfigure, channel } = await world(context, { default: {} }, () => ({}));
  await channels.start();
  await settle(channels);
  channel.accounts = () => {
    throw new Error("bug");
  };
  await assert.rejects(reconfigure({ default: { name: "x" } }), /bug/);
  assert.equal(stateOf(channels)?.state, "connected");
});

test("what changes before the channels are started is started in its new form", async (context) => {
  const { channels, reconfigure, attempts } = await world(context, { a: {} }, () => ({}));
  await reconfigure({ b: {} });
  assert.equal(attempts.size, 0);
  await channels.start();
  await settle(channels);
  assert.deepEqual([...attempts.keys()], ["b"]);
});

test("a login that was refused is tried again once its account changed", async (context) => {
  const { channels, reconfigure } = await world(context, { default: {} }, (_, attempt) =>
    attempt === 1 ? new ChannelError({ kind: "auth", message: "401" }) : {},
  );
  await channels.start();
  await settle(channels);
  assert.equal(stateOf(channels)?.problem, "401");
  await reconfigure({ default: { credential: "new" } });
  await settle(channels);
  assert.equal(stateOf(channels)?.state, "connected");
});
