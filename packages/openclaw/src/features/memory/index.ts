/** The door of memory: what the agent has written down, and finding it again. */
import { token } from "../../contracts/service.ts";
import type { ConfigSnapshot } from "../config/index.ts";
import type { Hit } from "./_index/search.ts";

export interface MemoryQuery {
  readonly agentId: string;
  readonly query: string;
  readonly maxResults?: number;
  readonly minScore?: number;
  /** Nobody else listens: the curated file and conversations may be quoted. */
  readonly inPrivate: boolean;
  /** Waits until every file and as much of the embeddings as it can are in the index. Default: a moment only. */
  readonly thorough?: boolean;
  readonly signal: AbortSignal;
}

export interface MemoryAnswer {
  readonly results: readonly Hit[];
  /** Who computes embeddings; `none` when nobody does, and then words alone decided. */
  readonly provider: string;
  readonly model?: string;
  readonly mode: "hybrid" | "vector" | "text";
  /** Another provider than the first one answered. */
  readonly fallback?: { readonly from: string; readonly reason: string };
  /** Why meaning did not count. */
  readonly note?: string;
}

export interface MemoryRead {
  /** From the workspace, or absolute. */
  readonly path: string;
  readonly text: string;
  /** First line, from 1. */
  readonly from: number;
  /** Lines given. */
  readonly lines: number;
  readonly truncated?: true;
}

export interface MemoryStatus {
  readonly agentId: string;
  readonly enabled: boolean;
  readonly backend: "builtin";
  /** Absolute path of the database. */
  readonly path: string;
  readonly workspace: string;
  readonly sources: readonly string[];
  readonly files: number;
  readonly chunks: number;
  readonly bySource: readonly { readonly source: string; readonly files: number; readonly chunks: number }[];
  /** The files may say something else than the index. */
  readonly dirty: boolean;
  readonly provider: string;
  readonly model?: string;
  readonly fallback?: { readonly from: string; readonly reason: string };
  readonly embeddings: {
    readonly enabled: boolean;
    /** `embeddings disabled: …` */
    readonly reason?: string;
    readonly stored: number;
    /** Pieces that wait for one. */
    readonly pending: number;
    readonly dimensions?: number;
    /** Result of asking for one now (`deep`). */
    readonly probe?: { readonly ok: boolean; readonly error?: string };
  };
  readonly fts: { readonly available: true; readonly tokenizer: string };
  readonly bytes: number;
  /** Files that were left out, and why. */
  readonly skipped: readonly string[];
  /** The index cannot be used. */
  readonly error?: string;
}

export interface MemorySync {
  readonly files: number;
  readonly changed: number;
  readonly embedded: number;
  readonly pending: number;
  readonly skipped: readonly string[];
  /** Why embeddings are missing. */
  readonly note?: string;
}

export interface MemoryService {
  /** Throws `MEMORY_DISABLED`, or `MEMORY_UNAVAILABLE` while the index cannot be used. */
  search(query: MemoryQuery): Promise<MemoryAnswer>;
  /** Lines of a note. Throws `MEMORY_DISABLED`, `MEMORY_PATH` or `MEMORY_PRIVATE`; a note that is not there is empty. */
  read(request: {
    readonly agentId: string;
    readonly path: string;
    readonly from?: number;
    readonly lines?: number;
    readonly inPrivate: boolean;
  }): Promise<MemoryRead>;
  /** Takes in everything that changed; with `force` reads every file again. Throws as `search`. */
  sync(request: {
    readonly agentId: string;
    readonly force?: boolean;
    readonly signal: AbortSignal;
  }): Promise<MemorySync>;
  /** `deep` asks the provider for an embedding. Never throws for an index that cannot be used: it says so. */
  status(request: {
    readonly agentId: string;
    readonly deep?: boolean;
    readonly signal: AbortSignal;
  }): Promise<MemoryStatus>;
  /** Whether it is searched and who computes embeddings (`provider/model`), without opening anything. */
  outlook(
    agentId: string,
  ): Promise<{ readonly enabled: boolean; readonly provider?: string; readonly reason?: string }>;
  /** A session began, or its conversation was compacted: the index is looked at again, when it is in use. Returns at once. */
  touch(agentId: string): void;
}

export const Memory = token<MemoryService>("memory");

export { memoryEnabled, memorySlot } from "./_settings.ts";
export type { Hit };
export type { ConfigSnapshot };
