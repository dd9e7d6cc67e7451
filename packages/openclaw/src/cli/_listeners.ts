/** Who listens on a TCP port of this machine: from `/proc` on Linux, else from `lsof`. */
import { readdir, readlink } from "node:fs/promises";
import { childEnv } from "../base/env.ts";
import { Fault } from "../base/errors.ts";
import { readText } from "../base/files.ts";
import type { Platform } from "../contracts/service.ts";
import { errors } from "./errors.ts";

export interface Listener {
  /** Undefined where the process belongs to somebody else. */
  readonly pid: number | undefined;
  /** `127.0.0.1:18789`, `[::]:18789`. */
  readonly address: string;
  /** Its command line, cut. */
  readonly command: string;
}

const MAX_TABLE = 16 * 1024 * 1024;
const MAX_OUTPUT = 64 * 1024;
const MAX_COMMAND = 200;
/** `st` of a listening socket in the kernel's table. */
const LISTEN = "0A";

/** Throws `CLI_PORT_TOOL_MISSING` where neither source exists. */
export async function listenersOn(port: number, platform: Platform): Promise<readonly Listener[]> {
  const tables = await Promise.all(["/proc/net/tcp", "/proc/net/tcp6"].map((path) => readText(path, MAX_TABLE)));
  if (tables[0] === undefined) return fromLsof(port, platform);
  const sockets = tables.flatMap((table) => listening(table ?? "", port));
  if (sockets.length === 0) return [];
  const owners = await ownersOf(new Set(sockets.map(({ inode }) => inode)));
  const found = sockets.map(async ({ inode, address }): Promise<Listener> => {
    const pid = owners.get(inode);
    return { pid, address, command: pid === undefined ? "" : await commandOf(pid) };
  });
  return Promise.all(found);
}

interface ListeningSocket {
  readonly inode: string;
  readonly address: string;
}

/** Rows of `/proc/net/tcp` (proc(5)): `sl local_address rem_address st … inode`. */
function listening(table: string, port: number): ListeningSocket[] {
  return table
    .split("\n")
    .slice(1)
    .flatMap((row) => {
      const fields = row.trim().split(/\s+/);
      const [host = "", hexPort = ""] = (fields[1] ?? "").split(":");
      if (fields[3] !== LISTEN || Number.parseInt(hexPort, 16) !== port) return [];
      return [{ inode: fields[9] ?? "", address: `${readable(host)}:${port}` }];
    });
}

/** The kernel writes addresses as words in its own byte order. */
function readable(hex: string): string {
  const words = hex.match(/.{8}/g) ?? [];
  const bytes = words.flatMap((word) =>
    (word.match(/../g) ?? []).toReversed().map((pair) => Number.parseInt(pair, 16)),
  );
  if (bytes.length === 4) return bytes.join(".");
  if (bytes.every((byte) => byte === 0)) return "[::]";
  if (bytes.slice(0, 15).every((byte) => byte === 0) && bytes[15] === 1) return "[::1]";
  const groups = Array.from({ length: 8 }, (_, at) =>
    (((bytes[at * 2] ?? 0) << 8) | (bytes[at * 2 + 1] ?? 0)).toString(16),
  );
  return `[${groups.join(":")}]`;
}

/** Which process holds each socket; those of other users cannot be seen. */
async function ownersOf(inodes: ReadonlySet<string>): Promise<ReadonlyMap<string, number>> {
  const owners = new Map<string, number>();
  const pids = (await readdir("/proc")).filter((name) => /^\d+$/.test(name));
  for (const pid of pids) {
    const fds = await readdir(`/proc/${pid}/fd`).catch(() => []);
    for (const fd of fds) {
      const target = await readlink(`/proc/${pid}/fd/${fd}`).catch(() => "");
      const inode = /^socket:\[(\d+)\]$/.exec(target)?.[1];
      if (inode !== undefined && inodes.has(inode)) owners.set(inode, Number(pid));
    }
    if (owners.size === inodes.size) break;
  }
  return owners;
}

async function commandOf(pid: number): Promise<string> {
  const line = await readText(`/proc/${pid}/cmdline`, MAX_OUTPUT).catch(() => undefined);
  return (line ?? "").replaceAll("\0", " ").trim().slice(0, MAX_COMMAND);
}

async function fromLsof(port: number, { spawn, env, paths }: Platform): Promise<readonly Listener[]> {
  let output = "";
  try {
    const child = await spawn({
      argv: ["lsof", "-nP", `-iTCP:${port}`, "-sTCP:LISTEN", "-Fpcn"],
      cwd: paths.home,
      env: childEnv(env),
      onOutput: (stream, chunk) => {
        if (stream === "stdout" && output.length < MAX_OUTPUT) output += chunk.toString("utf8");
      },
    });
    await child.exit;
  } catch (error) {
    if (error instanceof Fault) throw errors.CLI_PORT_TOOL_MISSING({ tool: "lsof" }).with({ cause: error });
    throw error;
  }
  return parseLsof(output);
}

/** `lsof -Fpcn`: one field a line; `p` begins a process, `n` a file of it. */
function parseLsof(output: string): Listener[] {
  const found: Listener[] = [];
  let pid: number | undefined;
  let command = "";
  for (const line of output.split("\n")) {
    if (line.startsWith("p")) pid = Number(line.slice(1));
    if (line.startsWith("c")) command = line.slice(1);
    if (line.startsWith("n")) found.push({ pid, address: line.slice(1), command });
  }
  return found;
}
