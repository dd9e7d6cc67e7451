import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { quietLog as log } from "../../../../../test/harness/log.ts";
import { systemClock } from "../../base/time.ts";
import { ChannelError, type Channel } from "../../contracts/channel.ts";
import type { Envelope } from "../../contracts/envelope.ts";
import type { ConfigSnapshot } from "../config/index.ts";
import { takeLease } from "./_lease.ts";
import { loadAccounts } from "./_load.ts";
import { channelsStatus } from "./_methods-status.ts";
import { settle, stateOf, world } from "./world.fixture.ts";

test("an account that is enabled and configured is connected and can send", async (context) => {
  const { channels, attached } = await world(context, { default: {} }, () => ({}));
  assert.equal(stateOf(channels)?.state, "stopped");
  await channels.start();
  await settle(channels);
  assert.equal(stateOf(channels)?.state, "connected");
  assert.deepEqual(attached, ["default"]);
});

test("an account is stopped and started by hand", async (context) => {
  const { channels } = await world(context, { a: {} }, () => ({}));
  await channels.start();
  await settle(channels);
  assert.equal(await channels.stopAccount("fake", "a"), true);
  assert.equal(stateOf(channels, "a")?.state, "stopped");
  assert.equal(await channels.startAccount("f", "a"), true, "an alias is understood");
  await settle(channels);
  assert.equal(stateOf(channels, "a")?.state, "connected");
  assert.equal(await channels.startAccount("fake", "a"), true, "it runs already");
  assert.deepEqual([await channels.startAccount("fake", "b"), await channels.stopAccount("fake", "b")], [false, false]);
});

test("what a channel hands over is stored once and its memory is its own", async (context) => {
  const outcomes: string[] = [];
  const envelope = { nativeId: "1" } as Envelope;
  const { channels, kept } = await world(context, { default: {} }, (_account, _attempt, link) => {
    void (async () => {
      outcomes.push(await link.inbound(envelope), await link.inbound(envelope));
      await link.memory.set("cursor", "7");
    })();
    return {};
  });
  await channels.start();
  await settle(channels);
  assert.deepEqual(outcomes, ["accepted", "duplicate"]);
  assert.deepEqual([...kept], [["channel:fake:default/cursor", "7"]]);
  assert.ok((stateOf(channels)?.lastInboundAt ?? 0) > 0);
});

test("a webhook is served as long as its account runs", async (context) => {
  const { channels, served, scope } = await world(context, { default: {} }, (_account, _attempt, link) => {
    link.webhook({ path: "/fake/events", handle: async () => ({ status: 200 }) });
    return {};
  });
  await channels.start();
  await settle(channels);
  assert.deepEqual([...served], [["/fake/events", "fake:default"]]);
  await scope.close();
  assert.deepEqual([...served], []);
});

test("a network that is away is tried again until it is back", async (context) => {
  const { channels, attempts } = await world(context, { default: {} }, (_, attempt) =>
    attempt < 4 ? new ChannelError({ kind: "network", message: "away" }) : {},
  );
  const seen: string[] = [];
  channels.onChange(({ state }) => seen.push(state));
  await channels.start();
  await settle(channels);
  assert.equal(attempts.get("default"), 4);
  assert.equal(stateOf(channels)?.state, "connected");
  assert.deepEqual(seen.slice(0, 2), ["starting", "disconnected"]);
});

test("a refused login is final, with its reason; its sibling goes on", async (context) => {
  const { channels, attempts } = await world(context, { bad: {}, good: {} }, (account) =>
    account === "bad" ? new ChannelError({ kind: "auth", message: "getMe returned 401" }) : {},
  );
  await channels.start();
  await settle(channels);
  assert.deepEqual(
    [stateOf(channels, "bad")?.state, stateOf(channels, "bad")?.problem, attempts.get("bad")],
    ["stopped", "getMe returned 401", 1],
  );
  assert.equal(stateOf(channels, "good")?.state, "connected");
});

test("a connection that falls over is closed and opened again", async (context) => {
  const { channels, attempts, closed, attached } = await world(context, { default: {} }, (_, attempt) =>
    attempt === 1 ? { ended: Promise.reject(new ChannelError({ kind: "network", message: "gone" })) } : {},
  );
  await channels.start();
  await settle(channels);
  assert.deepEqual([attempts.get("default"), closed, attached], [2, ["default"], ["default"]]);
});

test("an extension that throws anything takes nobody down", async (context) => {
  const { channels, attempts } = await world(context, { default: {} }, (_, attempt) =>
    attempt === 1 ? new TypeError("bug") : {},
  );
  await channels.start();
  await settle(channels);
  assert.equal(attempts.get("default"), 2);
  assert.equal(stateOf(channels)?.lastError, "bug");
});

