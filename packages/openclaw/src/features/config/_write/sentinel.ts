/** `restart-sentinel.json`: what a restart was for, to be said once when the gateway is back. */
import { join } from "node:path";
import { readText, remove, writeDurable } from "../../../base/files.ts";
import type { Principal } from "../../../contracts/principal.ts";
import type { Paths } from "../../../contracts/service.ts";

export interface RestartSentinel {
  readonly version: 1;
  readonly kind: "config-apply" | "config-patch" | "update";
  readonly status: "ok" | "error" | "skipped";
  /** Unix epoch milliseconds. */
  readonly ts: number;
  /** Session to tell; absent means the last active one. */
  readonly sessionKey?: string;
  readonly deliveryContext?: Readonly<Record<string, unknown>>;
  readonly threadId?: string;
  /** What the caller wants to be reminded of. */
  readonly message: string | null;
  readonly doctorHint?: string;
  readonly stats?: Readonly<Record<string, unknown>>;
  /** Whoever asked: the turn that is told acts with no more authority. */
  readonly by?: Principal;
}

const MAX_BYTES = 256 * 1024;

export async function writeSentinel(paths: Paths, sentinel: RestartSentinel): Promise<void> {
  await writeDurable(place(paths), `${JSON.stringify(sentinel, null, 2)}\n`);
}

/** Undefined when there is none, or none that can be understood. */
export async function readSentinel(paths: Paths): Promise<RestartSentinel | undefined> {
  try {
    const found = JSON.parse((await readText(place(paths), MAX_BYTES)) ?? "") as RestartSentinel;
    return found.version === 1 && typeof found.kind === "string" && typeof found.ts === "number" ? found : undefined;
  } catch {
    return undefined;
  }
}

export async function removeSentinel(paths: Paths): Promise<void> {
  await remove(place(paths));
}

function place({ state }: Paths): string {
  return join(state, "restart-sentinel.json");
}
