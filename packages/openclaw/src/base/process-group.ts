/** What the process table says about a process group. */
import { list, readText } from "./files.ts";

const MAX_ENVIRONMENT = 2 * 1024 * 1024;

/**
 * Whether every member of the group has ended and only waits to be collected by its parent. Such a process does
 * nothing any more, but its number can still be signalled, for as long as its parent takes its time.
 * False where the system has no `/proc`.
 */
export async function onlyZombies(group: number): Promise<boolean> {
  const pids = (await list("/proc").catch(() => [])).filter((name) => /^\d+$/.test(name));
  const states = await Promise.all(pids.map((pid) => stateIn(group, pid)));
  const members = states.filter((state) => state !== undefined);
  return members.length > 0 && members.every((state) => state === "Z" || state === "X");
}

/** The state letter of a process of this group; undefined for any other (proc_pid_stat(5), fields 3 and 5). */
async function stateIn(group: number, pid: string): Promise<string | undefined> {
  const stat = (await readText(`/proc/${pid}/stat`, 65_536).catch(() => undefined)) ?? "";
  // The name in field 2 may contain anything, so counting starts behind its last bracket.
  const [state, , itsGroup] = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return Number(itsGroup) === group ? state : undefined;
}

/**
 * Processes whose environment holds `NAME=value`: what somebody started, whatever group or session it went to since.
 * Empty where the system has no `/proc`, or does not let it be read.
 */
export async function processesWith(variable: string): Promise<number[]> {
  const pids = (await list("/proc").catch(() => [])).filter((name) => /^\d+$/.test(name));
  const own = await Promise.all(
    pids.map(async (pid) => {
      const environment = (await readText(`/proc/${pid}/environ`, MAX_ENVIRONMENT).catch(() => undefined)) ?? "";
      return environment.split("\0").includes(variable) ? [Number(pid)] : [];
    }),
  );
  return own.flat();
}
