/** One connection to the gateway for one command. */
import type { Gateway } from "../client/index.ts";
import { withDeadline } from "../base/time.ts";
import type { CliCall } from "../contracts/cli.ts";
import type { Platform } from "../contracts/service.ts";
import { errors } from "./errors.ts";
import { pinOf } from "./_tls-pin.ts";
import type { Target } from "./target.ts";

const DEFAULT_TIMEOUT_MS = 10_000;

export interface Caller {
  call(method: string, params: Readonly<Record<string, unknown>>, options: CliCall): Promise<unknown>;
  close(): void;
}

/**
 * Connects on the first call, with the scopes that the call names, and keeps the connection for further
 * calls with the same ones. Over loopback the shared secret is enough; elsewhere this machine's device
 * identity proves who asks.
 */
export function createCaller(target: Target, platform: Platform, signal: AbortSignal): Caller {
  const connections = new Map<string, Promise<Gateway>>();
  const opened: Gateway[] = [];
  const closeAll = () => {
    for (const gateway of opened.splice(0)) gateway.close();
    connections.clear();
  };
  signal.addEventListener("abort", closeAll, { once: true });

  const open = async (scopes: readonly string[], timeoutMs: number): Promise<Gateway> => {
    const gateway = await start(target, platform, scopes);
    opened.push(gateway);
    if (signal.aborted) closeAll();
    await withDeadline(platform.clock, timeoutMs, gateway.ready(), () =>
      errors.CLI_GATEWAY_SILENT({ url: target.url, seconds: Math.round(timeoutMs / 1000) }),
    );
    return gateway;
  };

  const connectionFor = (scopes: readonly string[], timeoutMs: number): Promise<Gateway> => {
    const key = scopes.toSorted().join(" ");
    const connection = connections.get(key) ?? open(scopes, timeoutMs);
    connections.set(key, connection);
    return connection;
  };

  return {
    call: async (method, params, { scopes, timeoutMs = DEFAULT_TIMEOUT_MS, final = false }) => {
      signal.throwIfAborted();
      const gateway = await connectionFor(scopes, Math.min(timeoutMs, DEFAULT_TIMEOUT_MS));
      return gateway.request(method, params, { timeoutMs, ...(final ? { expectFinal: true } : {}) });
    },
    close: closeAll,
  };
}

async function start(target: Target, platform: Platform, scopes: readonly string[]): Promise<Gateway> {
  const { connect, nodeStore } = await import("../client/index.ts");
  const hasSecret = target.token !== undefined || target.password !== undefined;
  return connect({
    url: target.url,
    ...(await pinOf(target, platform)),
    ...(target.token === undefined ? {} : { token: target.token }),
    ...(target.password === undefined ? {} : { password: target.password }),
    ...(target.loopback && hasSecret ? {} : { store: await nodeStore(platform.paths.state) }),
    client: { id: "cli", mode: "cli", version: platform.version, platform: process.platform },
    role: "operator",
    scopes,
    reconnect: false,
  });
}
