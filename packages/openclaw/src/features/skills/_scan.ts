/** What lies in a root: `<skill>/SKILL.md`, or the same one folder deeper. */
import { basename, dirname, join } from "node:path";
import { Fault, errorText } from "../../base/errors.ts";
import { info, list } from "../../base/files.ts";
import { readWithin, realPath } from "../../base/open.ts";
import { isInside } from "../../base/path.ts";
import type { Root } from "./_roots.ts";
import { skillFrom } from "./_skill.ts";
import type { Skill, SkillProblem } from "./index.ts";

export interface Scan {
  /** By folder, each name once. */
  readonly skills: readonly Skill[];
  readonly problems: readonly SkillProblem[];
}

export const SKILL_FILE = "SKILL.md";
const MAX_BYTES = 256 * 1024;
/** Skills of one root, and folders that are looked into for them. */
const MAX_SKILLS = 300;
const MAX_FOLDERS = 1000;
const SKIPPED = /^(?:\.|node_modules$)/;

interface Search {
  readonly root: Root;
  /** Links resolved. */
  readonly real: string;
  /** Called before a folder is looked into. */
  readonly enter: (folder: string) => void;
  readonly skills: Map<string, Skill>;
  readonly problems: SkillProblem[];
  folders: number;
}

/** Never rejects: what cannot be read is a problem. */
export async function scan(root: Root, enter: (folder: string) => void): Promise<Scan> {
  const problems: SkillProblem[] = [];
  try {
    const real = await realPath(root.path);
    if (root.within !== undefined && !isInside(await realPath(root.within), real)) {
      return { skills: [], problems: [{ path: root.path, reason: "leads out of the workspace" }] };
    }
    const search: Search = { root, real, enter, skills: new Map(), problems, folders: 0 };
    if (!(await take(search, root.path))) {
      for (const folder of await foldersIn(search, root.path)) {
        if (!(await take(search, folder)))
          for (const inner of await foldersIn(search, folder)) await take(search, inner);
      }
    }
    return { skills: [...search.skills.values()], problems };
  } catch (error) {
    return { skills: [], problems: [...problems, { path: root.path, reason: `cannot be read: ${errorText(error)}` }] };
  }
}

/** Folders in a folder that do not lead out of the root. */
async function foldersIn(search: Search, folder: string): Promise<readonly string[]> {
  search.enter(folder);
  const found: string[] = [];
  for (const name of await list(folder).catch(() => [])) {
    if (SKIPPED.test(name)) continue;
    const path = join(folder, name);
    if ((await info(path).catch(() => undefined))?.isDirectory !== true) continue;
    search.folders += 1;
    if (search.folders > MAX_FOLDERS) {
      search.problems.push({
        path: search.root.path,
        reason: `has more than ${MAX_FOLDERS} folders: the rest is not looked at`,
      });
      break;
    }
    if (isInside(search.real, await realPath(path))) found.push(path);
    else search.problems.push({ path, reason: "leads out of its folder of skills by a link" });
  }
  return found;
}

/** Takes up the skill in a folder. False when there is no `SKILL.md`. */
async function take(search: Search, folder: string): Promise<boolean> {
  const path = join(folder, SKILL_FILE);
  if ((await info(path).catch(() => undefined)) === undefined) return false;
  search.enter(folder);
  const skill = await readSkill(search, path);
  if ("problem" in skill) search.problems.push({ path, reason: skill.problem });
  else if (search.skills.has(skill.name)) {
    const other = search.skills.get(skill.name)?.baseDir ?? "";
    search.problems.push({ path, reason: `has the same name as the skill in ${basename(other)}` });
  } else if (search.skills.size >= MAX_SKILLS) {
    search.problems.push({ path, reason: `is one too many: a folder holds at most ${MAX_SKILLS} skills` });
  } else search.skills.set(skill.name, skill);
  return true;
}

async function readSkill({ root, real }: Search, path: string): Promise<Skill | { readonly problem: string }> {
  try {
    const text = (await readWithin({ root: real, path, maxBytes: MAX_BYTES })).toString("utf8");
    return await skillFrom(text, { source: root.source, filePath: path, baseDir: dirname(path) });
  } catch (error) {
    if (!(error instanceof Fault)) return { problem: `cannot be read: ${errorText(error)}` };
    if (error.code === "PATH_OUTSIDE") return { problem: "leads out of its folder of skills by a link" };
    return { problem: error.code === "FILE_TOO_LARGE" ? `is larger than ${MAX_BYTES / 1024} KB` : error.message };
  }
}
