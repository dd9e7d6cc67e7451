import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestContext } from "node:test";
import { quietLog as log } from "../../../../../test/harness/log.ts";
import { until } from "../../../../../test/harness/until.ts";
import { Scope } from "../../base/scope.ts";
import { systemClock } from "../../base/time.ts";
import {
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
import { loadAccounts, reloadAccounts } from "./_load.ts";

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

/** A fake network, and everything that channels need around it. */
export async function world(
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

/** Time for what was begun to come about: no account is on its way any more. */
export async function settle(channels: Awaited<ReturnType<typeof world>>["channels"]): Promise<void> {
  await systemClock.sleep(30);
  await until(() => channels.status().every(({ state }) => state !== "starting" && state !== "connecting"));
}

export const stateOf = (channels: Awaited<ReturnType<typeof world>>["channels"], account = "default") =>
  channels.status().find((status) => status.account === account);
