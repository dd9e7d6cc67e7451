/** The door of restarts: what the last one was for. */
import type { Kv } from "../../store/index.ts";
import type { RestartSentinel } from "../config/index.ts";
import { LAST } from "./_last.ts";

/** The latest change or update that restarted the gateway, or could do without; undefined before the first. */
export async function lastRestart(kv: Pick<Kv, "get">): Promise<RestartSentinel | undefined> {
  const text = await kv.get(LAST.space, LAST.key);
  return text === undefined ? undefined : (JSON.parse(text) as RestartSentinel);
}
