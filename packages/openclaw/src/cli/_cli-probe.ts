/** `gateway probe`: every gateway that the configuration and the flags name, asked at once. */
import type { CliContext } from "../contracts/cli.ts";
import { CAPABILITY_LABELS, probe, type Probe } from "./_probe.ts";
import { numberOf, record, textOf } from "./_options.ts";
import { runningPort } from "./_running.ts";
import { openTunnel, type Tunnel } from "./_ssh-tunnel.ts";
import { targetFlags } from "./context.ts";
import { resolveTarget, type Target } from "./target.ts";

type Id = "explicit" | "ssh" | "remote" | "local";

interface Candidate {
  readonly id: Id;
  readonly label: string;
  readonly target: Target;
}

interface Warning {
  readonly code: "ssh_tunnel_failed" | "multiple_gateways" | "probe_scope_limited" | "read_failed";
  readonly message: string;
  readonly targetIds?: readonly Id[];
}

/** Exit code 1 only when nothing answers. */
export async function run(context: CliContext): Promise<number> {
  const { platform, options, signal, global, out } = context;
  const timeoutMs = numberOf(options, "timeout") ?? 10_000;
  const warnings: Warning[] = [];
  const known = await candidates(context);
  const tunnel = await tunnelFor(context, known, warnings);
  try {
    const all = tunnel === undefined ? known : withTunnel(known, tunnel);
    const asked = all.map(async (each) => ({
      ...each,
      found: await probe(each.target, { platform, timeoutMs, signal }),
    }));
    const results = await Promise.all(asked);
    warnings.push(...warningsOf(results));
    const primary = results.find(({ found }) => found.connected);
    if (global.json) out.json(report(results, primary, { warnings, timeoutMs }));
    else print(context, results, warnings);
    return primary === undefined ? 1 : 0;
  } finally {
    tunnel?.close();
  }
}

type Result = Candidate & { readonly found: Probe };

/** In order of preference: explicit, SSH, remote, loopback. */
async function candidates({ platform, options }: CliContext): Promise<readonly Candidate[]> {
  const { readConfig } = await import("../features/config/index.ts");
  const file = await readConfig(platform);
  const env = { ...platform.env, ...file.env };
  const config = file.resolved;
  const gateway = record(config["gateway"]);
  const flags = targetFlags(options);
  const found: Candidate[] = [];
  if (flags.url !== undefined)
    found.push({ id: "explicit", label: "URL (explicit)", target: resolveTarget(flags, env, config) });
  const here = { ...env, OPENCLAW_GATEWAY_URL: undefined };
  const own = flags.url === undefined ? flags : {};
  if (typeof record(gateway["remote"])["url"] === "string") {
    const active = gateway["mode"] === "remote";
    const target = resolveTarget(active ? own : {}, here, { ...config, gateway: { ...gateway, mode: "remote" } });
    found.push({ id: "remote", label: active ? "Remote (configured)" : "Remote (configured, inactive)", target });
  }
  const local = { ...config, gateway: { ...gateway, mode: "local" } };
  const mine = gateway["mode"] === "remote" ? {} : own;
  found.push({
    id: "local",
    label: "Local loopback",
    target: resolveTarget(mine, here, local, await runningPort(platform)),
  });
  return found;
}

async function tunnelFor(
  context: CliContext,
  known: readonly Candidate[],
  warnings: Warning[],
): Promise<Tunnel | undefined> {
  const { options, platform, signal } = context;
  const { readConfig } = await import("../features/config/index.ts");
  const remote = record(record((await readConfig(platform)).resolved["gateway"])["remote"]);
  const configured = options["sshAuto"] === true ? textOf(remote, "sshTarget") : undefined;
  const to = textOf(options, "ssh") ?? configured;
  if (to === undefined) return undefined;
  const base = known.find(({ id }) => id === "explicit" || id === "remote") ?? known[0];
  const identity = textOf(options, "sshIdentity") ?? textOf(remote, "sshIdentity");
  const port = base === undefined ? 18_789 : Number(new URL(base.target.url).port || 18_789);
  try {
    return await openTunnel(platform, {
      to,
      remotePort: port,
      signal,
      ...(identity === undefined ? {} : { identity }),
    });
  } catch {
    warnings.push({ code: "ssh_tunnel_failed", message: "SSH tunnel failed to start; falling back to direct probes." });
    return undefined;
  }
}

