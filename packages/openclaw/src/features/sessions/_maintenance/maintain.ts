/** Carries the plan out for one agent, or only tells it. */
import { dirname, join } from "node:path";
import { info, list, remove } from "../../../base/files.ts";
import type { Platform } from "../../../contracts/service.ts";
import type { SessionFiles, SessionRow } from "../../../store/index.ts";
import { mainKey } from "../_keys.ts";
import type { LanesService, SessionsService } from "../index.ts";
import { isTranscript, planMaintenance } from "./plan.ts";
import type { MaintenancePlan, StoredFile } from "./plan.ts";
import type { MaintenancePolicy } from "./policy.ts";

export interface MaintenanceDeps {
  readonly platform: Pick<Platform, "clock">;
  readonly files: SessionFiles;
  readonly sessions: Pick<SessionsService, "list" | "delete">;
  readonly lanes: Pick<LanesService, "active">;
}

export interface MaintenanceRequest {
  readonly agentId: string;
  readonly policy: MaintenancePolicy;
  readonly mainName: string;
  /** Tells without doing. */
  readonly dryRun: boolean;
  readonly fixMissing?: boolean;
  /** Keys that stay. */
  readonly keep?: readonly string[];
}

export interface MaintenanceReport extends MaintenancePlan {
  readonly agentId: string;
  readonly path: string;
  readonly applied: boolean;
  readonly entriesBefore: number;
}

const MOST_ROWS = 1_000_000;

export async function maintain(deps: MaintenanceDeps, request: MaintenanceRequest): Promise<MaintenanceReport> {
  const { agentId, policy, mainName, dryRun } = request;
  const path = deps.files.index(agentId);
  const folder = dirname(path);
  const { rows } = await deps.sessions.list({ agentId, archived: "all", limit: MOST_ROWS });
  const running = rows.filter(({ key }) => deps.lanes.active(key) !== undefined).map(({ key }) => key);
  const plan = planMaintenance({
    rows,
    files: await filesIn(folder),
    policy,
    now: deps.platform.clock.now(),
    keep: new Set([mainKey(agentId, mainName), ...running, ...(request.keep ?? [])]),
    ...(request.fixMissing === undefined ? {} : { fixMissing: request.fixMissing }),
  });
  if (!dryRun) await carryOut(deps, folder, plan, rows);
  return {
    ...plan,
    agentId,
    path,
    applied: !dryRun,
    entriesBefore: rows.length,
  };
}

/** Entries first: a file without its entry is found again, an entry without its file would be an empty conversation. */
async function carryOut(
  deps: MaintenanceDeps,
  folder: string,
  { entries, files }: MaintenancePlan,
  rows: readonly SessionRow[],
): Promise<void> {
  const known = new Map(rows.map((row) => [row.key, row.entry.sessionId]));
  for (const { key, reason } of entries) {
    if (deps.lanes.active(key) !== undefined || !known.has(key)) continue;
    await deps.sessions.delete(key, { deleteTranscript: reason !== "disk" });
  }
  for (const { name } of files) await remove(join(folder, name));
}

async function filesIn(folder: string): Promise<StoredFile[]> {
  const files: StoredFile[] = [];
  for (const name of (await list(folder)).filter(isTranscript)) {
    const found = await info(join(folder, name));
    if (found?.isFile === true) files.push({ name, bytes: found.size, modifiedAt: found.mtimeMs });
  }
  return files;
}
