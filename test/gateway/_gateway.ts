/**
 * A real gateway on a free port, with FAKES around it: devices in memory, a configuration given by the
 * test, one agent, no channels, runs that the test plays.
 */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestContext } from "node:test";
import { systemRandom } from "../../packages/openclaw/src/base/ids.ts";
import type { Log } from "../../packages/openclaw/src/base/log.ts";
import { Scope } from "../../packages/openclaw/src/base/scope.ts";
import { systemClock, type Clock } from "../../packages/openclaw/src/base/time.ts";
import { Events } from "../../packages/openclaw/src/contracts/bus.ts";
import type { ConfigSection, ConfigSnapshot } from "../../packages/openclaw/src/contracts/config.ts";
import {
  defineMethod,
  type EventBus,
  type GatewayEvent,
  type Method,
} from "../../packages/openclaw/src/contracts/method.ts";
import type { Route } from "../../packages/openclaw/src/contracts/route.ts";
import { Type, closed } from "../../packages/openclaw/src/contracts/schema.ts";
import type { Platform, Provider, Token, Use } from "../../packages/openclaw/src/contracts/service.ts";
import { Agents } from "../../packages/openclaw/src/features/agents/index.ts";
import { services as approvalsServices } from "../../packages/openclaw/src/features/approvals/service.ts";
import { Channels } from "../../packages/openclaw/src/features/channels/index.ts";
import { check } from "../../packages/openclaw/src/features/config/_load/check.ts";
import { Config } from "../../packages/openclaw/src/features/config/index.ts";
import { methods as healthMethods } from "../../packages/openclaw/src/features/health/methods.ts";
import { services as healthServices } from "../../packages/openclaw/src/features/health/service.ts";
import { services as nodesServices } from "../../packages/openclaw/src/features/nodes/service.ts";
import { Runs, type RunEvent } from "../../packages/openclaw/src/features/runs/index.ts";
import { Lanes, Sessions, SystemEvents } from "../../packages/openclaw/src/features/sessions/index.ts";
import type { OwnAddresses } from "../../packages/openclaw/src/gateway/_listen/bind.ts";
import { events } from "../../packages/openclaw/src/gateway/events.ts";
import { startGateway, type GatewayOptions, type RunningGateway } from "../../packages/openclaw/src/gateway/index.ts";
import { methods as gatewayMethods } from "../../packages/openclaw/src/gateway/methods.ts";
import { services as gatewayServices } from "../../packages/openclaw/src/gateway/service.ts";
import { SessionFilesToken, StoreToken, documentedFiles } from "../../packages/openclaw/src/store/index.ts";
import type { DeviceRequest, DeviceRow, Devices, Kv } from "../../packages/openclaw/src/store/index.ts";

export const TOKEN = "the-right-token";

export interface Setup {
  /** The section `gateway`; token auth with `TOKEN` unless it says otherwise. */
  readonly gateway?: Record<string, unknown>;
  /** Other sections. */
  readonly config?: Record<string, unknown>;
  readonly env?: Record<string, string>;
  /** Addresses that this machine is said to have. */
  readonly own?: OwnAddresses;
  readonly spawn?: Platform["spawn"];
  readonly options?: GatewayOptions;
  readonly methods?: readonly Method[];
  readonly events?: readonly GatewayEvent[];
  readonly routes?: readonly Route[];
  readonly uiRoot?: string;
  readonly clock?: Clock;
  /** Of the only agent. */
  readonly agent?: Readonly<Record<string, unknown>>;
  readonly devices?: Devices;
  readonly kv?: Kv;
  readonly state?: string;
  /** Keep nothing of the log. */
  readonly quiet?: boolean;
  /** Stay in start-up. */
  readonly starting?: boolean;
}

export interface TestGateway extends RunningGateway {
  readonly port: number;
  readonly devices: Devices;
  readonly bus: EventBus;
  readonly state: string;
  /** Everything that was logged, as text. */
  readonly logged: () => string;
  /** Plays an event of a run. */
  readonly play: (event: RunEvent) => void;
  readonly platform: Platform;
  readonly use: Use;
  /** Ends it with everything that was made for it. */
  readonly stop: () => Promise<void>;
}

