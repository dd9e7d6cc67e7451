import { record } from "../base/record.ts";
import { arch, release, type as osType } from "node:os";
import { Fault, errorText } from "../base/errors.ts";
import { formatDuration } from "../base/time.ts";
import type { CliContext } from "../contracts/cli.ts";
import type { ProviderQuota } from "../features/usage/index.ts";
import type { ConfigFile } from "../features/config/index.ts";
import { dashboardLink } from "./_cli-dashboard.ts";
import { isUnreachable } from "./_cli-sessions.ts";
import { list, numberOf } from "./_options.ts";
import { runningPort } from "./_running.ts";
import { targetOf } from "./_configured-target.ts";
import { allSections } from "./context.ts";
import { portOf } from "./target.ts";
import { table } from "./out.ts";

type Data = Readonly<Record<string, unknown>>;

interface Findings {
  readonly mode: string;
  readonly url: string;
  readonly dashboard: string;
  readonly configPath: string;
  readonly configProblem?: string;
  readonly reachable: boolean;
  readonly latencyMs: number | null;
  readonly error?: unknown;
  readonly status: Data;
  readonly agents: Data;
  readonly health?: Data;
  /** What is left of plans, as `usage.status` tells. */
  readonly usage?: Data;
}

/** Never fails because something is down: that is what it reports. */
export async function run(context: CliContext): Promise<void> {
  const found = await look(context);
  if (context.global.json) return context.out.json(asJson(found));
  print(context, found);
  if (found.usage) await printUsage(context, found.usage);
  context.out.line(`\n${context.out.paint.dim(context.out.named(`Next: ${nextStep(found)}`))}`);
}

async function look(context: CliContext): Promise<Findings> {
  const { call, options, platform } = context;
  const file = await configFile(context);
  const target = await targetOf(context);
  const timeoutMs = numberOf(options, "timeout") ?? 10_000;
  const deep = options["deep"] === true || options["all"] === true;
  const began = platform.clock.monotonic();
  const ask = (method: string, params: Data) => call(method, params, { scopes: ["operator.read"], timeoutMs });
  const about = {
    mode: String(record(file.resolved["gateway"])["mode"] ?? "unset"),
    url: target.url,
    dashboard: dashboardLink(
      { ...platform.env, OPENCLAW_GATEWAY_TOKEN: undefined },
      { ...file.resolved, gateway: { ...record(file.resolved["gateway"]), auth: {} } },
      (await runningPort(platform)) ?? portOf(platform.env, file.resolved),
    ),
    configPath: file.path,
    ...(file.issues[0]
      ? { configProblem: `${file.issues[0].path}: ${file.issues[0].message}`.replace(/^: /, "") }
      : {}),
  };
  try {
    const measured = async () => {
      const status = record(await ask("status", {}));
      return { status, latencyMs: Math.round(platform.clock.monotonic() - began) };
    };
    const [{ status, latencyMs }, agents, health, usage] = await Promise.all([
      measured(),
      ask("agents.list", {}),
      deep ? ask("health", { probe: true }) : undefined,
      options["usage"] === true ? ask("usage.status", {}) : undefined,
    ]);
    return {
      ...about,
      reachable: true,
      latencyMs,
      status,
      agents: record(agents),
      ...(health === undefined ? {} : { health: record(health) }),
      ...(usage === undefined ? {} : { usage: record(usage) }),
    };
  } catch (error) {
    return { ...about, reachable: !isUnreachable(error), latencyMs: null, error, status: {}, agents: {} };
  }
}

/** Judged for people only: the document says nothing of it, and the schema is the larger part of the work. */
async function configFile({ platform, global }: CliContext): Promise<ConfigFile> {
  const { loadConfig, readConfig } = await import("../features/config/index.ts");
  return global.json ? readConfig(platform) : loadConfig({ platform, sections: await allSections() });
}

