/** `sessions.cleanup`. */
import type { MethodCall } from "../../../contracts/method.ts";
import { SessionFilesToken } from "../../../store/index.ts";
import { Config } from "../../config/index.ts";
import { Lanes, Sessions } from "../_service-tokens.ts";
import { agentIds, defaultAgentId, keyOf } from "../_methods-params.ts";
import { sessionSection } from "../config.ts";
import { maintain } from "./maintain.ts";
import { maintenancePolicy } from "./policy.ts";

interface Wanted {
  readonly agentId?: string;
  readonly allAgents?: boolean;
  readonly dryRun?: boolean;
  readonly enforce?: boolean;
  readonly fixMissing?: boolean;
  readonly activeKey?: string;
}

export async function cleanup(call: MethodCall, wanted: Wanted) {
  const config = (await call.use(Config)).current();
  const section = config.section(sessionSection);
  const policy = maintenancePolicy(section);
  const dryRun = wanted.dryRun === true || (policy.mode === "warn" && wanted.enforce !== true);
  const list = config.at("agents.list");
  const agents = wanted.allAgents === true ? agentIds(list) : [wanted.agentId ?? defaultAgentId(list)];
  const deps = {
    platform: call.platform,
    sessions: await call.use(Sessions),
    lanes: await call.use(Lanes),
    files: await call.use(SessionFilesToken),
  };
  const keep = wanted.activeKey === undefined ? [] : [await keyOf(call, wanted.activeKey, wanted.agentId)];
  const stores = [];
  for (const agentId of agents) {
    const { fixMissing = false } = wanted;
    const report = await maintain(deps, { agentId, policy, mainName: section.mainKey, dryRun, fixMissing, keep });
    stores.push({ ...report });
  }
  return { ok: true as const, applied: !dryRun, stores };
}
