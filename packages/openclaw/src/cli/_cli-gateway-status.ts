/** `gateway status`: what the configuration says, what runs, and what answers. */
import { record } from "../base/record.ts";
import type { CliContext } from "../contracts/cli.ts";
import type { ConfigFile } from "../features/config/index.ts";
import { dashboardLink } from "./_cli-dashboard.ts";
import { withGatewaySecrets } from "./_gateway-secrets.ts";
import { listenersOn, type Listener } from "./_listeners.ts";
import { numberOf } from "./_options.ts";
import { CAPABILITY_LABELS, probe, type Probe } from "./_probe.ts";
import { allSections, targetFlags } from "./context.ts";
import { resolveTarget, type Target } from "./target.ts";

interface Findings {
  readonly file: ConfigFile;
  readonly bind: string;
  readonly host: string;
  readonly port: number;
  readonly portSource: string;
  readonly running: { readonly pid: number; readonly port: number } | undefined;
  readonly target: Target;
  readonly note: string | undefined;
  /** Undefined with `--no-probe`. */
  readonly found: Probe | undefined;
  readonly listeners: readonly Listener[];
  readonly logFile: string;
  readonly lastError: string | undefined;
  readonly dashboard: string;
}

/** Fails only with `--require-rpc`: what is down is what it reports. */
export async function run(context: CliContext): Promise<number> {
  const found = await look(context);
  if (context.global.json) context.out.json(asJson(found));
  else print(context, found);
  return context.options["requireRpc"] === true && found.found?.readable !== true ? 1 : 0;
}

async function look(context: CliContext): Promise<Findings> {
  const { platform, options, signal } = context;
  const [{ loadConfig }, { runningGateway }] = await Promise.all([
    import("../features/config/index.ts"),
    import("../features/health/index.ts"),
  ]);
  const file = await loadConfig({ platform, sections: await allSections() });
  const env = { ...platform.env, ...file.env };
  const config = await withGatewaySecrets(file.resolved, { ...platform, env });
  const gateway = record(config["gateway"]);
  const running = await runningGateway(platform.paths);
  const { port, portSource } = portAndSource(env["OPENCLAW_GATEWAY_PORT"], gateway["port"], running?.port);
  const target = resolveTarget(targetFlags(options), env, config, running);
  const bind = String(gateway["bind"] ?? "loopback");
  const timeoutMs = numberOf(options, "timeout") ?? 10_000;
  const listeners = await listenersOn(port, platform).catch(() => []);
  const found = options["probe"] === false ? undefined : await probe(target, { platform, timeoutMs, signal });
  const { file: logFile, lastError } = await logOf(context, record(config["logging"])["file"]);
  return {
    file,
    bind,
    host: hostOf(bind, gateway["customBindHost"]),
    port,
    portSource,
    running,
    target,
    note: target.local && bind !== "loopback" ? `loopback is used because bind=${bind}` : undefined,
    found,
    listeners,
    logFile,
    lastError: found?.connected === false ? lastError : undefined,
    dashboard: dashboardLink(
      { ...env, OPENCLAW_GATEWAY_TOKEN: undefined },
      { ...config, gateway: { ...gateway, auth: {} } },
      port,
    ),
  };
}

function portAndSource(fromEnv: string | undefined, configured: unknown, running: number | undefined) {
  const named = Number(fromEnv);
  const [port, portSource] =
    Number.isInteger(named) && named > 0
      ? [named, "OPENCLAW_GATEWAY_PORT"]
      : typeof configured === "number"
        ? [configured, "gateway.port"]
        : [18_789, "default"];
  if (running === undefined || running === port) return { port, portSource };
  return { port: running, portSource: `the gateway that runs; ${portSource}: ${port}` };
}

function hostOf(bind: string, custom: unknown): string {
  if (bind === "lan") return "0.0.0.0";
  if (bind === "custom") return typeof custom === "string" ? custom : "not set";
  return bind === "tailnet" ? "tailnet address" : "127.0.0.1";
}

/** The log file and the last line in it that reports an error. */
async function logOf({ platform }: CliContext, fixed: unknown): Promise<{ file: string; lastError?: string }> {
  const [{ openLogFile }, { readTail }] = await Promise.all([
    import("../base/log-file.ts"),
    import("../features/health/index.ts"),
  ]);
  const { path } = openLogFile({
    ...(typeof fixed === "string" && fixed !== "" ? { file: fixed.replace(/^~(?=\/|$)/, platform.paths.home) } : {}),
    state: platform.paths.state,
    maxFileBytes: Number.MAX_SAFE_INTEGER,
    clock: platform.clock,
  });
  const tail = await readTail(path, { limit: 500, maxBytes: 250_000 }).catch(() => undefined);
  const last = tail?.lines.findLast((line) => /"level":"(?:error|fatal)"/.test(line));
  return last === undefined ? { file: path } : { file: path, lastError: messageOf(last) };
}