function asJson({ mode, url, reachable, latencyMs, error, status, agents, health, usage }: Findings): unknown {
  return {
    os: { platform: process.platform, arch: arch(), release: release(), node: process.versions.node },
    version: status["runtimeVersion"] ?? null,
    update: null,
    updateChannel: "stable",
    gateway: {
      mode,
      url,
      reachable: reachable && error === undefined,
      latencyMs,
      error: error === undefined ? null : errorText(error),
    },
    gatewayService: null,
    nodeService: null,
    agents: { defaultId: agents["defaultId"] ?? null, agents: list(agents["agents"]) },
    sessions: status["sessions"] ?? null,
    channelSummary: status["channelSummary"] ?? [],
    queuedSystemEvents: status["queuedSystemEvents"] ?? [],
    heartbeat: status["heartbeat"] ?? null,
    ...(health === undefined ? {} : { health }),
    ...(usage === undefined ? {} : { usage }),
  };
}

function print({ out, platform }: CliContext, found: Findings): void {
  const { paint } = out;
  const { status, agents, health } = found;
  const sessions = record(status["sessions"]);
  const rows = [
    ["System", `${osType()} ${release()} ${arch()}, Node ${process.versions.node}, OpenClaw ${platform.version}`],
    [
      "Config",
      found.configProblem === undefined
        ? found.configPath
        : `${found.configPath} ${paint.error(`(${found.configProblem})`)}`,
    ],
    ["Dashboard", found.dashboard],
    ["Gateway", gatewayLine(found, paint)],
    ...(found.error === undefined
      ? [
          ["Agents", agentsLine(agents)],
          ["Model", String(record(sessions["defaults"])["model"] ?? "built-in offline model")],
          ["Sessions", String(sessions["count"] ?? 0)],
        ]
      : []),
  ];
  out.line(paint.bold("Overview"));
  for (const line of table(rows)) out.line(line);
  const channels = Array.isArray(status["channelSummary"]) ? status["channelSummary"].map(String) : [];
  if (channels.length > 0) out.line(`\n${paint.bold("Channels")}\n${channels.join("\n")}`);
  const recent = list(sessions["recent"]);
  if (recent.length > 0) {
    out.line(`\n${paint.bold("Sessions")}`);
    for (const line of table([["Key", "Kind", "Age", "Model", "Tokens"], ...recent.map(sessionRow)])) out.line(line);
  }
  if (health)
    out.line(
      `\n${paint.bold("Health")}\n${health["ok"] === true ? "ok" : "trouble"} (${formatDuration(Number(health["durationMs"] ?? 0))})`,
    );
}

async function printUsage({ out, platform }: CliContext, usage: Data): Promise<void> {
  const { quotaLine } = await import("../features/usage/index.ts");
  const quotas = list(usage["providers"]) as unknown as readonly ProviderQuota[];
  const lines = quotas.map((quota) => quotaLine(quota, platform.clock.now()));
  out.line(`\n${out.paint.bold("Usage")}`);
  out.line(lines.length === 0 ? "No provider that is logged in tells what is left." : lines.join("\n"));
}

function gatewayLine({ mode, url, reachable, latencyMs, error }: Findings, paint: CliContext["out"]["paint"]): string {
  if (error === undefined) return `${mode}, ${url}, ${paint.success("reachable")} (${latencyMs ?? 0} ms)`;
  return `${mode}, ${url}, ${paint.error(reachable ? "misconfigured" : "unreachable")}: ${errorText(error)}`;
}

function nextStep({ mode, reachable, error, configProblem }: Findings): string {
  if (configProblem !== undefined) return "openclaw doctor";
  if (error === undefined) return "openclaw dashboard, openclaw logs --follow";
  if (reachable)
    return error instanceof Fault && error.remedy ? error.remedy : "openclaw gateway status, openclaw logs";
  if (mode === "remote") return "openclaw gateway probe";
  return mode === "unset" ? "openclaw setup" : "openclaw gateway run, openclaw logs";
}

function agentsLine(agents: Data): string {
  const all = list(agents["agents"]);
  return `${all.length} (default ${String(agents["defaultId"] ?? "main")})`;
}

function sessionRow(session: Data): string[] {
  const used = session["totalTokens"];
  const limit = session["contextTokens"];
  const tokens = typeof used === "number" ? `${used}${typeof limit === "number" ? ` / ${limit}` : ""}` : "-";
  return [
    String(session["key"]),
    String(session["kind"] ?? "-"),
    formatDuration(Number(session["age"] ?? 0)),
    String(session["model"] ?? "-"),
    tokens,
  ];
}
