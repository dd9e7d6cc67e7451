/**
 * The gateway process: composition root. Order of start: configuration, lock and port (so that clients
 * are answered early), store, channels' limits, then what a previous process left open, then the
 * channels' connections.
 */
import { Scope } from "../base/scope.ts";
import type { CliOut } from "../contracts/cli.ts";
import { ChatCommands } from "../features/inbound/index.ts";
import { Prose } from "../contracts/bus.ts";
import type { Platform, Use } from "../contracts/service.ts";
import { Channels, ChannelRegistry } from "../features/channels/index.ts";
import { ConfigSections } from "../features/config/index.ts";
import { Inbound } from "../features/inbound/index.ts";
import { Outbound } from "../features/outbound/index.ts";
import { ToolRegistry } from "../features/policy/index.ts";
import { Runs } from "../features/runs/index.ts";
import { Lanes } from "../features/sessions/index.ts";
import { startGateway } from "../gateway/index.ts";
import type { GatewayOptions, RunningGateway } from "../gateway/index.ts";
import { chat } from "../generated/chat.ts";
import { configSections } from "../generated/config.ts";
import { dialects } from "../generated/dialects.ts";
import { events } from "../generated/events.ts";
import { extensions } from "../generated/extensions.ts";
import { methods } from "../generated/methods.ts";
import { migrations } from "../generated/migrations.ts";
import { routes } from "../generated/routes.ts";
import { services } from "../generated/services.ts";
import { tools } from "../generated/tools.ts";
import { vendors } from "../generated/vendors.ts";
import { Dialects, Vendors } from "../models/index.ts";
import { Migrations } from "../store/index.ts";
import { createContainer } from "./container.ts";
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

/** Everything the generated registries bring, by the token that asks for it. */
export function registeredValues(): Map<string, unknown> {
  return new Map<string, unknown>([
    [ConfigSections.name, configSections],
    [Migrations.name, migrations],
    [Dialects.name, Object.fromEntries(Object.entries(dialects).map(([id, load]) => [id, async () => (await load()).dialect]))],
    [Vendors.name, vendors],
    [ToolRegistry.name, tools],
    [ChatCommands.name, chat],
    [ChannelRegistry.name, extensions.map(({ manifest, load }) => ({ manifest, load: async () => (await load()).default }))],
  ]);
}

/** Runs until the signal aborts; resolves with the exit code. Rejects with a Fault when it cannot start. */
export async function runGateway({ platform, options, signal, out, onReady }: RunGatewayOptions): Promise<number> {
  const scope = new Scope(platform.clock, "gateway");
  try {
    const use = compose(platform, scope);
    const gateway = await startGateway({ platform, use, scope, methods, events, routes, uiRoot: uiFolder(), options });
    await startWork(use);
    gateway.ready();
    onReady?.(gateway);
    out.note(`[gateway] listening on ${gateway.url} (PID ${process.pid})`);
    await aborted(signal);
    await gateway.close();
    return 0;
  } finally {
    const { failed } = await scope.close();
    for (const label of failed) platform.log.warn("did not end in time", { part: label });
  }
}

export function compose(platform: Platform, scope: Scope): Use {
  const values = registeredValues();
  const lazy = { ...services, [Prose.name]: async () => ({ services: [{ token: Prose, make: async () => (await import("../generated/prose.ts")).prose }] }) };
  return createContainer({ platform, scope, registry: lazy, values });
}

/** Takes up what a previous process left and opens the channels. */
async function startWork(use: Use): Promise<void> {
  const outbound = await use(Outbound);
  const channels = await use(Channels);
  for (const { channel, account } of channels.status()) {
    const found = await channels.lookup(channel, account);
    if (found) outbound.know(found.channel, found.account);
  }
  await outbound.recover();
  await use(Runs);
  await (await use(Lanes)).resume();
  await (await use(Inbound)).resume();
  await channels.start();
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener("abort", () => resolve(), { once: true });
  });
}

