import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test, type TestContext } from "node:test";
import { quietLog as log } from "../../../../../test/harness/log.ts";
import { Scope } from "../../base/scope.ts";
import { systemClock } from "../../base/time.ts";
import {
  ChannelError,
  type Channel,
  type ChannelAccount,
  type ChannelConnection,
  type ChannelLink,
} from "../../contracts/channel.ts";
import type { Envelope } from "../../contracts/envelope.ts";
import type { Route } from "../../contracts/route.ts";
import type { Platform } from "../../contracts/service.ts";
import type { ConfigSnapshot } from "../config/index.ts";
import { createChannels } from "./_channels.ts";
import { takeLease } from "./_lease.ts";
import { loadAccounts, reloadAccounts } from "./_load.ts";
import { channelsStatus } from "./_methods-status.ts";

/** A fake channel whose accounts are what its section lists; `opens` says what each attempt to connect does. */
function fakeChannel(
  opens: (account: string, attempt: number, link: ChannelLink) => Partial<ChannelConnection> | Error,
) {
  const attempts = new Map<string, number>();
  const closed: string[] = [];
  const channel = {
    id: "fake",
    aliases: ["f"],
    label: "Fake",
    capabilities: { chatKinds: ["direct"], typing: false, pairing: true, idempotentSend: false },
    accounts: (section: unknown) =>
      Object.entries(section as Record<string, Partial<ChannelAccount>>).map(
        ([id, more]) =>
          ({
            id,
            enabled: true,
            configured: true,
            dmPolicy: "pairing",
            allowFrom: [],
            textLimit: 100,
            chunkMode: "length",
            settings: {},
            ...more,
          }) as ChannelAccount,
      ),
    normalizeSender: (raw: string) => raw,
    measure: (text: string) => text.length,
    open: async (account: ChannelAccount, link: ChannelLink) => {
      const attempt = (attempts.get(account.id) ?? 0) + 1;
      attempts.set(account.id, attempt);
      const result = opens(account.id, attempt, link);
      if (result instanceof Error) throw result;
      link.state("connected");
      return {
        send: async () => ({ nativeId: "1", at: 0 }),
        probe: async () => ({ account: "@fake" }),
        close: async () => void closed.push(account.id),
        ...result,
      };
    },
  } satisfies Channel;
  return { channel: channel as Channel, attempts, closed };
}

async function world(
  context: TestContext,
  section: unknown,
  opens: Parameters<typeof fakeChannel>[0],
  env: Record<string, string> = {},
) {
  const folder = await mkdtemp(join(tmpdir(), "channels-"));
  context.after(() => rm(folder, { recursive: true }));
  const fake = fakeChannel(opens);
  // Waits are skipped: a test looks at what happens, not at how long it takes.
  const clock = {
    ...systemClock,
    sleep: (ms: number, signal?: AbortSignal) => systemClock.sleep(Math.min(ms, 1), signal),
  };
  const platform = {
    clock,
    random: { bytes: (n: number) => Buffer.alloc(n) },
    env: { TMPDIR: folder, ...env },
    log,
  } as unknown as Platform;
  const scope = new Scope(systemClock, "test");
  context.after(() => scope.close());
  const registry = [
    {
      manifest: {
        id: "fake",
        version: "1",
        name: "Fake",
        description: "",
        entry: "",
        channels: [{ id: "fake", label: "Fake", aliases: ["f"] }],
      },
      load: async () => fake.channel,
    },
  ];
  const configOf = (of: unknown) =>
    ({ at: (path: string) => (path === "channels.fake" ? of : undefined) }) as unknown as ConfigSnapshot;
  const config = configOf(section);
  const kept = new Map<string, string>();
  const attached: string[] = [];
  /** Owners of webhooks by path. */
  const served = new Map<string, string>();
  const known: string[] = [];
  const received: Envelope[] = [];
  const channels = createChannels({
    platform,
    scope,
    registry,
    config: () => config,
    accounts: await loadAccounts({ registry, config, env: platform.env, log }),
    reload: (snapshot) => reloadAccounts({ registry, config: snapshot, env: platform.env }),
    kv: {
      get: async (space, key) => kept.get(`${space}/${key}`),
      set: async (space, key, value) => void kept.set(`${space}/${key}`, value),
      delete: async () => {},
      list: async () => [],
    },
    routes: {
      add: (owner: string, route: Route) => {
        served.set(String(route.paths), owner);
        return () => served.delete(String(route.paths));
      },
    },
    outbound: {
      attach: (_: Channel, account: ChannelAccount) => {
        attached.push(account.id);
        return () => void attached.splice(attached.indexOf(account.id), 1);
      },
      know: (_: Channel, account: ChannelAccount) => void known.push(account.id),
    },
    inbound: async () =>
      ({
        accept: async (envelope: Envelope) => {
          const fresh = !received.some(({ nativeId }) => nativeId === envelope.nativeId);
          received.push(envelope);
          return { id: "1", fresh };
        },
      }) as never,
  });
  const reconfigure = (of: unknown, channel = "fake") => channels.reconfigure(configOf(of), channel);
  return { ...fake, channels, reconfigure, scope, kept, served, attached, known, received, folder, platform };
}