/** The tunnel's end here stands for the gateway at the other end, with that one's credentials. */
function withTunnel(known: readonly Candidate[], tunnel: Tunnel): readonly Candidate[] {
  const base = known.find(({ id }) => id === "explicit" || id === "remote") ?? known[0];
  if (base === undefined) return known;
  const url = `ws://127.0.0.1:${tunnel.port}`;
  const ssh: Candidate = {
    id: "ssh",
    label: "SSH tunnel",
    target: { ...base.target, url, local: false, loopback: true },
  };
  const first = known.filter(({ id }) => id === "explicit");
  return [...first, ssh, ...known.filter(({ id }) => id !== "explicit")];
}

function warningsOf(results: readonly Result[]): Warning[] {
  const connected = results.filter(({ found }) => found.connected);
  const limited = connected.filter(
    ({ found }) => !found.readable && found.capability === "connected_no_operator_scope",
  );
  const broken = connected.filter(({ found }) => !found.readable && found.capability !== "connected_no_operator_scope");
  const several = new Set(connected.map(({ found }) => JSON.stringify(record(found.presence)["0"] ?? found.url)));
  return [
    ...(several.size > 1
      ? [
          {
            code: "multiple_gateways",
            message: "multiple reachable gateways detected",
            targetIds: ids(connected),
          } as const,
        ]
      : []),
    ...(limited.length > 0
      ? [
          {
            code: "probe_scope_limited",
            message:
              "Read-probe diagnostics are limited by gateway scopes (missing operator.read); pair this device or use the shared secret over loopback.",
            targetIds: ids(limited),
          } as const,
        ]
      : []),
    ...(broken.length > 0
      ? [
          {
            code: "read_failed",
            message: "Gateway accepted the WebSocket connection, but follow-up read diagnostics failed.",
            targetIds: ids(broken),
          } as const,
        ]
      : []),
  ];
}

function ids(results: readonly Result[]): Id[] {
  return results.map(({ id }) => id);
}

function report(
  results: readonly Result[],
  primary: Result | undefined,
  { warnings, timeoutMs }: { readonly warnings: readonly Warning[]; readonly timeoutMs: number },
): unknown {
  return {
    ok: primary !== undefined,
    degraded: primary !== undefined && !primary.found.readable,
    capability: primary?.found.capability ?? results[0]?.found.capability ?? "unknown",
    primaryTargetId: primary?.id ?? null,
    warnings,
    network: null,
    discovery: { timeoutMs, count: 0 },
    targets: results.map(({ id, target, found }) => ({
      id,
      kind: target.source,
      url: target.url,
      connect: {
        ok: found.connected,
        rpcOk: found.readable,
        scopeLimited: found.connected && found.capability === "connected_no_operator_scope",
        latencyMs: found.latencyMs,
        error: found.error,
        code: found.code,
      },
      auth: { role: found.role, scopes: found.scopes, capability: found.capability },
      server: found.server,
      self: Array.isArray(found.presence) ? (found.presence[0] ?? null) : null,
      config: found.config,
      health: found.health,
      summary: found.summary,
      presence: found.presence,
    })),
  };
}

function print({ out }: CliContext, results: readonly Result[], warnings: readonly Warning[]): void {
  const reachable = results.some(({ found }) => found.connected);
  const best = results.find(({ found }) => found.connected)?.found.capability ?? results[0]?.found.capability;
  out.line(`Reachable: ${reachable ? "yes" : "no"}`);
  out.line(`Capability: ${CAPABILITY_LABELS[best ?? "unknown"]}`);
  for (const { label, target, found } of results) {
    out.line();
    out.line(`${label}: ${target.url}`);
    out.line(`  Connect: ${found.connected ? `ok (${found.latencyMs} ms)` : `failed - ${found.error}`}`);
    if (found.connected) out.line(`  Read probe: ${readLine(found)}`);
  }
  for (const { message } of warnings) out.note(`Warning: ${message}`);
}

function readLine(found: Probe): string {
  if (found.readable) return "ok";
  return found.capability === "connected_no_operator_scope" ? "limited - missing scope: operator.read" : "failed";
}
