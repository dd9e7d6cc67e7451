import { Events } from "../../contracts/bus.ts";
import { ConnectionsToken } from "../../contracts/connections.ts";
import { provide, type ServiceContext } from "../../contracts/service.ts";
import { StoreToken } from "../../store/index.ts";
import { ApprovalDesk } from "./_desk.ts";
import { approvalsFile } from "./_file.ts";
import { Approvals } from "./index.ts";

async function makeApprovals({ use, platform, scope }: ServiceContext): Promise<ApprovalDesk> {
  const [store, events, connections] = await Promise.all([use(StoreToken), use(Events), use(ConnectionsToken)]);
  const { kv, audit } = store;
  const file = approvalsFile(platform);
  const desk = new ApprovalDesk({ platform, events, kv, audit, connections, file, closing: scope.signal });
  const left = await desk.recover();
  if (left > 0)
    platform.log.for("approvals").info("questions ended unanswered with the previous process", { count: left });
  return desk;
}

export const services = [provide(Approvals, makeApprovals)];
