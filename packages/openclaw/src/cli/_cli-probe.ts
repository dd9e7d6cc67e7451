/** `gateway probe`: every gateway that the configuration and the flags name, asked at once. */
import { record } from "../base/record.ts";
import type { Env } from "../base/env.ts";
import type { CliContext } from "../contracts/cli.ts";
import { withGatewaySecrets } from "./_gateway-secrets.ts";
import { numberOf, textOf } from "./_options.ts";
import { CAPABILITY_LABELS, probe, unreached, type Probe } from "./_probe.ts";
import { runningAt } from "./_running.ts";
import { targetFlags } from "./context.ts";
import { configuredSsh, resolveTarget, type SshHost, type Target } from "./target.ts";

type Id = "explicit" | "ssh" | "remote" | "local";

interface Candidate {
  readonly id: Id;
  readonly label: string;
  /** Or why there is none: an address that must not be used as it stands. */
  readonly target: Target | Error;
}

interface Warning {
  readonly code: "ssh_tunnel_failed" | "multiple_gateways" | "probe_scope_limited" | "read_failed";
  readonly message: string;
  readonly targetIds?: readonly Id[];
}

type Result = Candidate & { readonly found: Probe };

/** Exit code 1 only when nothing answers. */
export async function run(context: CliContext): Promise<number> {
  const { platform, options, signal, global, out } = context;
  const timeoutMs = numberOf(options, "timeout") ?? 10_000;
  const all = await candidates(context);
  const ask = ({ target }: Candidate) =>
    target instanceof Error
      ? unreached({ url: "" }, target, "CLI_URL_INSECURE")
      : probe(target, { platform, timeoutMs, signal });
  const results = await Promise.all(all.map(async (each): Promise<Result> => ({ ...each, found: await ask(each) })));
  const warnings = warningsOf(results);
  if (global.json) out.json(report(results, warnings, timeoutMs));
  else print(context, results, warnings);
  return results.some(({ found }) => found.connected) ? 0 : 1;
}

/** In order of preference: explicit, SSH, remote, loopback. */
async function candidates({ platform, options }: CliContext): Promise<readonly Candidate[]> {
  const { readConfig } = await import("../features/config/index.ts");
  const file = await readConfig(platform);
  const env: Env = { ...platform.env, ...file.env };
  const here: Env = { ...env, OPENCLAW_GATEWAY_URL: undefined };
  const whole = await withGatewaySecrets(file.resolved, { ...platform, env });
  const gateway = record(whole["gateway"]);
  const inMode = (mode: "local" | "remote") => ({ ...whole, gateway: { ...gateway, mode } });
  const flags = targetFlags(options);
  const remote = record(gateway["remote"]);
  const inRemoteMode = gateway["mode"] === "remote";
  const running = await runningAt(platform);
  const ssh = sshFrom(options, remote);
  const secret = secretOf(flags);

  const found: Candidate[] = [];
  const add = (id: Id, label: string, target: () => Target) => found.push({ id, label, target: orProblem(target) });
  const hasRemote = typeof remote["url"] === "string" && remote["url"] !== "";
  if (flags.url !== undefined) add("explicit", "URL (explicit)", () => resolveTarget(flags, env, whole));
  if (ssh !== undefined)
    add("ssh", "SSH tunnel", () => {
      const there = flags.url !== undefined ? flags : hasRemote ? {} : { ...secret, url: LOOPBACK };
      return resolveTarget({ ...there, ssh }, here, inMode(hasRemote ? "remote" : "local"));
    });
  if (hasRemote) {
    const label = inRemoteMode ? "Remote (configured)" : "Remote (configured, inactive)";
    const own = inRemoteMode && flags.url === undefined ? flags : {};
    const direct = ssh === undefined ? remote : { ...remote, transport: "direct" };
    const config = { ...whole, gateway: { ...gateway, mode: "remote", remote: direct } };
    add("remote", label, () => resolveTarget(own, here, config));
  }
  const own = !inRemoteMode && flags.url === undefined ? flags : {};
  add("local", "Local loopback", () => resolveTarget(own, here, inMode("local"), running));
  return found;
}

