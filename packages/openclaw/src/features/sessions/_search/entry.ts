/**
 * Where the thread of a search begins. The gateway imports this for its address only (of this file in a checkout, of
 * its chunk in a build); in the thread it answers the one question that it was given.
 */
import { isMainThread, parentPort, workerData } from "node:worker_threads";
import { ROLE } from "./role.ts";
import type { SearchJob } from "./job.ts";

export const address = import.meta.url;

const given = workerData as { role?: unknown; job?: SearchJob } | null;
if (!isMainThread && parentPort !== null && given?.role === ROLE && given.job !== undefined) {
  const [{ searchTranscripts }, { systemClock }] = await Promise.all([
    import("./scan.ts"),
    import("../../../base/time.ts"),
  ]);
  parentPort.postMessage(await searchTranscripts(given.job, systemClock), []);
}
