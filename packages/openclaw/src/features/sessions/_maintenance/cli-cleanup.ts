/** Body of `sessions cleanup`. */
import { table } from "../../../base/table.ts";
import { compact } from "../../../base/text.ts";
import type { CliContext } from "../../../contracts/cli.ts";
import type { MaintenanceReport } from "./maintain.ts";

export async function run({ call, options, out, global }: CliContext): Promise<void> {
  const params = compact({
    agentId: options["agent"],
    allAgents: options["allAgents"],
    dryRun: options["dryRun"],
    enforce: options["enforce"],
    fixMissing: options["fixMissing"],
    activeKey: options["activeKey"],
  });
  const answer = (await call("sessions.cleanup", params, { scopes: ["operator.admin"], timeoutMs: 120_000 })) as {
    readonly applied: boolean;
    readonly stores: readonly MaintenanceReport[];
  };
  if (global.json) return out.json(answer);
  const rows = answer.stores.map((store) => [
    store.agentId,
    String(store.entriesBefore),
    counted(store.entries.map(({ reason }) => reason)),
    counted(store.files.map(({ reason }) => reason)),
    `${megabytes(store.bytesBefore)} → ${megabytes(store.bytesAfter)}`,
  ]);
  const head = ["Agent", "Sessions", answer.applied ? "Removed" : "Would go", "Transcripts", "Disk"];
  for (const line of table([head.map(out.paint.bold), ...rows])) out.line(line);
  if (!answer.applied) out.note("Nothing was removed. Remove it with: openclaw sessions cleanup --enforce");
}

/** `3 (2 age, 1 count)`. */
function counted(reasons: readonly string[]): string {
  const groups = [...Map.groupBy(reasons, (reason) => reason)].map(([reason, those]) => `${those.length} ${reason}`);
  return groups.length === 0 ? "0" : `${reasons.length} (${groups.join(", ")})`;
}

function megabytes(bytes: number): string {
  return `${(bytes / 1024 / 1024).toFixed(1)} MB`;
}
