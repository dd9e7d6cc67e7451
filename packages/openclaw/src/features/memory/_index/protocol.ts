/** What the gateway asks the worker, and what it answers. Plain data. */
import type { ScanReport, ScanRequest } from "./scan.ts";
import type { NotePlace } from "./notes.ts";
import type { Hit, SearchRequest } from "./search.ts";
import type { Embedder } from "./embeddings.ts";
import type { Tokenizer } from "./words.ts";

/** Which index. */
export interface Place {
  /** Absolute path of the database. */
  readonly path: string;
  readonly tokenizer: Tokenizer;
}

export interface Work {
  readonly scan: { readonly asked: ScanRequest; readonly answer: ScanReport };
  readonly search: { readonly asked: SearchRequest; readonly answer: readonly Hit[] };
  readonly pending: {
    readonly asked: { readonly fingerprint: string; readonly after: number; readonly limit: number };
    readonly answer: readonly { readonly id: number; readonly hash: string; readonly text: string }[];
  };
  readonly keep: {
    readonly asked: {
      readonly embedder: Embedder;
      readonly hashes: readonly string[];
      readonly floats: Float32Array;
      readonly dimensions: number;
    };
    readonly answer: undefined;
  };
  readonly prune: {
    readonly asked: { readonly most: number; readonly only?: readonly string[] };
    readonly answer: undefined;
  };
  readonly status: {
    readonly asked: { readonly fingerprint?: string; readonly notes?: NotePlace };
    readonly answer: IndexStatus;
  };
}

export interface IndexStatus {
  readonly files: number;
  readonly chunks: number;
  readonly bySource: readonly { readonly source: string; readonly files: number; readonly chunks: number }[];
  /** Pieces without an embedding of the one in use; absent without one. */
  readonly pending?: number;
  /** Embeddings that are stored, whoever computed them. */
  readonly embeddings: number;
  readonly dimensions?: number;
  readonly bytes: number;
  /** Notes on the disk differ from what is in the index. */
  readonly dirty: boolean;
  /** Files that are left out, and why. */
  readonly skipped: readonly string[];
}

export type Task = keyof Work;

export interface Question<T extends Task = Task> {
  readonly id: number;
  readonly task: T;
  readonly place: Place;
  readonly asked: Work[T]["asked"];
}

export interface Failure {
  readonly message: string;
  readonly code?: string;
  /** Result code of SQLite. */
  readonly errcode?: number;
}

export interface Answer {
  readonly id: number;
  readonly value?: unknown;
  readonly failure?: Failure;
  /** What a person should know, for the log. */
  readonly notes: readonly string[];
}
