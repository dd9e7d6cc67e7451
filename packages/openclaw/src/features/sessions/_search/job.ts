/** What the thread of a search is asked, and what it answers. Plain data. */

export type SearchRole = "user" | "assistant" | "tool";

export interface SearchJob {
  /** Where transcripts lie: absolute folders with the agent that each belongs to. */
  readonly folders: readonly { readonly agentId: string; readonly folder: string }[];
  readonly query: string;
  readonly roles: readonly SearchRole[];
  /** Only this conversation: the transcript of today, and those that were archived under its key. */
  readonly only?: { readonly key: string; readonly sessionId: string };
  /** Also transcripts that a reset ended. */
  readonly archived: boolean;
  /** Epoch milliseconds; messages from then on. */
  readonly since?: number;
  /** Epoch milliseconds; messages before then. */
  readonly until?: number;
  readonly limit: number;
  /** Time that may be spent. */
  readonly budgetMs: number;
  /** Bytes of transcripts that may be read. */
  readonly maxBytes: number;
  /** Where an earlier answer ended. */
  readonly from?: Place;
  /** Epoch milliseconds. */
  readonly now: number;
}

/** Where a search goes on: files are gone through from the newest change to the oldest, each from its end. */
export interface Place {
  /** When the first page was asked; files that changed later are looked through after the others. */
  readonly began: number;
  /** Rank of the file among all. */
  readonly rank: number;
  /** Agent and name of the file. */
  readonly file: string;
  /** Lines that begin before this byte are still to be read. */
  readonly offset: number;
}

export interface Hit {
  readonly agentId: string;
  readonly sessionId: string;
  /** Key that an archived transcript was noted with. */
  readonly noted?: string;
  /** The transcript was ended by a reset. */
  readonly archived: boolean;
  readonly entryId: string;
  readonly role: SearchRole;
  /** Epoch milliseconds. */
  readonly timestamp: number;
  readonly excerpt: string;
  /** Where the words stand in the excerpt: start and length. */
  readonly matches: readonly (readonly [number, number])[];
}

export interface SearchAnswer {
  readonly hits: readonly Hit[];
  /** Why it ended: everything was looked through, or a bound was reached. */
  readonly stopped: "end" | "limit" | "time" | "bytes";
  readonly next?: Place;
  readonly files: number;
  readonly bytes: number;
}
