/**
 * Folders of older versions, moved to where they belong now. Nothing is overwritten and nothing removed:
 * what cannot be moved because its place is taken stays where it is, and is named.
 */
import { join } from "node:path";
import { ensureDir, exists, info, list, move, removeEmptyDir } from "../../../base/files.ts";
import { isDict } from "../_load/merge.ts";
import { valueAt } from "../_path.ts";

export interface DiskMoves {
  /** `sessions/a.jsonl → agents/main/sessions/a.jsonl`, one per folder with the number of files. */
  readonly lines: readonly string[];
  /** Files that are still at an old place, relative to the state directory. */
  readonly left: readonly string[];
}

export interface DiskOptions {
  readonly state: string;
  /** The configuration, for its default agent. */
  readonly config: unknown;
  /** `start`: what a gateway needs to find its sessions; `all`: channel logins too. */
  readonly scope: "start" | "all";
}

interface Old {
  readonly from: string;
  readonly to: string;
  readonly takes?: RegExp;
}

/** The login of WhatsApp lay among the credentials of all channels. */
const WHATSAPP =
  /^(?:creds|(?:pre-key|session|sender-key|app-state-sync|lid-mapping|device-list|tctoken)-.*)\.json(?:\.bak)?$/;

/** What would be moved, and what is in the way. Looks only. */
export async function oldFolders(options: DiskOptions): Promise<DiskMoves> {
  return each(options, undefined);
}

/** Moves what can be moved. Idempotent. */
export async function moveOldFolders(options: DiskOptions): Promise<DiskMoves> {
  const { state } = options;
  return each(options, async ({ from, to }, name) => {
    await ensureDir(join(state, to));
    await move(join(state, from, name), join(state, to, name));
  });
}

async function each(
  options: DiskOptions,
  work: ((old: Old, name: string) => Promise<void>) | undefined,
): Promise<DiskMoves> {
  const { state } = options;
  const lines: string[] = [];
  const left: string[] = [];
  for (const old of oldPlaces(options)) {
    const { from, to, takes } = old;
    if ((await info(join(state, from)))?.isDirectory !== true) continue;
    const names = (await list(join(state, from))).filter((name) => takes?.test(name) ?? true);
    let moved = 0;
    for (const name of names) {
      if (await exists(join(state, to, name))) left.push(join(from, name));
      else {
        await work?.(old, name);
        moved += 1;
      }
    }
    if (moved > 0) lines.push(`${from} → ${to} (${moved === 1 ? "1 file" : `${moved} files`})`);
    if (work && takes === undefined) await removeEmptyDir(join(state, from));
  }
  return { lines, left };
}

function oldPlaces({ config, scope }: DiskOptions): readonly Old[] {
  const agent = join("agents", defaultAgent(config));
  return [
    { from: "sessions", to: join(agent, "sessions") },
    { from: "agent", to: join(agent, "agent") },
    ...(scope === "all"
      ? [{ from: "credentials", to: join("credentials", "whatsapp", "default"), takes: WHATSAPP }]
      : []),
  ];
}

/** Never a name that leads out of the folder of agents. */
function defaultAgent(config: unknown): string {
  const agents = valueAt(config, "agents.list");
  const all = Array.isArray(agents) ? agents.filter(isDict) : [];
  const id = (all.find((agent) => agent["default"] === true) ?? all[0])?.["id"];
  return typeof id === "string" && /^[A-Za-z0-9][\w.-]*$/.test(id) ? id : "main";
}
