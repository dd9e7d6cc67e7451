/**
 * The listener. Order of start: settings (fail closed) · lock · port · services · ready. Clients that
 * come before the end are told to come back.
 */
import { networkInterfaces } from "node:os";
import { errorText } from "../base/errors.ts";
import { uuid } from "../base/ids.ts";
import type { Scope } from "../base/scope.ts";
import { Events } from "../contracts/bus.ts";
import type { GatewayEvent, Method } from "../contracts/method.ts";
import type { Route } from "../contracts/route.ts";
import type { Platform, Use } from "../contracts/service.ts";
import { Config } from "../features/config/index.ts";
import type { ConfigService } from "../features/config/index.ts";
import { Health } from "../features/health/index.ts";
import { addressMatcher } from "./_client-address.ts";
import type { Connection } from "./_connection.ts";
import { Dispatcher } from "./_dispatch.ts";
import { Doorman } from "./_doorman.ts";
import { Fanout } from "./_fanout.ts";
import { generatedToken } from "./_generated-token.ts";
import { startTicking } from "./_heartbeat.ts";
import { hello } from "./_hello.ts";
import { AuthLimiter } from "./_limiter.ts";
import { listen } from "./_listen.ts";
import { readSessionDefaults, uiConfig } from "./_facts.ts";
import { resolveSettings, type GatewayOptions, type Settings } from "./_settings.ts";
import { StaticUi } from "./_static.ts";
import { watchUpgrades } from "./_sockets.ts";
import { followRuns } from "./chat-events.ts";
import { gatewaySection } from "./config.ts";
import { createHttpServer } from "./http.ts";
import { Pairing, Presence } from "./_tokens.ts";
import { takeLock } from "./lock.ts";

export interface GatewayDeps {
  readonly platform: Platform;
  readonly use: Use;
  /** Ends with the gateway; it is told when the gateway must stop. */
  readonly scope: Scope;
  readonly methods: readonly Method[];
  readonly events: readonly GatewayEvent[];
  readonly routes: readonly Route[];
  /** Folder of the built Control UI. */
  readonly uiRoot?: string | undefined;
  readonly options: GatewayOptions;
}

export interface RunningGateway {
  /** `ws://127.0.0.1:18789`. */
  readonly url: string;
  readonly port: number;
  /** Start-up is through: from now on clients are let in. */
  ready(): void;
  /** Tells clients, closes their sockets and frees the port. Idempotent. */
  close(reason?: string): Promise<void>;
}

const STOP_GRACE_MS = 1500;

