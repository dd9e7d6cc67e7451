/**
 * The listener. Order of start: settings (fail closed) · lock · port · services · ready. Clients that
 * come before the end are told to come back.
 */
import type { Server } from "node:http";
import { errorText } from "../base/errors.ts";
import type { Scope } from "../base/scope.ts";
import { Events } from "../contracts/bus.ts";
import type { GatewayEvent, Method } from "../contracts/method.ts";
import type { Route } from "../contracts/route.ts";
import type { Platform, Use } from "../contracts/service.ts";
import { Channels } from "../features/channels/index.ts";
import { Config, type ConfigService } from "../features/config/index.ts";
import { Discovery } from "../features/discovery/index.ts";
import { isLoopback } from "./_auth/client-address.ts";
import { ownAddresses, reachableHost, type OwnAddresses } from "./_listen/bind.ts";
import { completeSettings } from "./_auth/complete-settings.ts";
import { uiConfig } from "./_socket/facts.ts";
import { AuthLimiter } from "./_auth/limiter.ts";
import { listen } from "./_listen/listen.ts";
import { openSockets } from "./_socket/open-sockets.ts";
import { GatewayProcess } from "./_process.ts";
import type { GatewayOptions, Settings } from "./_listen/settings.ts";
import type { ReachFacts } from "./_listen/reach.ts";
import { ReachToken } from "./_service-tokens.ts";
import { watchUpgrades } from "./_socket/sockets.ts";
import { StaticUi } from "./_http/static.ts";
import type { Tls } from "./_listen/tls.ts";
import { createHttpServer } from "./http.ts";
import { takeLock } from "./_listen/lock.ts";

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
  /** Addresses of this machine; absent = as the system says. */
  readonly own?: OwnAddresses;
}

export interface RunningGateway {
  /** `ws://127.0.0.1:18789`, as this machine reaches it. */
  readonly url: string;
  readonly port: number;
  /** SHA-256 of the certificate, where it serves TLS. */
  readonly tlsFingerprint?: string;
  /** Start-up is through: from now on clients are let in. */
  ready(): void;
  /**
   * Tells clients, closes their sockets and frees the port. `restartExpectedMs`: when they may come back.
   * Idempotent.
   */
  close(reason?: string, restartExpectedMs?: number): Promise<void>;
}

const STOP_GRACE_MS = 1500;

/** Opens the port. Rejects with a Fault that says what is in the way. */
export async function startGateway(deps: GatewayDeps): Promise<RunningGateway> {
  const { platform, use, scope } = deps;
  const config = await use(Config);
  const own = deps.own ?? ownAddresses();
  const settings = await completeSettings(platform, config, deps.options, own);
  for (const key of settings.weak) platform.log.for("gateway").warn(`${key} weakens the protection of this gateway`);
  const release = await takeLock(platform, { port: settings.port, host: reachableHost(settings.hosts[0]) });
  scope.add("gateway lock", release);
  const tls = await secureSide(platform, settings, own);

  const process = new GatewayProcess(platform.clock);
  const limiter = new AuthLimiter(settings.limits, platform.clock);
  const ui = staticUi(deps, settings);
  const server = httpServer(deps, { config, settings, limiter, process, ui, create: tls?.create });
  const { connections } = process;
  const upgrades = watchUpgrades(server, {
    settings,
    platform,
    connections,
    closing: () => process.phase === "draining",
  });
  const { port, host } = await listen(server, settings).catch(async (error: unknown) => {
    await release();
    throw error;
  });
  tls?.keep(scope);
  (await use(ReachToken)).set(reachOf(settings, own, { port, host }));
  const close = once(async (reason: string, restartExpectedMs?: number) => {
    process.phase = "draining";
    const back = restartExpectedMs === undefined ? {} : { restartExpectedMs };
    (await use(Events)).publish("shutdown", { reason, ...back });
    await closeSockets(process, platform);
    server.closeAllConnections();
    await new Promise<void>((resolve) => server.close(() => resolve()));
    await release();
  });
  scope.add("gateway port", () => close("gateway stopping"));
  await openSockets({ deps, config, settings, limiter, process, upgrades, ui });

  const ready = () => {
    if (process.phase === "starting") process.phase = "ready";
    void publishPort(platform, scope, settings, port);
    void announcePort(deps, { host, port, own, ...(tls === undefined ? {} : { tlsFingerprint: tls.fingerprint }) });
    void use(Channels).then(
      (channels) => (process.channels = channels),
      () => undefined,
    );
  };
  return {
    url: `${tls === undefined ? "ws" : "wss"}://${reachableHost(host)}:${port}`,
    port,
    ...(tls === undefined ? {} : { tlsFingerprint: tls.fingerprint }),
    ready,
    close: (reason = "gateway stopping", restartExpectedMs) => close(reason, restartExpectedMs),
  };
}

