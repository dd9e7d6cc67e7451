/** What is wished of a compaction, and what it comes to. */
import type { ConfigSnapshot } from "../../../contracts/config.ts";
import type { ContextEngine } from "../../../contracts/context-engine.ts";
import type { Endpoint } from "../../../contracts/model.ts";
import type { CompactionEntry, SessionRow } from "../../../store/index.ts";

export type CompactionReason = "overflow" | "threshold" | "bytes" | "precheck" | "manual";

export interface CompactionWish {
  readonly session: SessionRow;
  readonly config: ConfigSnapshot;
  /** Absolute. */
  readonly workspace: string;
  /** In the order in which they are asked; `compaction.model`, where it is set, is asked instead. Never empty. */
  readonly candidates: readonly Endpoint[];
  readonly reason: CompactionReason;
  readonly instructions?: string;
  /** The window as it was found to be. */
  readonly seen?: number;
  /** Tokens of the next request as it stands, and of prompt and schemas in it. */
  readonly tokensBefore: number;
  readonly fixed: number;
  /** How often it was tried already and did not suffice: less stays each time. */
  readonly harder?: number;
  readonly engine?: ContextEngine;
  /** The owner wants it: programs of this machine may write the summary. */
  readonly forOwner?: boolean;
  readonly signal: AbortSignal;
}

export type CompactionOutcome =
  | {
      readonly compacted: true;
      readonly entry: CompactionEntry;
      readonly tokensBefore: number;
      readonly tokensAfter: number;
      readonly archived?: string;
    }
  | {
      readonly compacted: false;
      /** One line: why not. */
      readonly reason: string;
      /** It was tried and did not work; what was before holds. */
      readonly failed: boolean;
    };
