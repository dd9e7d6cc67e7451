/** Which skills an agent may use now, and what the others lack. Pure. */
import type { Env } from "../../base/env.ts";
import type { ConfigSnapshot } from "../config/index.ts";
import { withheldFrom } from "./_secret-names.ts";
import type { Entry } from "./_settings.ts";
import type { Requirements, Skill, SkillState } from "./index.ts";

export interface Facts {
  readonly os: string;
  readonly env: Env;
  readonly config: Pick<ConfigSnapshot, "at">;
  /** Whether a program is on PATH. */
  readonly has: (program: string) => boolean;
  readonly entries: Readonly<Record<string, Entry>>;
  /** `skills.allowBundled`. */
  readonly allowBundled?: readonly string[];
  /** Lists of which each must name the skill: the agent's, the conversation's. */
  readonly lists: readonly (readonly string[])[];
}

const NOTHING: Requirements = { bins: [], anyBins: [], env: [], config: [], os: [] };

export function stateOf(skill: Skill, facts: Facts): SkillState {
  const entry = entryOf(skill, facts);
  const disabled = entry?.enabled === false;
  const blockedByAllowlist = !isBundledAllowed(skill, facts) || !facts.lists.every((list) => names(list, skill));
  const missing = skill.always ? NOTHING : missingFor(skill, facts);
  const complete = Object.values(missing).every((list: readonly string[]) => list.length === 0);
  const eligible = !disabled && !blockedByAllowlist && complete;
  const withheld = withheldFrom(skill, { env: facts.env, entry });
  return { skill, disabled, blockedByAllowlist, missing, eligible, withheld };
}

function isBundledAllowed(skill: Skill, { allowBundled }: Facts): boolean {
  return skill.source !== "openclaw-bundled" || allowBundled === undefined || names(allowBundled, skill);
}

/** Lists say names; keys of the configuration count too. */
function names(list: readonly string[], { name, skillKey }: Skill): boolean {
  return list.includes(name) || list.includes(skillKey);
}

export function entryOf(
  { name, skillKey }: Pick<Skill, "name" | "skillKey">,
  { entries }: Pick<Facts, "entries">,
): Entry | undefined {
  if (Object.hasOwn(entries, skillKey)) return entries[skillKey];
  return Object.hasOwn(entries, name) ? entries[name] : undefined;
}

function missingFor(skill: Skill, facts: Facts): Requirements {
  const { bins, anyBins, env, config, os } = skill.requires;
  return {
    os: os.length === 0 || os.includes(facts.os) ? [] : os,
    bins: bins.filter((program) => !facts.has(program)),
    anyBins: anyBins.some(facts.has) ? [] : anyBins,
    env: env.filter((name) => !isGiven(name, skill, facts)),
    config: config.filter((path) => !isOn(facts.config.at(path))),
  };
}

function isGiven(name: string, skill: Skill, facts: Facts): boolean {
  const entry = entryOf(skill, facts);
  if ((facts.env[name] ?? "") !== "") return true;
  if (entry?.env !== undefined && Object.hasOwn(entry.env, name) && entry.env[name] !== "") return true;
  return skill.primaryEnv === name && entry?.apiKey !== undefined && entry.apiKey !== "";
}

function isOn(value: unknown): boolean {
  return value !== undefined && value !== null && value !== false && value !== 0 && value !== "";
}
