/** The skills of a run: what the model is told of them, and what its commands get from them. */
import { errorText } from "../../base/errors.ts";
import type { Tool } from "../../contracts/tool.ts";
import type { TurnRow } from "../../store/index.ts";
import { isSandboxed } from "../policy/index.ts";
import { Skills } from "../skills/index.ts";
import type { SkillSet } from "../skills/index.ts";
import type { Place } from "./_setup.ts";
import type { RunDeps } from "./run.ts";

export interface RunSkills {
  /** The list for the prompt; empty when there is none. */
  readonly prompt: string;
  readonly env: Readonly<Record<string, string>>;
}

const NONE: RunSkills = { prompt: "", env: {} };

/**
 * A run without a way to read gets no skills; one in a sandbox, and one for a guest, gets none of their
 * variables: they may be keys of the owner. Skills that cannot be had never keep a run from happening.
 */
export async function skillsOf(
  deps: Pick<RunDeps, "use" | "store" | "log">,
  turn: Pick<TurnRow, "id" | "sessionKey" | "principal">,
  { place, tools }: { readonly place: Place; readonly tools: readonly Tool[] },
): Promise<RunSkills> {
  if (!tools.some(({ name }) => name === "read" || name === "exec")) return NONE;
  const { agent, config, session } = place;
  const known = versionOf(session.entry["skillsSnapshot"]);
  try {
    const set = await (await deps.use(Skills)).eligible({ agent, config, fresh: known === undefined });
    if (set.version !== known) remember(deps, turn.sessionKey, set);
    const closed = turn.principal.role === "guest" || isSandboxed(config, agent.id, turn.sessionKey);
    return { prompt: set.prompt, env: closed ? {} : set.env };
  } catch (error) {
    deps.log.warn("skills are left out of a run", { run: turn.id, error: errorText(error) });
    return NONE;
  }
}

/** The row says what the conversation was given; nothing waits for that. */
function remember({ store, log }: Pick<RunDeps, "store" | "log">, key: string, { version, skills }: SkillSet): void {
  const skillsSnapshot = { version, skills: skills.map(({ name }) => ({ name })) };
  store.sessions.patch(key, { set: { skillsSnapshot } }).catch((error: unknown) => {
    log.warn("the skills of a session could not be noted", { session: key, error: errorText(error) });
  });
}

function versionOf(snapshot: unknown): unknown {
  return snapshot !== null && typeof snapshot === "object" && "version" in snapshot ? snapshot.version : undefined;
}
