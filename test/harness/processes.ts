import { readFileSync } from "node:fs";
import { onlyZombies } from "../../packages/openclaw/src/base/process-group.ts";

/** Whether a process still does something: one that has ended but was not collected yet does not. */
export function isAlive(pid: number): boolean {
  if (!answers(pid)) return false;
  if (process.platform !== "linux") return true;
  try {
    return !/\) [ZX] [^)]*$/.test(readFileSync(`/proc/${pid}/stat`, "utf8"));
  } catch {
    return false; // Collected just now.
  }
}

/** Whether a process group has a member that still does something. */
export async function isGroupAlive(group: number): Promise<boolean> {
  return answers(-group) && !(await onlyZombies(group));
}

function answers(target: number): boolean {
  try {
    process.kill(target, 0);
    return true;
  } catch {
    return false;
  }
}
