/** Skills as clients see them: the answer of `skills.status`. */
import { join } from "node:path";
import { platform as system } from "node:process";
import { compact } from "../../base/text.ts";
import type { Paths } from "../../contracts/service.ts";
import type { Agent } from "../agents/index.ts";
import type { ConfigSnapshot } from "../config/index.ts";
import { commandsOf } from "./_commands.ts";
import { entryOf } from "./_eligible.ts";
import { settingsOf } from "./_settings.ts";
import type { Requirements, SkillProblem, SkillState, SkillsService } from "./index.ts";

export interface SkillRow {
  readonly name: string;
  readonly description: string;
  readonly source: string;
  readonly bundled: boolean;
  readonly filePath: string;
  readonly baseDir: string;
  readonly skillKey: string;
  readonly emoji?: string;
  readonly homepage?: string;
  readonly primaryEnv?: string;
  /** Whether its key is configured; the key itself is never shown. */
  readonly hasApiKey: boolean;
  /** Without the slash; absent when it cannot be called now. */
  readonly command?: string;
  readonly always: boolean;
  readonly disabled: boolean;
  readonly blockedByAllowlist: boolean;
  readonly eligible: boolean;
  readonly requirements: Requirements;
  readonly missing: Requirements;
  /** Secrets of the gateway that it asks for and is not given; absent where there are none. */
  readonly withheld?: readonly string[];
  readonly configChecks: readonly { readonly path: string; readonly satisfied: boolean }[];
  readonly install: readonly {
    readonly id: string;
    readonly kind: string;
    readonly label: string;
    readonly bins: readonly string[];
  }[];
}

export interface SkillsReport {
  readonly workspaceDir: string;
  readonly managedSkillsDir: string;
  readonly agentId: string;
  readonly skills: readonly SkillRow[];
  /** Folders that hold no usable skill, and why. */
  readonly problems: readonly SkillProblem[];
}

export async function reportOf(
  service: SkillsService,
  { agent, config, paths }: { readonly agent: Agent; readonly config: ConfigSnapshot; readonly paths: Paths },
): Promise<SkillsReport> {
  const { skills, problems } = await service.states({ agent, config });
  const { entries } = settingsOf(config, agent.id);
  const callable = commandsOf(
    skills.filter(({ eligible }) => eligible).map(({ skill }) => skill),
    [],
  );
  const names = new Map(callable.map(({ skill, name }) => [skill.name, name]));
  return {
    workspaceDir: agent.workspace,
    managedSkillsDir: join(paths.state, "skills"),
    agentId: agent.id,
    skills: skills.map((state) => ({
      ...rowOf(state),
      hasApiKey: (entryOf(state.skill, { entries })?.apiKey ?? "") !== "",
      ...compact({ command: names.get(state.skill.name) }),
    })),
    problems,
  };
}

function rowOf({ skill, missing, withheld, ...state }: SkillState): Omit<SkillRow, "hasApiKey" | "command"> {
  const { name, description, source, filePath, baseDir, skillKey, emoji, homepage, primaryEnv, always, requires } =
    skill;
  const { disabled, blockedByAllowlist, eligible } = state;
  return compact({
    name,
    description,
    source,
    bundled: source === "openclaw-bundled",
    filePath,
    baseDir,
    skillKey,
    emoji,
    homepage,
    primaryEnv,
    always,
    disabled,
    blockedByAllowlist,
    eligible,
    requirements: requires,
    missing,
    withheld: withheld.length === 0 ? undefined : withheld,
    configChecks: requires.config.map((path) => ({ path, satisfied: !missing.config.includes(path) })),
    install: skill.install
      .filter(({ os }) => os.length === 0 || os.includes(system))
      .map(({ id, kind, label, bins }) => ({ id, kind, label, bins })),
  }) as Omit<SkillRow, "hasApiKey" | "command">;
}

/** Why a skill cannot be used, for people: `needs ffmpeg on PATH and GEMINI_API_KEY`; undefined when it can. */
export function reasonOf({
  eligible,
  disabled,
  blockedByAllowlist,
  missing,
}: Pick<SkillRow, "eligible" | "disabled" | "blockedByAllowlist" | "missing">): string | undefined {
  if (eligible) return undefined;
  if (disabled) return "switched off";
  if (blockedByAllowlist) return "not in the list of allowed skills";
  const needs = [
    missing.os.length > 0 && `the system ${missing.os.join(" or ")}`,
    missing.bins.length > 0 && `${missing.bins.join(", ")} on PATH`,
    missing.anyBins.length > 0 && `one of ${missing.anyBins.join(", ")} on PATH`,
    missing.env.length > 0 && `the variable ${missing.env.join(", ")}`,
    missing.config.length > 0 && `the setting ${missing.config.join(", ")}`,
  ].filter((need) => need !== false);
  return `needs ${needs.join(" and ")}`;
}
