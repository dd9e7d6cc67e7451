/**
 * The listener. Order of start: settings (fail closed) · lock · port · services · ready. Clients that
 * come before the end are told to come back.
 */
import type { Server } from "node:http";
import { networkInterfaces } from "node:os";
import type { Scope } from "../base/scope.ts";
import { Events } from "../contracts/bus.ts";
import type { GatewayEvent, Method } from "../contracts/method.ts";
import type { Route } from "../contracts/route.ts";
import type { Platform, Use } from "../contracts/service.ts";
import { Channels } from "../features/channels/index.ts";
import { Config, type ConfigService } from "../features/config/index.ts";
import { addressMatcher } from "./_client-address.ts";
import { uiConfig } from "./_facts.ts";
import { generatedToken } from "./_generated-token.ts";
import { AuthLimiter } from "./_limiter.ts";
import { listen } from "./_listen.ts";
import { openSockets } from "./_open-sockets.ts";
import { GatewayProcess } from "./_process.ts";
import { resolveSettings, type GatewayOptions, type Settings } from "./_settings.ts";
import { watchUpgrades } from "./_sockets.ts";
import { StaticUi } from "./_static.ts";
import { gatewaySection } from "./config.ts";
import { createHttpServer } from "./http.ts";
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
  const settings = await completeSettings(deps, config);
  for (const key of settings.weak) platform.log.for("gateway").warn(`${key} weakens the protection of this gateway`);
  const release = await takeLock(platform, settings.port);
  scope.add("gateway lock", release);

  const process = new GatewayProcess(platform.clock);
  const limiter = new AuthLimiter(settings.limits, platform.clock);
  const server = httpServer(deps, { config, settings, limiter, process });
  const { connections } = process;
  const upgrades = watchUpgrades(server, {
    settings,
    platform,
    connections,
    closing: () => process.phase === "draining",
  });
  const port = await listen(server, settings).catch(async (error: unknown) => {
    await release();
    throw error;
  });
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
  await openSockets({ deps, config, settings, limiter, process, upgrades });

  const ready = () => {
    if (process.phase === "starting") process.phase = "ready";
    void use(Channels).then(
      (channels) => (process.channels = channels),
      () => undefined,
    );
  };
  const host = settings.host === "0.0.0.0" ? "127.0.0.1" : settings.host;
  return {
    url: `ws://${host}:${port}`,
    port,
    ready,
    close: (reason = "gateway stopping", restartExpectedMs) => close(reason, restartExpectedMs),
  };
}

function httpServer(
  deps: GatewayDeps,
  parts: { config: ConfigService; settings: Settings; limiter: AuthLimiter; process: GatewayProcess },
): Server {
  const { platform, use, routes } = deps;
  const { config, settings, limiter, process } = parts;
  const root = settings.ui.root ?? deps.uiRoot;
  const look = { root, basePath: settings.ui.basePath, externalEmbeds: settings.embeds.external };
  const ui = settings.ui.enabled ? new StaticUi(look) : undefined;
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
  });
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
