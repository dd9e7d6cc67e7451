/** What the configuration says about the skills of one agent. */
import type { ConfigSnapshot } from "../config/index.ts";
import { skillsSection } from "./config.ts";

/** `skills.entries.<key>`. */
export interface Entry {
  readonly enabled?: boolean;
  /** Text once secrets are fetched; a reference in commands that do without them. */
  readonly apiKey?: unknown;
  readonly env?: Readonly<Record<string, string>>;
}

export interface SkillSettings {
  readonly entries: Readonly<Record<string, Entry>>;
  readonly allowBundled?: readonly string[];
  /** The agent's own list instead of that of all agents. */
  readonly agentList?: readonly string[];
  /** Characters of the list in the prompt. */
  readonly maxPromptChars: number;
  readonly watch: boolean;
  readonly watchDebounceMs: number;
}

const MAX_PROMPT_CHARS = 18_000;

export function settingsOf(config: ConfigSnapshot, agentId: string): SkillSettings {
  const { entries = {}, allowBundled, load, limits } = config.section(skillsSection);
  const agent = agentEntry(config, agentId);
  const agentList = wordsOf(agent?.["skills"]) ?? wordsOf(config.at("agents.defaults.skills"));
  const own = (agent?.["skillsLimits"] as { maxSkillsPromptChars?: number } | undefined)?.maxSkillsPromptChars;
  return {
    entries: entries as Readonly<Record<string, Entry>>,
    ...(allowBundled === undefined ? {} : { allowBundled }),
    ...(agentList === undefined ? {} : { agentList }),
    maxPromptChars: own ?? limits?.maxSkillsPromptChars ?? MAX_PROMPT_CHARS,
    watch: load.watch,
    watchDebounceMs: load.watchDebounceMs,
  };
}

function agentEntry(config: ConfigSnapshot, agentId: string): Readonly<Record<string, unknown>> | undefined {
  const list = config.at("agents.list");
  if (!Array.isArray(list)) return undefined;
  return (list as Readonly<Record<string, unknown>>[]).find(
    ({ id }) => String(id).toLowerCase() === agentId.toLowerCase(),
  );
}

function wordsOf(value: unknown): readonly string[] | undefined {
  return Array.isArray(value) ? value.map(String) : undefined;
}
