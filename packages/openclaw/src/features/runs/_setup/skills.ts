/** The skills of a run: what the model is told of them, and what its commands get from them. */
import { errorText } from "../../../base/errors.ts";
import { realPath } from "../../../base/open.ts";
import { compact } from "../../../base/text.ts";
import type { Principal } from "../../../contracts/principal.ts";
import type { Tool } from "../../../contracts/tool.ts";
import type { TurnRow } from "../../../store/index.ts";
import { fileRoots, isSandboxed } from "../../policy/index.ts";
import { Skills, skillsOfConversation } from "../../skills/index.ts";
import type { SkillSet } from "../../skills/index.ts";
import type { Place } from "./setup.ts";
import type { RunDeps } from "../run.ts";

interface RunSkills {
  /** The list for the prompt; empty when there is none. */
  readonly prompt: string;
  readonly env: Readonly<Record<string, string>>;
  /** Where they lie, for a run whose file tools are confined. */
  readonly folders: readonly string[];
  /** What the conversation is given from now on, where its row does not say so yet. */
  readonly snapshot?: SkillsSnapshot;
}

export interface SkillsSnapshot {
  readonly version: string;
  readonly skills: readonly { readonly name: string }[];
}

const NONE: RunSkills = { prompt: "", env: {}, folders: [] };

/**
 * A run without a way to read gets no skills. One in a sandbox gets none of their variables, and one for a guest
 * neither those nor skills outside the workspace: the variables may be keys of the owner, and guests read nothing
 * else. Skills that cannot be had never keep a run from happening.
 */
export async function skillsOf(
  deps: Pick<RunDeps, "use" | "log">,
  turn: Pick<TurnRow, "id" | "sessionKey" | "principal" | "replyTo">,
  { place, tools }: { readonly place: Place; readonly tools: readonly Tool[] },
): Promise<RunSkills> {
  if (!tools.some(({ name }) => name === "read" || name === "exec")) return NONE;
  const { agent, config, session } = place;
  const known = versionOf(session.entry["skillsSnapshot"]);
  try {
    const isGuest = byGuest(turn.principal);
    const filter = turn.replyTo && skillsOfConversation(config, turn.replyTo.address);
    const limits = compact({ filter, within: isGuest ? agent.workspace : undefined });
    const set = await (await deps.use(Skills)).eligible({ agent, config, fresh: known === undefined, ...limits });
    const closed = isGuest || isSandboxed(config, agent.id, turn.sessionKey);
    const isConfined = !isGuest && fileRoots(config, agent.id, agent.workspace).length > 0;
    const folders = isConfined ? await foldersOf(set.skills) : [];
    return {
      prompt: set.prompt,
      env: closed ? {} : set.env,
      folders,
      ...(set.version !== known && !isGuest ? { snapshot: snapshotOf(set) } : {}),
    };
  } catch (error) {
    deps.log.warn("skills are left out of a run", { run: turn.id, error: errorText(error) });
    return NONE;
  }
}

/** Whether it, or whoever caused it, has no more rights than a guest. */
function byGuest({ role, parent }: Principal): boolean {
  return role === "guest" || role === "stranger" || (parent !== undefined && byGuest(parent));
}

/** Their folders as they are named and as they really are: the gate judges by the latter. */
async function foldersOf(skills: SkillSet["skills"]): Promise<readonly string[]> {
  const real = await Promise.all(skills.map(({ baseDir }) => realPath(baseDir)));
  return [...new Set(skills.flatMap(({ baseDir }, at) => [baseDir, real[at] ?? baseDir]))];
}

function snapshotOf({ version, skills }: SkillSet): SkillsSnapshot {
  return { version, skills: skills.map(({ name }) => ({ name })) };
}

function versionOf(snapshot: unknown): unknown {
  return snapshot !== null && typeof snapshot === "object" && "version" in snapshot ? snapshot.version : undefined;
}
