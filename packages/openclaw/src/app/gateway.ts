/**
 * The gateway process: one life after another, each from reading the configuration to closing the port.
 *
 * 1. the configuration: read, brought up to date, its secrets fetched
 * 2. lock and port; clients that come early are told to come back
 * 3. what channels can send, then what a previous life left: outbox, turns, inbox, hooks
 * 4. ready: clients are let in, the file of the configuration is followed
 * 5. helpers whose end was not told yet, the channels' connections; whoever asked for the restart hears that it is over; upkeep, minutes later
 * 6. until a signal or a restart: work under way may end first, when it is a restart
 * 7. the port, then everything else that must end; after a restart the next life begins at 1
 */
import { errorText } from "../base/errors.ts";
import { Scope } from "../base/scope.ts";
import { Events } from "../contracts/bus.ts";
import type { CliOut } from "../contracts/cli.ts";
import { LifecycleToken, type Lifecycle } from "../contracts/lifecycle.ts";
import type { Platform, Use } from "../contracts/service.ts";
import { Channels } from "../features/channels/index.ts";
import { Config, SessionNotices, openConfig } from "../features/config/index.ts";
import type { ConfigService } from "../features/config/index.ts";
import { Hooks } from "../features/hooks/index.ts";
import { Inbound } from "../features/inbound/index.ts";
import { Outbound } from "../features/outbound/index.ts";
import { Runs } from "../features/runs/index.ts";
import { Lanes } from "../features/sessions/index.ts";
import { Generate } from "../features/generate/index.ts";
import { Subagents } from "../features/subagents/index.ts";
import { Upkeep } from "../features/upkeep/index.ts";
import { startGateway } from "../gateway/index.ts";
import type { GatewayOptions, RunningGateway } from "../gateway/index.ts";
import { events } from "../generated/events.ts";
import { methods } from "../generated/methods.ts";
import { routes } from "../generated/routes.ts";
import { busyWith } from "./busy.ts";
import { compose } from "./compose.ts";
import { createLifecycle } from "./lifecycle.ts";
import { allSections } from "./sections.ts";
import { uiFolder } from "./ui-folder.ts";

export interface RunGatewayOptions {
  readonly platform: Platform;
  readonly options: GatewayOptions;
  /** Aborts on SIGTERM and SIGINT. */
  readonly signal: AbortSignal;
  readonly out: CliOut;
  /** Called in every life once the port is open and turns are accepted. */
  readonly onReady?: (gateway: RunningGateway, lifecycle: Lifecycle) => void;
}

/** About how long clients wait between two lives. */
const RESTART_MS = 1000;

/** Runs until the signal aborts; resolves with the exit code. Rejects with a Fault when it cannot start. */
export async function runGateway(options: RunGatewayOptions): Promise<number> {
  let lastRestart: number | undefined;
  while ((await live(options, lastRestart)) === "restart") lastRestart = options.platform.clock.monotonic();
  return 0;
}

/** One life. Resolves with what ended it. */
async function live(
  { platform: given, options, signal, out, onReady }: RunGatewayOptions,
  lastRestart: number | undefined,
): Promise<"stop" | "restart"> {
  const { config, env } = await openConfig({
    platform: given,
    sections: allSections,
    secrets: async (all) => {
      const { createSecretResolver } = await import("../features/secrets/index.ts");
      return createSecretResolver({ platform: { ...given, env: all }, sections: allSections });
    },
  });
  const platform = { ...given, env };
  const scope = new Scope(platform.clock, "gateway");
  const lifecycle = createLifecycle({
    clock: platform.clock,
    pid: process.pid,
    busy: () => busyWith(use),
    ...(lastRestart === undefined ? {} : { lastRestart }),
  });
  const use = compose(
    platform,
    scope,
    new Map<string, unknown>([
      [Config.name, config],
      [LifecycleToken.name, lifecycle],
    ]),
  );
  try {
    const gateway = await startGateway({ platform, use, scope, methods, events, routes, uiRoot: uiFolder(), options });
    const openChannels = await takeUp(use);
    gateway.ready();
    await config.follow({ platform, scope, events: await use(Events), use });
    out.note(`[gateway] listening on ${gateway.url} (PID ${process.pid})`);
    if (gateway.tlsFingerprint !== undefined) out.note(`[gateway] certificate SHA-256 ${gateway.tlsFingerprint}`);
    onReady?.(gateway, lifecycle);
    await openChannels();
    await announceRestart(platform, use);
    await use(Upkeep);
    const reason = await Promise.race([lifecycle.due, aborted(signal)]);
    if (reason === undefined) return await gateway.close().then(() => "stop");
    platform.log.info("restarting", { reason });
    const quiet = await (await use(Lanes)).drain(deferralMs(config), signal);
    if (!quiet && !signal.aborted) platform.log.warn("work under way is interrupted by the restart");
    await gateway.close("gateway restarting", RESTART_MS);
    return signal.aborted ? "stop" : "restart";
  } finally {
    const { failed } = await scope.close();
    for (const label of failed) platform.log.warn("did not end in time", { part: label });
  }
}

/** Takes up what a previous life left; the returned function does the rest, which clients need not wait for. */
async function takeUp(use: Use): Promise<() => Promise<void>> {
  const [outbound, channels] = await Promise.all([use(Outbound), use(Channels)]);
  for (const { channel, account } of channels.status()) {
    const found = await channels.lookup(channel, account);
    if (found) outbound.know(found.channel, found.account);
  }
  await outbound.recover();
  await use(Runs);
  await (await use(Lanes)).resume();
  await (await use(Inbound)).resume();
  if ((await use(Config)).current().at("hooks.enabled") === true) await use(Hooks);
  return async () => {
    await (await use(Subagents)).resume();
    await (await use(Generate)).resume();
    await channels.start();
  };
}

/** Tells the session that waits for it that the restart is over. */
async function announceRestart(platform: Platform, use: Use): Promise<void> {
  try {
    await (await use(SessionNotices)).announceRestart();
  } catch (error) {
    platform.log.warn("what the restart was for could not be told", { error: errorText(error) });
  }
}

function deferralMs(config: ConfigService): number {
  const wanted = config.current().at("gateway.reload.deferralTimeoutMs");
  return typeof wanted === "number" ? wanted : 300_000;
}

function aborted(signal: AbortSignal): Promise<undefined> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve(undefined);
    else signal.addEventListener("abort", () => resolve(undefined), { once: true });
  });
}
