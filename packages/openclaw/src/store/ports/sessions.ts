/** Conversations with agents, by their keys. */

/** The documented entry of `sessions.json`; unknown fields survive. */
export interface SessionEntry {
  readonly sessionId: string;
  readonly updatedAt: number;
  readonly sessionStartedAt?: number;
  readonly lastInteractionAt?: number;
  readonly label?: string;
  readonly displayName?: string;
  readonly chatType?: string;
  readonly channel?: string;
  readonly lastChannel?: string;
  readonly lastTo?: string;
  readonly lastAccountId?: string;
  readonly thinkingLevel?: string;
  readonly verboseLevel?: string;
  readonly reasoningLevel?: string;
  readonly sendPolicy?: string;
  readonly providerOverride?: string;
  readonly modelOverride?: string;
  readonly modelOverrideSource?: string;
  readonly modelProvider?: string;
  readonly model?: string;
  readonly contextTokens?: number;
  readonly inputTokens?: number;
  readonly outputTokens?: number;
  readonly totalTokens?: number;
  readonly cacheRead?: number;
  readonly cacheWrite?: number;
  readonly estimatedCostUsd?: number;
  readonly abortedLastRun?: boolean;
  readonly pinned?: boolean;
  readonly archived?: boolean;
  readonly lifecycleRevision?: number;
  readonly createdAt?: number;
  readonly [field: string]: unknown;
}

export interface SessionRow {
  readonly key: string;
  readonly agentId: string;
  readonly entry: SessionEntry;
}

/** `null` clears a field. `bump` adds to number fields. */
export interface SessionPatch {
  readonly set: Readonly<Record<string, unknown>>;
  readonly bump?: Readonly<Record<string, number>>;
}

export interface SessionFilter {
  readonly agentId?: string;
  readonly activeSince?: number;
  readonly updatedBefore?: number;
  readonly label?: string;
  readonly search?: string;
  readonly archived?: boolean | "all";
  /** Only these agents. */
  readonly agents?: readonly string[];
  readonly spawnedBy?: string;
  readonly pinned?: boolean;
  /** Kinds of keys to leave out. */
  readonly without?: readonly ("global" | "unknown" | "subagents")[];
  /** Newest first by this; default `updatedAt`. */
  readonly sortBy?: "updatedAt" | "createdAt";
  readonly limit: number;
  readonly offset: number;
}

export interface Sessions {
  get(key: string): Promise<SessionRow | undefined>;
  /** Creates the row unless it exists; returns what is stored. */
  ensure(row: SessionRow): Promise<{ created: boolean; row: SessionRow }>;
  /** Applies a patch; undefined when there is no such row. Rejects a label that another row of the agent has. */
  patch(key: string, patch: SessionPatch): Promise<SessionRow | undefined>;
  /** Newest first, with the number of rows that match. */
  list(filter: SessionFilter): Promise<{ rows: SessionRow[]; total: number }>;
  /** Keys of the sessions that each of these started (`spawnedBy`), newest first; those without any are left out. */
  children(keys: readonly string[]): Promise<ReadonlyMap<string, readonly string[]>>;
  delete(key: string): Promise<SessionRow | undefined>;
}
