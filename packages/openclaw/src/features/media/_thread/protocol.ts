/** What the gateway asks the thread, and what it answers. Plain data. */

export interface PictureLimits {
  /** Longest side, pixels. */
  readonly maxSide: number;
  /** Of the finished file. */
  readonly maxBytes: number;
}

export interface Fitted {
  readonly data: Uint8Array;
  readonly mimeType: string;
  readonly width: number;
  readonly height: number;
}

export interface PdfText {
  /** In the order of `pages`; 1-based. */
  readonly pages: readonly { readonly page: number; readonly text: string }[];
  /** Of the whole document. */
  readonly count: number;
}

export interface Work {
  readonly picture: { readonly asked: PictureLimits & { readonly data: Uint8Array }; readonly answer: Fitted };
  readonly pdf: {
    readonly asked: {
      readonly data: Uint8Array;
      /** Pages that are wanted, sorted; absent = from the first on. */
      readonly pages?: readonly number[];
      readonly maxPages: number;
      readonly maxChars: number;
      readonly password?: string;
    };
    readonly answer: PdfText;
  };
}

export type Task = keyof Work;

/**
 * `missing`: the library is not installed · `bomb`: more pixels than are decoded · `wont_fit`: too large at the
 * smallest step · `password`: the document wants another one · `unreadable`: broken, or of no known kind.
 */
export type Trouble = "missing" | "bomb" | "wont_fit" | "password" | "unreadable";

export interface Question<T extends Task = Task> {
  readonly id: number;
  readonly task: T;
  readonly asked: Work[T]["asked"];
}

export type Answer =
  | { readonly id: number; readonly value: unknown }
  | { readonly id: number; readonly trouble: Trouble; readonly reason: string };

/** Thrown by the tasks. */
export class TaskTrouble extends Error {
  override readonly name = "TaskTrouble";
  readonly trouble: Trouble;

  constructor(trouble: Trouble, reason: string) {
    super(reason);
    this.trouble = trouble;
  }
}
