/** What the configuration says about one agent's memory. */
import { isRecord } from "../../base/record.ts";
import { join } from "node:path";
import { pathFrom } from "../../base/path.ts";
import type { Static } from "../../contracts/schema.ts";
import type { ConfigSnapshot } from "../../contracts/config.ts";
import type { Paths } from "../../contracts/service.ts";
import { agentsSection } from "../agents/index.ts";
import type { Tokenizer } from "./_index/words.ts";

export type SearchConfig = Static<typeof agentsSection.schema>["defaults"]["memorySearch"];

export interface MemorySettings {
  readonly agentId: string;
  readonly search: SearchConfig;
  readonly workspace: string;
  /** Of the index. */
  readonly path: string;
  readonly tokenizer: Tokenizer;
  /** Absolute. */
  readonly extra: readonly string[];
  /** Folder of the agent's transcripts, when they are searched. */
  readonly transcripts?: string;
  readonly rule: { readonly tokens: number; readonly overlap: number };
  readonly cached: number;
}

const CHUNK = { tokens: 400, overlap: 80 };
const CACHED = 50_000;

/** Whether an agent's memory is searched: `memorySearch.enabled`, and a plugin slot that is not `none`. */
export function memoryEnabled(config: ConfigSnapshot, agentId: string): boolean {
  return memorySlot(config) !== "none" && searchConfig(config, agentId).enabled;
}

/** `memory-core` unless configured; ids of plugins that are not there mean the built-in one. */
export function memorySlot(config: ConfigSnapshot): string {
  const slot = config.at("plugins.slots.memory");
  return typeof slot === "string" && slot !== "" ? slot : "memory-core";
}

/** The common settings with the agent's own over them, key by key. */
function searchConfig(config: ConfigSnapshot, agentId: string): SearchConfig {
  const { defaults, list } = config.section(agentsSection);
  const own = list?.find(({ id }) => id === agentId) as { memorySearch?: unknown } | undefined;
  return merged(defaults.memorySearch, own?.memorySearch) as SearchConfig;
}

export function settingsOf(
  config: ConfigSnapshot,
  agent: { readonly id: string; readonly workspace: string },
  paths: Paths,
): MemorySettings {
  const search = searchConfig(config, agent.id);
  const stored = search.store.path ?? join(paths.state, "memory", "{agentId}.sqlite");
  const chunking = search.chunking;
  const tokens = Math.max(20, chunking?.tokens ?? CHUNK.tokens);
  const talks = search.sources.includes("sessions") && search.experimental?.sessionMemory === true;
  return {
    agentId: agent.id,
    search,
    workspace: agent.workspace,
    path: pathFrom(paths.state, stored.replaceAll("{agentId}", agent.id), paths.home),
    tokenizer: search.store.fts?.tokenizer ?? "unicode61",
    extra: (search.extraPaths ?? []).map((path) => pathFrom(agent.workspace, path, paths.home)),
    ...(talks ? { transcripts: join(paths.state, "agents", agent.id, "sessions") } : {}),
    rule: { tokens, overlap: Math.min(chunking?.overlap ?? CHUNK.overlap, Math.floor(tokens / 2)) },
    cached: search.cache.enabled ? (search.cache.maxEntries ?? CACHED) : 0,
  };
}

function merged(base: unknown, over: unknown): unknown {
  if (over === undefined) return base;
  if (!isRecord(base) || !isRecord(over)) return over;
  return Object.fromEntries(
    [...new Set([...Object.keys(base), ...Object.keys(over)])].map((key) => [key, merged(base[key], over[key])]),
  );
}
