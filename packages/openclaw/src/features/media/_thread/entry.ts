/**
 * Where the thread begins. The gateway imports this for its address only (of this file in a checkout, of its chunk in
 * a build); in the thread it serves the port that it was given.
 */
import { isMainThread, parentPort, workerData } from "node:worker_threads";
import { ROLE } from "./role.ts";

export const address = import.meta.url;

if (!isMainThread && parentPort !== null && (workerData as { role?: unknown } | null)?.role === ROLE) {
  const { serve } = await import("./worker.ts");
  serve(parentPort);
}
