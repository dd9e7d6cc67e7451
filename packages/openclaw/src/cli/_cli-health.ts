import { record } from "../base/record.ts";
import { formatDuration } from "../base/time.ts";
import type { CliContext } from "../contracts/cli.ts";
import { list, numberOf } from "./_options.ts";

export async function run({ call, out, options, global, platform }: CliContext): Promise<number> {
  const verbose = global.verbose || options["debug"] === true;
  if (verbose && !global.json) out.note(`Config: ${platform.paths.config}`);
  const health = record(
    await call("health", verbose ? { probe: true } : {}, {
      scopes: ["operator.read"],
      timeoutMs: numberOf(options, "timeout") ?? 10_000,
    }),
  );
  const ok = health["ok"] === true;
  if (global.json) {
    out.json(health);
    return ok ? 0 : 1;
  }
  const { paint } = out;
  out.line(ok ? paint.success("The gateway is well.") : paint.error("The gateway reports trouble."));
  for (const [id, channel] of Object.entries(record(health["channels"])))
    out.line(`${labelOf(health, id)}: ${channelState(record(channel))}`);
  const sessions = record(health["sessions"]);
  out.line(`Sessions: ${Number(sessions["count"] ?? 0)} (${String(sessions["path"] ?? "")})`);
  const agents = list(health["agents"]).map((agent) => String(agent["agentId"]));
  if (agents.length > 0) out.line(`Agents: ${agents.join(", ")}`);
  out.line(paint.dim(`Took ${formatDuration(Number(health["durationMs"] ?? 0))}`));
  return ok ? 0 : 1;
}

function labelOf(health: Readonly<Record<string, unknown>>, id: string): string {
  return String(record(health["channelLabels"])[id] ?? id);
}

function channelState(channel: Readonly<Record<string, unknown>>): string {
  if (channel["configured"] === false) return "not configured";
  const probe = record(channel["probe"]);
  if (probe["ok"] === false) return `failed (${String(probe["error"] ?? "no reason given")})`;
  if (channel["linked"] === false) return "not linked";
  return probe["ok"] === true ? "ok" : "configured";
}