/** Opens the port. Rejects with a Fault that says what is in the way. */
export async function startGateway(deps: GatewayDeps): Promise<RunningGateway> {
  const { platform, use, scope } = deps;
  const log = platform.log.for("gateway");
  const config = await use(Config);
  const settings = await completeSettings(deps, config);
  for (const key of settings.weak) log.warn(`${key} weakens the protection of this gateway`);
  const release = await takeLock(platform, settings.port);
  scope.add("gateway lock", release);

  const started = platform.clock.monotonic();
  const state = { phase: "starting" as "starting" | "ready" | "draining" };
  const uptimeMs = () => Math.round(platform.clock.monotonic() - started);
  const limiter = new AuthLimiter(settings.limits, platform.clock);
  const root = settings.ui.root ?? deps.uiRoot;
  const ui = settings.ui.enabled
    ? new StaticUi({ root, basePath: settings.ui.basePath, externalEmbeds: settings.embeds.external })
    : undefined;
  const server = createHttpServer({
    platform,
    use,
    settings,
    limiter,
    routes: deps.routes,
    probes: { version: platform.version, uptimeMs, phase: () => state.phase, failing: () => [] },
    ui,
    uiConfig: () => uiConfig({ use, platform, settings, ui, config }),
  });
  const connections = new Set<Connection>();
  const upgrades = watchUpgrades(server, {
    settings,
    platform,
    connections,
    closing: () => state.phase === "draining",
  });
  const port = await listen(server, settings).catch(async (error: unknown) => {
    await release();
    throw error;
  });

  const [bus, desk, presence] = await Promise.all([use(Events), use(Pairing), use(Presence)]);
  const fanout = new Fanout({ connections, events: deps.events, log });
  const dispatcher = new Dispatcher({ platform, use, methods: deps.methods });
  const bootId = uuid(platform.random);
  const doorman = new Doorman({
    gate: { settings, limiter, desk, clock: platform.clock, ready: () => state.phase === "ready" },
    dispatcher,
    presence,
    log,
    connections,
    hello: async (login, caller) => {
      const current = config.current();
      const [health, sessionDefaults] = await Promise.all([use(Health), readSessionDefaults(use, current)]);
      return hello(login, caller, {
        platform,
        bootId,
        methods: dispatcher.names(),
        events: fanout.names(),
        version: fanout.version,
        uptimeMs: uptimeMs(),
        authMode: settings.auth.mode,
        configHash: current.hash,
        attachmentBytes: 20_000_000,
        presence: presence.list(),
        health: health.cached(),
        sessionDefaults,
      });
    },
  });
  scope.add("gateway events", fanout.follow(bus));
  scope.add(
    "gateway ticks",
    startTicking({ clock: platform.clock, bus, connections, also: () => void desk.sweep().catch(() => undefined) }),
  );
  void followRuns({ use, bus, clock: platform.clock, connections }).then(
    (stop) => scope.add("chat events", stop),
    (error: unknown) => log.error("runs cannot be followed", { error: errorText(error) }),
  );
  upgrades.open((connection) => doorman.receive(connection));

  const close = once(async (reason: string) => {
    state.phase = "draining";
    bus.publish("shutdown", { reason });
    await closeSockets(connections, platform);
    server.closeAllConnections();
    await new Promise<void>((resolve) => server.close(() => resolve()));
    await release();
  });
  scope.add("gateway port", () => close("gateway stopping"));
  const host = settings.host === "0.0.0.0" ? "127.0.0.1" : settings.host;
  return {
    url: `ws://${host}:${port}`,
    port,
    ready: () => {
      if (state.phase === "starting") state.phase = "ready";
    },
    close: (reason = "gateway stopping") => close(reason),
  };
}

/** Settings with a secret in them: where none is configured and only this machine can connect, one is made. */
async function completeSettings(deps: GatewayDeps, config: ConfigService): Promise<Settings> {
  const { platform, options } = deps;
  const settings = resolveSettings(config.current().section(gatewaySection), options, platform.env, ownTailnet());
  if (!settings.auth.generate) return settings;
  const secret = await generatedToken(platform, config);
  return { ...settings, auth: { mode: "token", secret, generate: false } };
}

/** Addresses that this machine has in a tailnet: peers using them are this machine. */
function ownTailnet(): string[] {
  const inTailnet = addressMatcher(["100.64.0.0/10", "fd7a:115c:a1e0::/48"]);
  const all = Object.values(networkInterfaces()).flatMap((list) => list ?? []);
  return all.map(({ address }) => address).filter(inTailnet);
}

/** Closes every socket in order; those that have not answered after the grace are cut. */
async function closeSockets(connections: Set<Connection>, platform: Platform): Promise<void> {
  const gone = [...connections].map((connection) => new Promise<void>((resolve) => connection.onClose(resolve)));
  for (const connection of connections) connection.close(1012, "service restart");
  let cancel = () => {};
  const late = new Promise<void>((resolve) => (cancel = platform.clock.timer(STOP_GRACE_MS, resolve)));
  await Promise.race([Promise.all(gone), late]);
  cancel();
  for (const connection of connections) connection.terminate();
}

function once(work: (reason: string) => Promise<void>): (reason: string) => Promise<void> {
  let running: Promise<void> | undefined;
  return (reason) => (running ??= work(reason));
}
