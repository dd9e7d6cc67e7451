/** What becomes of a skill that a person calls by its command: a turn, or one call of a tool without a model. */
import type { ChatCommandCall } from "../../contracts/chat.ts";
import { isOwner } from "../../contracts/principal.ts";
import { ToolCalls } from "./_service-tokens.ts";
import { errors } from "./errors.ts";
import type { SkillCommand } from "./index.ts";

type SkillCall = Pick<ChatCommandCall, "use" | "sessionKey" | "agentId" | "principal"> & {
  readonly signal?: AbortSignal;
};

/** Throws `SKILL_TOOL_FAILED`. */
export async function callSkill(
  call: SkillCall,
  { name, skill }: SkillCommand,
  input: string,
): Promise<{ readonly reply?: string; readonly turn?: string }> {
  const { dispatch } = skill;
  if (dispatch === undefined) return { turn: turnOf(skill.name, skill.filePath, input) };
  const { use, sessionKey, agentId, principal, signal } = call;
  const outcome = await (
    await use(ToolCalls)
  ).callTool({
    name: dispatch.tool,
    args: { command: input, commandName: name, skillName: skill.name },
    sessionKey,
    agentId,
    principal,
    admin: isOwner(principal),
    signal: signal ?? new AbortController().signal,
  });
  if (!outcome.ok) throw errors.SKILL_TOOL_FAILED({ tool: dispatch.tool, reason: outcome.error.message });
  const texts = outcome.result.content.flatMap((part) => (part.type === "text" ? [part.text] : []));
  return { reply: texts.join("\n\n").trim() || "Done." };
}

function turnOf(name: string, filePath: string, input: string): string {
  const request = `Use the skill "${name}" for this: read ${filePath} first and follow it.`;
  return input === "" ? request : `${request}\n\n${input}`;
}