async function secureSide(platform: Platform, settings: Settings, own: OwnAddresses): Promise<Tls | undefined> {
  if (settings.tls === undefined) return undefined;
  const { openTls } = await import("./_listen/tls.ts");
  return openTls({ platform, settings: settings.tls, own });
}

function reachOf(
  settings: Settings,
  own: OwnAddresses,
  at: { readonly port: number; readonly host: string },
): ReachFacts {
  const { bind, auth, tailscale } = settings;
  return {
    ...at,
    bind,
    own,
    tls: settings.tls !== undefined,
    authMode: auth.mode,
    ...(tailscale === undefined ? {} : { tailscale: tailscale.mode }),
  };
}

/** Tells the local network, where it can reach the port at all. */
async function announcePort(
  { use, scope, platform }: GatewayDeps,
  at: { readonly host: string; readonly port: number; readonly own: OwnAddresses; readonly tlsFingerprint?: string },
): Promise<void> {
  if (isLoopback(at.host)) return;
  const everywhere = at.host === "0.0.0.0" || at.host === "::";
  try {
    await (await use(Discovery)).announce({ ...at, addresses: everywhere ? at.own.outward : [at.host] }, scope);
  } catch (error) {
    platform.log.for("gateway").warn("the gateway is not announced on the network", { error: errorText(error) });
  }
}

async function publishPort(platform: Platform, scope: Scope, settings: Settings, port: number): Promise<void> {
  if (settings.tailscale === undefined) return;
  const { publish } = await import("./_listen/tailscale.ts");
  await publish(platform, scope, { ...settings.tailscale, port, tls: settings.tls !== undefined });
}

function staticUi(deps: GatewayDeps, { ui, embeds }: Settings): StaticUi | undefined {
  if (!ui.enabled) return undefined;
  return new StaticUi({ root: ui.root ?? deps.uiRoot, basePath: ui.basePath, externalEmbeds: embeds.external });
}

interface HttpSide {
  readonly config: ConfigService;
  readonly settings: Settings;
  readonly limiter: AuthLimiter;
  readonly process: GatewayProcess;
  readonly ui: StaticUi | undefined;
  readonly create: Tls["create"] | undefined;
}

function httpServer(deps: GatewayDeps, parts: HttpSide): Server {
  const { platform, use, routes } = deps;
  const { config, settings, limiter, process, ui, create } = parts;
  const probes = {
    version: platform.version,
    uptimeMs: () => process.uptimeMs(),
    phase: () => process.phase,
    failing: () => process.failing(),
  };
  return createHttpServer({
    platform,
    use,
    settings,
    config: () => config.current(),
    limiter,
    routes,
    probes,
    ui,
    uiConfig: () => uiConfig({ use, platform, settings, ui, config }),
    ...(create === undefined ? {} : { create }),
  });
}

/** Closes every socket in order; those that have not answered after the grace are cut. */
async function closeSockets({ connections }: GatewayProcess, platform: Platform): Promise<void> {
  const gone = [...connections].map((connection) => new Promise<void>((resolve) => connection.onClose(resolve)));
  for (const connection of connections) connection.close(1012, "service restart");
  let cancel = () => {};
  const late = new Promise<void>((resolve) => (cancel = platform.clock.timer(STOP_GRACE_MS, resolve)));
  await Promise.race([Promise.all(gone), late]);
  cancel();
  for (const connection of connections) connection.terminate();
}

type Close = (reason: string, restartExpectedMs?: number) => Promise<void>;

function once(work: Close): Close {
  let running: Promise<void> | undefined;
  return (reason, restartExpectedMs) => (running ??= work(reason, restartExpectedMs));
}
