/** `session.maintenance` for every agent, as `openclaw sessions cleanup` does it. */
import type { Log } from "../../base/log.ts";
import type { Platform, Use } from "../../contracts/service.ts";
import { SessionFilesToken } from "../../store/index.ts";
import type { ConfigSnapshot } from "../config/index.ts";
import { Agents } from "../agents/index.ts";
import { Lanes, Sessions, maintain, maintenancePolicy, sessionSection } from "../sessions/index.ts";

export async function maintainAll({
  use,
  platform,
  log,
  config,
}: {
  readonly use: Use;
  readonly platform: Platform;
  readonly log: Log;
  readonly config: ConfigSnapshot;
}): Promise<void> {
  const section = config.section(sessionSection);
  const policy = maintenancePolicy(section);
  const dryRun = policy.mode === "warn";
  const deps = {
    platform,
    sessions: await use(Sessions),
    lanes: await use(Lanes),
    files: await use(SessionFilesToken),
  };
  for (const { id } of (await use(Agents)).list(config)) {
    const report = await maintain(deps, { agentId: id, policy, mainName: section.mainKey, dryRun });
    const found = { agent: id, sessions: report.entries.length, transcripts: report.files.length };
    if (found.sessions + found.transcripts === 0) continue;
    if (report.applied) log.info("old sessions were removed", found);
    else log.warn("sessions are old or many; remove them with: openclaw sessions cleanup --enforce", found);
  }
}
