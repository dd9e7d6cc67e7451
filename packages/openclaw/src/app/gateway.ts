/**
 * The gateway process. Order of start: configuration, lock and port (clients that come early are told
 * to come back), the limits of the channels, what a previous process left open, then the channels'
 * connections.
 */
import { Scope } from "../base/scope.ts";
import { Events } from "../contracts/bus.ts";
import type { CliOut } from "../contracts/cli.ts";
import type { Platform, Use } from "../contracts/service.ts";
import { Channels } from "../features/channels/index.ts";
import { Config, createConfig, loadConfig } from "../features/config/index.ts";
import { Inbound } from "../features/inbound/index.ts";
import { Outbound } from "../features/outbound/index.ts";
import { Runs } from "../features/runs/index.ts";
import { Lanes } from "../features/sessions/index.ts";
import { startGateway } from "../gateway/index.ts";
import type { GatewayOptions, RunningGateway } from "../gateway/index.ts";
import { events } from "../generated/events.ts";
import { methods } from "../generated/methods.ts";
import { routes } from "../generated/routes.ts";
import { allSections, compose } from "./compose.ts";
import { uiFolder } from "./ui-folder.ts";

export interface RunGatewayOptions {
  readonly platform: Platform;
  readonly options: GatewayOptions;
  /** Aborts on SIGTERM and SIGINT. */
  readonly signal: AbortSignal;
  readonly out: CliOut;
  /** Called once the port is open and turns are accepted. */
  readonly onReady?: (gateway: RunningGateway) => void;
}

/** Runs until the signal aborts; resolves with the exit code. Rejects with a Fault when it cannot start. */
export async function runGateway({
  platform: given,
  options,
  signal,
  out,
  onReady,
}: RunGatewayOptions): Promise<number> {
  const file = await loadConfig({ platform: given, sections: allSections });
  const platform = { ...given, env: { ...given.env, ...file.env } };
  const config = await createConfig({ platform, sections: allSections, file });
  const scope = new Scope(platform.clock, "gateway");
  try {
    const use = compose(platform, scope, new Map([[Config.name, config]]));
    const gateway = await startGateway({ platform, use, scope, methods, events, routes, uiRoot: uiFolder(), options });
    const openChannels = await takeUp(use);
    gateway.ready();
    await config.follow({ platform, scope, events: await use(Events) });
    out.note(`[gateway] listening on ${gateway.url} (PID ${process.pid})`);
    onReady?.(gateway);
    await openChannels();
    await aborted(signal);
    await gateway.close();
    return 0;
  } finally {
    const { failed } = await scope.close();
    for (const label of failed) platform.log.warn("did not end in time", { part: label });
  }
}

/** Takes up what a previous process left; the returned function opens the channels. */
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
  return () => channels.start();
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener("abort", () => resolve(), { once: true });
  });
}
