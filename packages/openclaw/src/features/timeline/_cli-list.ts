/** Body of `runs`: the newest runs, those under way included. */
import { table } from "../../base/table.ts";
import type { CliContext } from "../../contracts/cli.ts";
import { compact } from "../../base/text.ts";
import { READ, seconds, tokensOf } from "./_cli-facts.ts";
import type { Fact } from "./_cli-facts.ts";
import { errors } from "./errors.ts";

export async function run({ call, options, out, global }: CliContext): Promise<void> {
  const limit = Number(options["limit"] ?? 20);
  if (!Number.isInteger(limit) || limit < 1 || limit > 500)
    throw errors.RUNS_LIMIT_INVALID({ given: String(options["limit"]) });
  const wanted = compact({ sessionKey: options["session"], agentId: options["agent"], limit });
  const ask = async (kind: string) =>
    ((await call("audit.list", { ...wanted, kind }, READ)) as { readonly events: readonly Fact[] }).events;
  const [starts, ends] = await Promise.all([ask("start"), ask("end")]);
  const runs = starts
    .filter(({ runId }, i) => starts.findIndex((other) => other.runId === runId) === i)
    .map((start) => ({ start, end: ends.find(({ runId }) => runId === start.runId) }));
  if (global.json) {
    const shown = runs.map(({ start, end }) => {
      const { runId, sessionKey, agentId, ts } = start;
      return { runId, sessionKey, agentId, startedAt: ts, ...(end ? { endedAt: end.ts, ...end.data } : {}) };
    });
    return out.json({ runs: shown });
  }
  if (runs.length === 0) return out.line(nothing(options));
  const rows = runs.map(({ start, end }) => [
    start.runId.slice(0, 8),
    new Date(start.ts).toISOString().replace("T", " ").slice(0, 19),
    start.sessionKey,
    end ? String(end.data["status"] ?? "") : "running",
    seconds(end?.data["durationMs"]),
    end ? tokensOf(end.data["usage"]) : "",
  ]);
  for (const line of table([
    ["Run", "Started (UTC)", "Session", "Status", "Took", "Tokens"].map(out.paint.bold),
    ...rows,
  ]))
    out.line(line);
}

function nothing(options: CliContext["options"]): string {
  const { session, agent } = options;
  if (session !== undefined) return `No runs of session ${String(session)}. Take a key from: openclaw sessions`;
  if (agent !== undefined) return `No runs of agent ${String(agent)}. See which agents there are with: openclaw agents`;
  return "No runs yet. Say something to the assistant first.";
}