function messageOf(line: string): string {
  try {
    const { message } = JSON.parse(line) as { message?: unknown };
    return typeof message === "string" ? message : line;
  } catch {
    return line;
  }
}

function asJson(all: Findings): unknown {
  const { file, found, running, listeners } = all;
  const cli = { path: file.path, exists: file.exists, valid: file.valid, issues: file.issues };
  return {
    service: {
      label: serviceLabel(),
      loaded: false,
      command: null,
      runtime: { status: running ? "running" : "stopped", state: null, pid: running?.pid ?? null },
      configAudit: { ok: true, issues: [] },
    },
    config: { cli, service: null, mismatch: false },
    gateway: {
      bindMode: all.bind,
      bindHost: all.host,
      port: all.port,
      portSource: all.portSource,
      probeUrl: all.target.url,
      probeNote: all.note ?? null,
    },
    port: {
      port: all.port,
      status: listeners.length > 0 ? "busy" : "free",
      listeners: listeners.map(({ pid, address, command }) => ({ pid: pid ?? null, address, command })),
      hints: hints(all),
    },
    lastError: all.lastError ?? null,
    rpc:
      found === undefined
        ? null
        : {
            ok: found.connected,
            url: found.url,
            error: found.error,
            code: found.code,
            authWarning: found.code?.startsWith("AUTH_") === true ? found.error : null,
            capability: found.capability,
            latencyMs: found.latencyMs,
            server: found.server,
          },
    extraServices: [],
    legacyServices: [],
    logFile: all.logFile,
  };
}

function print({ out, options }: CliContext, all: Findings): void {
  const { file, found, running, listeners } = all;
  const state = !file.exists ? " (missing)" : file.valid ? "" : " (invalid)";
  out.line(`Service: ${serviceLabel()} (not installed)`);
  out.line(`File logs: ${all.logFile}`);
  out.line(`Config (cli): ${file.path}${state}`);
  out.line(`Gateway: bind=${all.bind} (${all.host}), port=${all.port} (${all.portSource})`);
  out.line(`Probe target: ${all.target.url}`);
  if (all.note !== undefined) out.line(`Probe note: ${all.note}`);
  out.line(`Dashboard: ${all.dashboard}`);
  out.line(`Runtime: ${running ? `running (pid ${running.pid}, in the foreground)` : "stopped"}`);
  if (found !== undefined) printProbe(out, found);
  for (const { address, pid, command } of shown(listeners, options["deep"] === true))
    out.line(`Listening: ${address}${pid === undefined ? "" : ` (pid ${pid})`}${command === "" ? "" : ` ${command}`}`);
  for (const hint of hints(all)) out.line(`           ${hint}`);
  if (all.lastError !== undefined) out.line(`Last gateway error: ${all.lastError}`);
  out.line();
  out.line(out.named("Troubles: run openclaw status"));
}

function printProbe(out: CliContext["out"], found: Probe): void {
  const { paint } = out;
  const verdict = (ok: boolean) => (ok ? paint.success("ok") : paint.error("failed"));
  out.line(`Connectivity probe: ${verdict(found.connected)}`);
  if (!found.connected) out.line(`  ${found.error}${found.code === null ? "" : ` [${found.code}]`}`);
  out.line(`RPC probe: ${verdict(found.readable)}`);
  if (found.connected && !found.readable) out.line(`  ${found.error}`);
  out.line(`Capability: ${CAPABILITY_LABELS[found.capability]}`);
}

/** The gateway itself is known from above; others are what one wants to hear of. */
function shown(listeners: readonly Listener[], deep: boolean): readonly Listener[] {
  return deep ? listeners : listeners.map(({ address, pid }) => ({ address, pid, command: "" }));
}

function hints({ listeners, running, port }: Findings): string[] {
  const foreign = listeners.filter(({ pid }) => pid === undefined || pid !== running?.pid);
  if (foreign.length === 0) return [];
  const ssh = foreign.some(({ command }) => /\bssh\b/.test(command));
  return [
    ssh
      ? `An SSH tunnel holds port ${port}: what answers there is the gateway at its other end.`
      : `Port ${port} belongs to another program: end it, or start the gateway with --port or --force.`,
  ];
}

function serviceLabel(): string {
  if (process.platform === "darwin") return "LaunchAgent";
  return process.platform === "win32" ? "Scheduled Task" : "systemd";
}