test("closing takes delivery back, closes the connection and frees the login", async (context) => {
  const { channels, scope, closed, attached, folder, platform } = await world(
    context,
    { default: { credential: "abc" } },
    () => ({}),
  );
  await channels.start();
  await settle(channels);
  assert.deepEqual((await scope.close()).failed, []);
  await settle(channels);
  assert.deepEqual([closed, attached, stateOf(channels)?.state], [["default"], [], "stopped"]);
  assert.notEqual(await takeLease("abc", { clock: systemClock, env: { TMPDIR: folder, ...platform.env } }), undefined);
});

test("accounts that are disabled, incomplete or the same login again are not started", async (context) => {
  const section = {
    a: { enabled: false },
    b: { configured: false, missing: "Set the token." },
    c: { credential: "x", credentialSource: "env" },
    d: { credential: "x", credentialSource: "config" },
  };
  const { channels, attempts } = await world(context, section, () => ({}));
  await channels.start();
  await settle(channels);
  assert.deepEqual([...attempts.keys()], ["d"]);
  assert.deepEqual(
    channels.status().map(({ account, state }) => `${account} ${state}`),
    ["a disabled", "b not-configured", "c disabled", "d connected"],
  );
  assert.equal(stateOf(channels, "b")?.problem, "Set the token.");
  assert.match(stateOf(channels, "c")?.problem ?? "", /duplicate credential/);
});

test("OPENCLAW_SKIP_CHANNELS=1 starts nothing, and accounts stay known", async (context) => {
  const { channels, attempts } = await world(context, { default: {} }, () => ({}), { OPENCLAW_SKIP_CHANNELS: "1" });
  await channels.start();
  await settle(channels);
  assert.equal(attempts.size, 0);
  assert.equal((await channels.lookup("F", "Default"))?.account.id, "default");
  assert.equal(await channels.lookup("other", "default"), undefined);
});

test("a channel without a section is not even loaded", async () => {
  let loads = 0;
  const registry = [
    {
      manifest: {
        id: "fake",
        version: "1",
        name: "",
        description: "",
        entry: "",
        channels: [{ id: "fake", label: "Fake" }],
      },
      load: async () => {
        loads += 1;
        return {} as Channel;
      },
    },
  ];
  assert.deepEqual(
    await loadAccounts({ registry, config: { at: () => undefined } as unknown as ConfigSnapshot, env: {}, log }),
    [],
  );
  assert.equal(loads, 0);
});

test("a probe tells who we are, or why not", async (context) => {
  const { channels } = await world(context, { a: {}, b: {} }, (account) =>
    account === "a" ? {} : { probe: () => new Promise(() => {}) },
  );
  assert.equal(await channels.probe("fake", "a", 50), undefined);
  await channels.start();
  await settle(channels);
  assert.deepEqual(
    { ...(await channels.probe("fake", "a", 50)), elapsedMs: 0 },
    { ok: true, elapsedMs: 0, account: "@fake" },
  );
  assert.equal((await channels.probe("fake", "b", 20))?.ok, false);
});

test("channels.status has the documented shape", async (context) => {
  const { channels } = await world(
    context,
    { default: { name: "Mine", allowFrom: ["1"], credentialSource: "config" } },
    () => ({}),
  );
  await channels.start();
  await settle(channels);
  const status = channelsStatus(channels, { now: 5, probes: new Map([["fake:default", { ok: true, elapsedMs: 1 }]]) });
  assert.deepEqual(
    [status.channelOrder, status.channelLabels, status.channelDefaultAccountId],
    [["fake"], { fake: "Fake" }, { fake: "default" }],
  );
  const [row] = status.channelAccounts["fake"] ?? [];
  assert.deepEqual(
    [
      row?.accountId,
      row?.name,
      row?.running,
      row?.connected,
      row?.tokenSource,
      row?.allowFrom,
      row?.probe?.ok,
      row?.lastProbeAt,
    ],
    ["default", "Mine", true, true, "config", ["1"], true, 5],
  );
  assert.deepEqual(channelsStatus(channels, { now: 5, probes: new Map(), channel: "other" }).channelOrder, []);
});

test("a login is held by one process; one that died has lost it", async (context) => {
  const { folder } = await world(context, {}, () => ({}));
  const deps = { clock: systemClock, env: { TMPDIR: folder } };
  const path = join(folder, "openclaw-channel-k.lock");
  await writeFile(path, "1");
  assert.equal(await takeLease("k", deps), undefined);
  await writeFile(path, "999999999");
  const release = await takeLease("k", deps);
  assert.ok(release);
  await release();
  assert.ok(await takeLease("k", deps));
});