/** The gateway's usual address on the machine at the other end of a tunnel. */
const LOOPBACK = "ws://127.0.0.1:18789";

function secretOf({ token, password }: { readonly token?: string; readonly password?: string }) {
  return { ...(token === undefined ? {} : { token }), ...(password === undefined ? {} : { password }) };
}

function sshFrom(options: CliContext["options"], remote: Readonly<Record<string, unknown>>): SshHost | undefined {
  const configured = configuredSsh({ ...remote, transport: "ssh" });
  const to = textOf(options, "ssh") ?? (options["sshAuto"] === true ? configured?.to : undefined);
  const identity = textOf(options, "sshIdentity") ?? configured?.identity;
  if (to === undefined) return undefined;
  return { to, ...(identity === undefined ? {} : { identity }) };
}

function orProblem(target: () => Target): Target | Error {
  try {
    return target();
  } catch (error) {
    return error as Error;
  }
}

function warningsOf(results: readonly Result[]): Warning[] {
  const connected = results.filter(({ found }) => found.connected);
  const unread = connected.filter(({ found }) => !found.readable);
  const limited = unread.filter(({ found }) => found.capability === "connected_no_operator_scope");
  const broken = unread.filter((each) => !limited.includes(each));
  const tunnel = results.filter(({ id, found }) => id === "ssh" && !found.connected);
  const several = new Set(connected.map(({ found }) => identity(found))).size > 1;
  const warning = (code: Warning["code"], message: string, about: readonly Result[]): Warning[] =>
    about.length === 0 ? [] : [{ code, message, targetIds: about.map(({ id }) => id) }];
  return [
    ...warning("ssh_tunnel_failed", "SSH tunnel failed to start; falling back to direct probes.", tunnel),
    ...warning("multiple_gateways", "multiple reachable gateways detected", several ? connected : []),
    ...warning(
      "probe_scope_limited",
      "Read-probe diagnostics are limited by gateway scopes (missing operator.read); pair this device first.",
      limited,
    ),
    ...warning(
      "read_failed",
      "Gateway accepted the WebSocket connection, but follow-up read diagnostics failed.",
      broken,
    ),
  ];
}

/** Two addresses of one gateway are one gateway. */
function identity({ presence, url }: Probe): string {
  const self = Array.isArray(presence) ? record(presence[0]) : {};
  return typeof self["instanceId"] === "string" ? self["instanceId"] : url;
}

function report(results: readonly Result[], warnings: readonly Warning[], timeoutMs: number): unknown {
  const primary = results.find(({ found }) => found.connected);
  return {
    ok: primary !== undefined,
    degraded: primary !== undefined && !primary.found.readable,
    capability: (primary ?? results[0])?.found.capability ?? "unknown",
    primaryTargetId: primary?.id ?? null,
    warnings,
    network: null,
    discovery: { timeoutMs, count: 0 },
    targets: results.map(({ id, target, found }) => ({
      id,
      kind: target instanceof Error ? "unusable" : target.source,
      url: found.url,
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
  const best = results.find(({ found }) => found.connected) ?? results[0];
  out.line(`Reachable: ${best?.found.connected === true ? "yes" : "no"}`);
  out.line(`Capability: ${CAPABILITY_LABELS[best?.found.capability ?? "unknown"]}`);
  for (const { label, found } of results) {
    out.line();
    out.line(`${label}: ${found.url}`);
    out.line(`  Connect: ${found.connected ? `ok (${found.latencyMs} ms)` : `failed - ${found.error}`}`);
    if (found.connected) out.line(`  Read probe: ${readLine(found)}`);
  }
  for (const { message } of warnings) out.note(`Warning: ${message}`);
}

function readLine(found: Probe): string {
  if (found.readable) return "ok";
  return found.capability === "connected_no_operator_scope" ? "limited - missing scope: operator.read" : "failed";
}
