/**
 * `<state>/exec-approvals.json`. Several programs write it (gateway, command line, apps): each change reads,
 * checks and replaces it under a lock file. Owner only, whole or not at all.
 */
import { dirname, join } from "node:path";
import { diskReason } from "../../base/errors.ts";
import { createExclusive, ensureDir, info, readText, remove, writeDurable } from "../../base/files.ts";
import { sha256, uuid } from "../../base/ids.ts";
import { Serial } from "../../base/queue.ts";
import { compact, cut } from "../../base/text.ts";
import type { Platform } from "../../contracts/service.ts";
import {
  agentBlock,
  agentKey,
  atHome,
  fitsPattern,
  parseApprovals,
  problemOfApprovals,
  type AllowlistEntry,
  type HostApprovals,
} from "../policy/index.ts";
import { errors } from "./errors.ts";
import type { ApprovalsFile, ApprovalsFileState } from "./index.ts";

const MAX_BYTES = 1024 * 1024;
const LOCK_WAIT_MS = 5000;
const LOCK_POLL_MS = 20;
const LOCK_STALE_MS = 15_000;
const MAX_ENTRIES = 1000;
const USED_EVERY_MS = 60_000;
const EMPTY: HostApprovals = { version: 1 };

export function approvalsFile(platform: Pick<Platform, "clock" | "paths" | "random">): ApprovalsFile {
  return new File(platform);
}

class File implements ApprovalsFile {
  readonly #platform: Pick<Platform, "clock" | "paths" | "random">;
  readonly #path: string;
  readonly #serial = new Serial();

  constructor(platform: Pick<Platform, "clock" | "paths" | "random">) {
    this.#platform = platform;
    this.#path = join(platform.paths.state, "exec-approvals.json");
  }

  async read(): Promise<ApprovalsFileState> {
    const path = this.#path;
    const text = await readText(path, MAX_BYTES).catch(() => "");
    const file = parseApprovals(text);
    return { path, exists: text !== undefined, hash: sha256(text ?? ""), file: file ?? EMPTY };
  }

  set(file: unknown, baseHash: string | undefined): Promise<ApprovalsFileState> {
    const problem = problemOfApprovals(file);
    if (problem !== undefined) return Promise.reject(errors.EXEC_APPROVALS_INVALID({ problem }));
    return this.#locked(async () => {
      const before = await this.read();
      if (before.exists && baseHash === undefined) throw errors.EXEC_APPROVALS_HASH_REQUIRED();
      if (baseHash !== undefined && baseHash !== before.hash) throw errors.EXEC_APPROVALS_CHANGED();
      await this.#write(keepToken(file as HostApprovals, before.file));
      return this.read();
    });
  }

  allow(agentId: string, entry: { pattern: string; source?: string; commandText?: string }): Promise<boolean> {
    return this.#edit(agentId, "own", (list) => {
      if (list.some(({ pattern }) => pattern === entry.pattern)) return undefined;
      const { pattern, source, commandText } = entry;
      const text = commandText === undefined ? undefined : cut(commandText, 1000);
      const added = compact({ id: uuid(this.#platform.random), pattern, source, commandText: text }) as AllowlistEntry;
      return [...list.slice(-(MAX_ENTRIES - 1)), added];
    });
  }

  disallow(agentId: string, pattern: string): Promise<boolean> {
    return this.#edit(agentId, "own", (list) => {
      const left = list.filter((entry) => entry.pattern !== pattern);
      return left.length === list.length ? undefined : left;
    });
  }

  async used(agentId: string, command: { program: string; resolved: string; text: string }): Promise<void> {
    const now = this.#platform.clock.now();
    const fits = (entry: AllowlistEntry) =>
      fitsPattern(atHome(entry.pattern, this.#platform.paths.home), command) &&
      now - (entry.lastUsedAt ?? 0) >= USED_EVERY_MS;
    const { file } = await this.read();
    if (file === "damaged" || !agentBlock(file, agentId)?.allowlist?.some(fits)) return;
    const noted = { lastUsedAt: now, lastUsedCommand: cut(command.text, 1000), lastResolvedPath: command.resolved };
    // A note about the past is not worth refusing anything.
    const note = (list: readonly AllowlistEntry[]) =>
      list.map((entry) => (fits(entry) ? { ...entry, ...noted } : entry));
    await this.#edit(agentId, "counts", note).catch(() => false);
  }

  /**
   * Changes an allow-list: the one that counts for the agent, or its own, which begins as what counted before.
   * Undefined changes nothing.
   */
  #edit(
    agentId: string,
    which: "own" | "counts",
    change: (list: readonly AllowlistEntry[]) => readonly AllowlistEntry[] | undefined,
  ): Promise<boolean> {
    return this.#locked(async () => {
      const { file, path } = await this.read();
      if (file === "damaged") throw errors.EXEC_APPROVALS_DAMAGED({ path });
      const agents = file.agents ?? {};
      const counting = agentKey(file, agentId);
      const key = which === "own" && counting !== "default" ? agentId : (counting ?? agentId);
      const block = agentBlock(file, agentId);
      const list = change(block?.allowlist ?? []);
      if (list === undefined) return false;
      await this.#write({ ...file, agents: { ...agents, [key]: { ...block, allowlist: [...list] } } });
      return true;
    });
  }

  async #write(file: HostApprovals): Promise<void> {
    await this.#guard(() => writeDurable(this.#path, `${JSON.stringify(migrated(file), null, 2)}\n`));
  }

  #locked<T>(work: () => Promise<T>): Promise<T> {
    return this.#serial.run(async () => {
      const lock = `${this.#path}.lock`;
      await this.#guard(() => ensureDir(dirname(lock)));
      await this.#takeLock(lock);
      try {
        return await work();
      } finally {
        await remove(lock);
      }
    });
  }

  async #takeLock(lock: string): Promise<void> {
    const { clock } = this.#platform;
    const deadline = clock.monotonic() + LOCK_WAIT_MS;
    while (!(await this.#guard(() => createExclusive(lock, `${process.pid}\n`)))) {
      const found = await info(lock);
      if (found && clock.now() - found.mtimeMs > LOCK_STALE_MS) await remove(lock);
      else if (clock.monotonic() > deadline) throw errors.EXEC_APPROVALS_BUSY({ path: this.#path, lock });
      else await clock.sleep(LOCK_POLL_MS);
    }
  }

  async #guard<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      throw errors.EXEC_APPROVALS_UNWRITABLE({ path: this.#path, reason: diskReason(error) }).with({ cause: error });
    }
  }
}

/** Clients never see the socket's token, so what they send back keeps it. */
function keepToken(file: HostApprovals, before: HostApprovals | "damaged"): HostApprovals {
  const token = before === "damaged" ? undefined : before.socket?.token;
  if (token === undefined || file.socket?.token !== undefined) return file;
  return { ...file, socket: { ...(before === "damaged" ? {} : before.socket), ...file.socket, token } };
}

/** The agent `default` of older versions is called `main`. */
function migrated(file: HostApprovals): HostApprovals {
  const { default: old, ...agents } = file.agents ?? {};
  if (old === undefined || agents["main"] !== undefined) return file;
  return { ...file, agents: { ...agents, main: old } };
}