export async function openGateway(t: TestContext, setup: Setup = {}): Promise<TestGateway> {
  const state = setup.state ?? (await mkdtemp(join(tmpdir(), "gateway-test-")));
  const platform = testPlatform(state, setup);
  const scope = new Scope(platform.clock, "test");
  const devices = setup.devices ?? fakeDevices();
  const listeners = new Set<(event: RunEvent) => void>();
  const use = fakeUse(platform, scope, [
    value(
      Config,
      fakeConfig({ ...setup.config, gateway: setup.gateway ?? { auth: { mode: "token", token: TOKEN } } }) as never,
    ),
    value(SessionFilesToken, documentedFiles("/nowhere")),
    value(StoreToken, { devices, kv: setup.kv ?? fakeKv(), audit: { record() {} } } as never),
    value(Agents, fakeAgents(setup.agent) as never),
    value(Channels, { status: () => [] } as never),
    value(SystemEvents, { waiting: async () => [] } as never),
    value(Sessions, { list: async () => ({ rows: [], total: 0 }), shown: () => undefined } as never),
    value(Lanes, { counts: () => ({ running: 0, queued: 0 }), underWay: () => [] } as never),
    value(Runs, {
      snapshot: () => undefined,
      execute: async () => undefined,
      subscribe(listener: (event: RunEvent) => void) {
        listeners.add(listener);
        return () => void listeners.delete(listener);
      },
    } as never),
    ...gatewayServices,
    ...healthServices,
    ...nodesServices,
    ...approvalsServices,
  ]);
  const gateway = await startGateway({
    platform,
    use,
    scope,
    methods: [...gatewayMethods, ...healthMethods, ...testMethods, ...(setup.methods ?? [])],
    events: [...events, ...(setup.events ?? [])],
    routes: setup.routes ?? [],
    uiRoot: setup.uiRoot,
    options: { port: 0, ...setup.options },
    ...(setup.own === undefined ? {} : { own: setup.own }),
  }).catch(async (error: unknown) => {
    await scope.close();
    throw error;
  });
  if (!setup.starting) gateway.ready();
  const logged = (platform.log as TestLog).text;
  const stop = async () => {
    await gateway.close();
    await scope.close();
  };
  t.after(async () => {
    await stop();
    if (setup.state === undefined) await rm(state, { recursive: true, force: true });
  });
  const bus = await use(Events);
  return {
    ...gateway,
    devices,
    bus,
    state,
    logged,
    play: (event) => listeners.forEach((listen) => listen(event)),
    platform,
    use,
    stop,
  };
}

/** A few methods of every scope. */
const testMethods: readonly Method[] = [
  ...(["read", "write", "admin", "approvals", "pairing", "questions", "talk"] as const).map((scope) =>
    defineMethod({
      name: `test.${scope}`,
      scope: `operator.${scope}`,
      summary: "For tests.",
      params: closed({ text: Type.Optional(Type.String()) }),
      result: Type.Unknown(),
      run: (_, { text }) => ({ scope, text: text ?? null }),
    }),
  ),
  defineMethod({
    name: "test.node",
    scope: "node",
    summary: "For tests.",
    params: closed({}),
    result: Type.Unknown(),
    run: () => ({ node: true }),
  }),
  defineMethod({
    name: "test.twice",
    scope: "operator.read",
    summary: "Answers twice.",
    params: closed({}),
    result: Type.Unknown(),
    run(call) {
      call.acknowledge({ status: "accepted" });
      return { status: "ok" };
    },
  }),
  defineMethod({
    name: "test.ordered",
    scope: "operator.read",
    summary: "Publishes after its answer.",
    params: closed({}),
    result: Type.Unknown(),
    run(call) {
      call.after(async () =>
        (await call.use(Events)).publish("chat", { runId: "r", seq: 1, state: "delta", sessionKey: "agent:main:main" }),
      );
      return { status: "started" };
    },
  }),
  defineMethod({
    name: "test.fail",
    scope: "operator.read",
    summary: "Fails.",
    params: closed({}),
    result: Type.Unknown(),
    run: () => {
      throw new Error(`inner ${TOKEN}-like detail`);
    },
  }),
  defineMethod({
    name: "test.never",
    scope: "operator.read",
    summary: "Waits for the end of the connection.",
    params: closed({}),
    result: Type.Unknown(),
    run: (call) => new Promise((resolve) => call.signal.addEventListener("abort", () => resolve({}), { once: true })),
  }),
];

