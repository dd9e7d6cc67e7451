import { defineCheck, type CheckContext, type Finding } from "../../contracts/check.ts";
import { isInside } from "../../base/path.ts";
import { Agents } from "../agents/index.ts";
import { Config } from "../config/index.ts";
import type { SkillState } from "./index.ts";
import { Skills } from "./index.ts";

export const checks = [
  defineCheck({
    id: "skills.usable",
    kind: "doctor",
    summary: "Skills can be read, and those that somebody installed have what they need.",
    needsConfig: true,
    async run(context) {
      const found = await everything(context);
      const broken = new Map(found.flatMap(({ problems }) => problems.map((problem) => [problem.path, problem])));
      const wanting = unique(found.flatMap(({ skills }) => skills)).filter(
        ({ skill, eligible, disabled, blockedByAllowlist }) =>
          !eligible && !disabled && !blockedByAllowlist && skill.source !== "openclaw-bundled",
      );
      const ready = unique(found.flatMap(({ skills }) => skills.filter(({ eligible }) => eligible))).length;
      const { reasonOf } = await import("./_report.ts");
      return [
        ...[...broken.values()].map(({ path, reason }): Finding => ({
          level: "warn",
          message: `A skill is left out: ${path} ${reason}.`,
          remedy: "Correct its SKILL.md, or remove the folder.",
        })),
        ...wanting.map((state): Finding => ({
          level: "info",
          message: `The skill ${state.skill.name} is not used: it ${reasonOf(state) ?? ""}.`,
          remedy: `See: openclaw skills info ${state.skill.name}`,
        })),
        { level: "ok", message: `Skills that can be used: ${ready}.` },
      ];
    },
  }),
  defineCheck({
    id: "skills.workspace.writable",
    kind: "audit",
    summary: "Lists skills that their own agent can change.",
    needsConfig: true,
    async run(context) {
      const found = await everything(context);
      return found.flatMap(({ agent, skills }): Finding[] => {
        const own = skills
          .filter(({ skill }) => isInside(agent.workspace, skill.filePath))
          .map(({ skill }) => skill.name);
        if (own.length === 0) return [];
        return [
          {
            level: "info",
            message: `Agent ${agent.id} can change skills that it follows, because they lie in its workspace: ${own.join(", ")}.`,
            remedy:
              "Move those that must not change to ~/.openclaw/skills, or keep the workspace in git and look at what changed.",
          },
        ];
      });
    },
  }),
  defineCheck({
    id: "skills.workspace.symlink_escape",
    kind: "audit",
    summary: "No skill of a workspace leads out of it by a link.",
    needsConfig: true,
    async run(context) {
      const found = await everything(context);
      return found.flatMap(({ agent, problems }) =>
        problems
          .filter(({ path, reason }) => reason.startsWith("leads out") && isInside(agent.workspace, path))
          .map(({ path, reason }): Finding => ({
            level: "warn",
            message: `${path} ${reason}. It is not used.`,
            remedy: "Put the skill itself there instead of a link.",
          })),
      );
    },
  }),
];

async function everything({ use }: CheckContext) {
  const [service, agents, config] = await Promise.all([use(Skills), use(Agents), use(Config)]);
  const snapshot = config.current();
  return Promise.all(
    agents.list(snapshot).map(async (agent) => ({ agent, ...(await service.states({ agent, config: snapshot })) })),
  );
}

/** Shared skills are seen by every agent: each is told of once. */
function unique(states: readonly SkillState[]): readonly SkillState[] {
  return [...new Map(states.map((state) => [state.skill.filePath, state])).values()];
}
