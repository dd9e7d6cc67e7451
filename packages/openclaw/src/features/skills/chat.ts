/** `/skill`. */
import { nearest } from "../../base/text.ts";
import { defineChat } from "../../contracts/chat.ts";
import type { ChatCommandCall } from "../../contracts/chat.ts";
import { Agents } from "../agents/index.ts";
import { Config } from "../config/index.ts";
import { agentFor } from "./_agent.ts";
import { errors } from "./errors.ts";
import { Skills } from "./index.ts";
import type { SkillCommand } from "./index.ts";

export const chat = [
  defineChat({
    name: "skill",
    summary: "Use a skill",
    category: "tools",
    args: "<name> [what to do with it]",
    run: skill,
  }),
];

async function skill(call: ChatCommandCall): Promise<{ reply?: string; turn?: string }> {
  const [, wanted = "", input = ""] = /^\/?(\S*)\s*([\s\S]*)$/.exec(call.rest) ?? [];
  const [skills, agents, config] = await Promise.all([call.use(Skills), call.use(Agents), call.use(Config)]);
  const query = { agent: agentFor(agents, call.agentId), config: config.current() };
  const commands = await skills.commands(query);
  if (wanted === "") return { reply: listOf(commands) };
  const name = wanted.toLowerCase();
  const found = commands.find((each) => each.skill.name === name || each.name === name);
  if (found) return (await import("./_invoke.ts")).callSkill(call, found, input.trim());
  const state = (await skills.states(query)).skills.find((each) => each.skill.name === name);
  if (!state)
    throw errors.SKILL_UNKNOWN({
      name: wanted,
      near: nearest(
        name,
        commands.map((each) => each.skill.name),
      ),
    });
  const { reasonOf } = await import("./_report.ts");
  throw errors.SKILL_NOT_READY({ name, reason: reasonOf(state) ?? "it is not meant to be called by people" });
}

function listOf(commands: readonly SkillCommand[]): string {
  if (commands.length === 0) return "There are no skills that can be used now. What they need: `openclaw skills check`";
  const lines = commands.map(
    ({ skill: { name, emoji }, description }) => `- ${emoji ? `${emoji} ` : ""}**${name}**: ${description}`,
  );
  return ["Skills, used with `/skill <name> [what to do]`:", ...lines].join("\n");
}