const settle = () => new Promise((resolve) => setTimeout(resolve, 30));
const stateOf = (channels: Awaited<ReturnType<typeof world>>["channels"], account = "default") =>
  channels.status().find((status) => status.account === account);

test("an account that is enabled and configured is connected and can send", async (context) => {
  const { channels, attached } = await world(context, { default: {} }, () => ({}));
  assert.equal(stateOf(channels)?.state, "stopped");
  await channels.start();
  await settle();
  assert.equal(stateOf(channels)?.state, "connected");
  assert.deepEqual(attached, ["default"]);
});

test("an account is stopped and started by hand", async (context) => {
  const { channels } = await world(context, { a: {} }, () => ({}));
  await channels.start();
  await settle();
  assert.equal(await channels.stopAccount("fake", "a"), true);
  assert.equal(stateOf(channels, "a")?.state, "stopped");
  assert.equal(await channels.startAccount("f", "a"), true, "an alias is understood");
  await settle();
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
  await settle();
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
  await settle();
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
  await settle();
  assert.equal(attempts.get("default"), 4);
  assert.equal(stateOf(channels)?.state, "connected");
  assert.deepEqual(seen.slice(0, 2), ["starting", "disconnected"]);
});

test("a refused login is final, with its reason; its sibling goes on", async (context) => {
  const { channels, attempts } = await world(context, { bad: {}, good: {} }, (account) =>
    account === "bad" ? new ChannelError({ kind: "auth", message: "getMe returned 401" }) : {},
  );
  await channels.start();
  await settle();
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
  await settle();
  assert.deepEqual([attempts.get("default"), closed, attached], [2, ["default"], ["default"]]);
});

test("an extension that throws anything takes nobody down", async (context) => {
  const { channels, attempts } = await world(context, { default: {} }, (_, attempt) =>
    attempt === 1 ? new TypeError("bug") : {},
  );
  await channels.start();
  await settle();
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
  await settle();
  assert.deepEqual((await scope.close()).failed, []);
  await settle();
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
  await settle();
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
  await settle();
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
  await settle();
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
  await settle();
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

test("only the accounts that changed are touched: new ones start, others end, the rest stays connected", async (context) => {
  const { channels, reconfigure, attempts, closed, attached, known } = await world(
    context,
    { stays: {}, changes: { credential: "c" }, goes: {} },
    () => ({}),
  );
  await channels.start();
  await settle();
  await reconfigure({ stays: {}, changes: { credential: "c", allowFrom: ["1"] }, comes: {} }, "fake");
  await settle();
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
  await settle();
  await reconfigure({ a: { enabled: false, credential: "x" }, b: { credential: "x" } });
  await settle();
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
  await settle();
  await reconfigure({ default: { name: "x" } });
  await settle();
  assert.deepEqual(happened, ["open 1", "closed 1", "open 2"]);
});

test("accounts of another channel are left alone", async (context) => {
  const { channels, reconfigure, closed } = await world(context, { default: {} }, () => ({}));
  await channels.start();
  await settle();
  await reconfigure({}, "other");
  assert.deepEqual([closed, stateOf(channels)?.state], [[], "connected"]);
});

test("a channel that cannot read its section keeps the accounts that it has", async (context) => {
  const { channels, reconfigure, channel } = await world(context, { default: {} }, () => ({}));
  await channels.start();
  await settle();
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
  await settle();
  assert.deepEqual([...attempts.keys()], ["b"]);
});

test("a login that was refused is tried again once its account changed", async (context) => {
  const { channels, reconfigure } = await world(context, { default: {} }, (_, attempt) =>
    attempt === 1 ? new ChannelError({ kind: "auth", message: "401" }) : {},
  );
  await channels.start();
  await settle();
  assert.equal(stateOf(channels)?.problem, "401");
  await reconfigure({ default: { credential: "new" } });
  await settle();
  assert.equal(stateOf(channels)?.state, "connected");
});
