/** What a restart would interrupt, by kind. */
import type { Busy } from "../contracts/lifecycle.ts";
import type { Use } from "../contracts/service.ts";
import { Lanes } from "../features/sessions/index.ts";
import { StoreToken } from "../store/index.ts";

export async function busyWith(use: Use): Promise<Busy> {
  const [lanes, store] = await Promise.all([use(Lanes), use(StoreToken)]);
  const { running, queued } = lanes.counts();
  const { pending, sending } = await store.outbox.counts();
  const counts = {
    queueSize: queued,
    pendingReplies: pending + sending,
    embeddedRuns: running,
    cronRuns: 0,
    backgroundExecSessions: 0,
    rootRequests: 0,
    activeTasks: 0,
  };
  return { ...counts, totalActive: counts.pendingReplies + running };
}