export function fakeDevices(): Devices {
  const rows = new Map<string, DeviceRow>();
  const requests = new Map<string, DeviceRequest>();
  return {
    get: async (id) => rows.get(id),
    put: async (row) => void rows.set(row.deviceId, row),
    remove: async (id) => rows.delete(id),
    list: async () => [...rows.values()],
    requests: async () => [...requests.values()],
    putRequest: async (request) => void requests.set(request.requestId, request),
    removeRequest: async (id) => requests.delete(id),
  };
}

function fakeKv(): Kv {
  const rows = new Map<string, string>();
  const at = (space: string, key: string) => `${space}\n${key}`;
  return {
    get: async (space, key) => rows.get(at(space, key)),
    set: async (space, key, value) => void rows.set(at(space, key), value),
    delete: async (space, key) => void rows.delete(at(space, key)),
    list: async (space) =>
      [...rows]
        .filter(([name]) => name.startsWith(`${space}\n`))
        .map(([name, value]) => ({ key: name.slice(space.length + 1), value })),
  };
}

interface TestLog extends Log {
  text(): string;
}

function testLog(quiet = false): TestLog {
  const lines: string[] = [];
  const write = (message: string, data?: unknown) =>
    void (quiet || lines.push(`${message} ${JSON.stringify(data ?? {})}`));
  const log: TestLog = {
    trace: write,
    debug: write,
    info: write,
    warn: write,
    error: write,
    fatal: write,
    for: () => log,
    text: () => lines.join("\n"),
  };
  return log;
}

function testPlatform(state: string, setup: Pick<Setup, "env" | "clock" | "spawn" | "quiet"> = {}): Platform {
  const refuse = () => Promise.reject(new Error("not in this test"));
  return {
    clock: setup.clock ?? systemClock,
    random: systemRandom,
    env: setup.env ?? {},
    log: testLog(setup.quiet),
    fetch: refuse,
    connect: refuse,
    spawn: setup.spawn ?? refuse,
    paths: { home: state, state, config: join(state, "openclaw.json") },
    version: "2026.11.0",
  };
}

function fakeConfig(root: Record<string, unknown>) {
  const snapshot: ConfigSnapshot = {
    section: (section) => check(section.schema as never, structuredClone(root[section.path] ?? {})).value as never,
    at: (path) =>
      path.split(".").reduce<unknown>((at, name) => (at as Record<string, unknown> | undefined)?.[name], root),
    root,
    hash: "hash",
  };
  return {
    follow: async () => {},
    current: () => snapshot,
    applied: () => snapshot.hash,
    fingerprint: async (hash: string) => `keyed ${hash}`,
    written: async () => {},
    read: () => Promise.reject(new Error("not in this test")),
    async edit(change: { path: string; value?: unknown }) {
      const names = change.path.split(".");
      let at = root;
      for (const name of names.slice(0, -1)) at = (at[name] ??= {}) as Record<string, unknown>;
      at[names.at(-1) ?? ""] = change.value;
      return {} as never;
    },
    redact: (given: unknown) => given,
  };
}

function fakeAgents(over: Readonly<Record<string, unknown>> = {}) {
  const agent = {
    id: "main",
    name: "Main",
    isDefault: true,
    workspace: "/w",
    identity: {},
    model: { fallbacks: [] },
    ...over,
  };
  const identity = async () => ({ name: agent.name, nameSource: "default", ...agent.identity });
  return { list: () => [agent], get: () => agent, default: () => agent, identity };
}

function value<T>(token: Token<T>, given: T): Provider<T> {
  return { token, make: () => given };
}

function fakeUse(platform: Platform, scope: Scope, providers: readonly Provider<never>[] | readonly Provider[]): Use {
  const made = new Map<string, Promise<unknown>>();
  const use: Use = (token) => {
    const known = made.get(token.name);
    if (known !== undefined) return known as never;
    const provider = (providers as readonly Provider[]).find((candidate) => candidate.token.name === token.name);
    if (provider === undefined) return Promise.reject(new Error(`no service ${token.name}`));
    const service = Promise.resolve(provider.make({ use, platform, scope }));
    made.set(token.name, service);
    return service as never;
  };
  return use;
}

export type { ConfigSection };
