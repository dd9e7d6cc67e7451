/** Asking one gateway how it is, without leaving a trace there: no device, no pairing. */
import { record } from "../base/record.ts";
import { Fault, errorText } from "../base/errors.ts";
import { withDeadline } from "../base/time.ts";
import { pinOf } from "./_tls-pin.ts";
import type { Platform } from "../contracts/service.ts";
import { OWNER_SCOPES } from "../contracts/principal.ts";
import { errors } from "./errors.ts";
import type { Target } from "./target.ts";

export type Capability =
  | "admin_capable"
  | "write_capable"
  | "read_only"
  | "connected_no_operator_scope"
  | "pairing_pending"
  | "unknown";

/** As `gateway status` and `gateway probe` print them. */
export const CAPABILITY_LABELS: Readonly<Record<Capability, string>> = {
  admin_capable: "admin-capable",
  write_capable: "write-capable",
  read_only: "read-only",
  connected_no_operator_scope: "connect-only",
  pairing_pending: "pairing-pending",
  unknown: "unknown",
};

export interface Probe {
  readonly url: string;
  /** The login went through. */
  readonly connected: boolean;
  /** `status` was answered. */
  readonly readable: boolean;
  readonly latencyMs: number | null;
  readonly capability: Capability;
  readonly role: string | null;
  readonly scopes: readonly string[];
  readonly server: { readonly version: string | null; readonly connId: string | null };
  /** One sentence: why the login or the reading failed. */
  readonly error: string | null;
  /** Precise code of a refused login: `AUTH_TOKEN_MISMATCH`, `PAIRING_REQUIRED`. */
  readonly code: string | null;
  readonly health: unknown;
  readonly summary: unknown;
  readonly presence: unknown;
  readonly config: unknown;
}

const READS = ["health", "status", "system-presence", "config.get"] as const;

/** Never rejects. */
export async function probe(
  far: Target,
  {
    platform,
    timeoutMs,
    signal,
  }: { readonly platform: Platform; readonly timeoutMs: number; readonly signal: AbortSignal },
): Promise<Probe> {
  const { connect, preciseCode } = await import("../client/index.ts");
  const { throughTunnel } = await import("./_ssh-tunnel.ts");
  const { clock } = platform;
  const near = await throughTunnel(far, platform, signal).catch((error: unknown) => error as Error);
  if (near instanceof Error) return unreached(far, near);
  const { target } = near;
  const began = clock.monotonic();
  const gateway = connect({
    ...connectionOf(target),
    ...(await pinOf(target, platform)),
    client: { id: "cli", mode: "cli", version: platform.version, platform: process.platform },
    role: "operator",
    scopes: OWNER_SCOPES,
    reconnect: false,
  });
  const stop = () => gateway.close();
  signal.addEventListener("abort", stop, { once: true });
  try {
    const late = () => errors.CLI_GATEWAY_SILENT({ url: target.url, seconds: Math.round(timeoutMs / 1000) });
    const hello = await withDeadline(clock, timeoutMs, gateway.ready(), late);
    const latencyMs = Math.round(clock.monotonic() - began);
    const answers = await Promise.allSettled(READS.map((method) => gateway.request(method, {}, { timeoutMs })));
    const [health, summary, presence, config] = answers.map((each) =>
      each.status === "fulfilled" ? each.value : null,
    );
    const failed = answers.find((each) => each.status === "rejected");
    const scopes = hello.auth.scopes;
    return {
      url: far.url,
      connected: true,
      readable: summary !== null,
      latencyMs,
      capability: capabilityOf(scopes),
      role: hello.auth.role,
      scopes,
      server: { version: hello.server.version, connId: hello.server.connId },
      error: failed === undefined ? null : errorText(failed.reason),
      code: null,
      health,
      summary,
      presence,
      config: config === null ? null : { path: record(config)["path"] ?? null, valid: record(config)["valid"] ?? null },
    };
  } catch (error) {
    return unreached(far, error, error instanceof Fault ? preciseCode(error) : null);
  } finally {
    signal.removeEventListener("abort", stop);
    gateway.close();
    near.close();
  }
}

/** What a probe that never got in comes to. */
export function unreached(target: Pick<Target, "url">, error: unknown, code: string | null = null): Probe {
  const capability = code === "PAIRING_REQUIRED" ? "pairing_pending" : "unknown";
  return { ...NOTHING, url: target.url, error: errorText(error), code, capability };
}

const NOTHING = {
  connected: false,
  readable: false,
  latencyMs: null,
  role: null,
  scopes: [],
  server: { version: null, connId: null },
  health: null,
  summary: null,
  presence: null,
  config: null,
} as const;

function capabilityOf(scopes: readonly string[]): Capability {
  if (scopes.includes("operator.admin")) return "admin_capable";
  if (scopes.includes("operator.write")) return "write_capable";
  return scopes.includes("operator.read") ? "read_only" : "connected_no_operator_scope";
}

/** What a connection to a target is opened with. */
function connectionOf({ url, token, password }: Target) {
  return {
    url,
    ...(token === undefined ? {} : { token }),
    ...(password === undefined ? {} : { password }),
  };
}
