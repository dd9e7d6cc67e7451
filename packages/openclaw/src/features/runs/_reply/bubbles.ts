/** Tool calls and other news of a run as messages of their own, for people who asked for them (`verbose`). */
import type { ImagePart, TextPart } from "../../../contracts/message.ts";
import type { TurnRow } from "../../../store/index.ts";
import type { RunEvent } from "../index.ts";
import type { VerboseLevel } from "./settings.ts";
import { toolFailure, toolLine, toolOutput } from "./tool-line.ts";

export interface BubbleParts {
  /** The level of this moment. */
  readonly level: () => Promise<VerboseLevel>;
  /** How often the conversation was shortened. */
  readonly compactions: () => Promise<number | undefined>;
  /** A known key says nothing again. */
  readonly say: (text: string, key: string) => void;
}

/** Waits that are worth telling. */
const LONG_WAIT_MS = 2000;

export class Bubbles {
  readonly #parts: BubbleParts;
  /** Bubbles keep the order of the events, whatever the level takes to be found. */
  #line: Promise<void> = Promise.resolve();

  constructor(parts: BubbleParts) {
    this.#parts = parts;
  }

  waited({ createdAt, startedAt, options }: TurnRow): void {
    const waited = (startedAt ?? createdAt) - createdAt;
    if (waited <= LONG_WAIT_MS || options.wake !== undefined) return;
    this.#when(["on", "full"], () => this.#parts.say(`⏳ queued for ${waited}ms`, "queued"));
  }

  hear({ stream, data, seq }: RunEvent): void {
    if (stream === "tool") this.#tool(data, seq);
    else if (stream === "compaction" && data["phase"] === "end" && data["completed"] !== false) {
      this.#when(["on", "full"], async () => {
        const count = await this.#parts.compactions();
        const times = count === undefined ? "" : ` (count ${count})`;
        this.#parts.say(`🧹 Auto-compaction complete${times}`, `compaction:${seq}`);
      });
    }
  }

  #tool(data: Readonly<Record<string, unknown>>, seq: number): void {
    const { phase, name, toolCallId, args, isError, result } = data as {
      phase: string;
      name: string;
      toolCallId: string;
      args?: unknown;
      isError?: boolean;
      result?: { content: readonly (TextPart | ImagePart)[] };
    };
    // Some servers number the calls of each answer from the start again.
    const key = `tool:${seq}:${toolCallId}`;
    if (phase === "start") this.#when(["on", "full"], () => this.#parts.say(toolLine(name, args), key));
    if (phase !== "result") return;
    const text = (result?.content ?? []).flatMap((part) => (part.type === "text" ? [part.text] : [])).join("\n");
    if (isError === true) this.#when(["on", "full"], () => this.#parts.say(toolFailure(name, text), key));
    else this.#when(["full"], () => this.#parts.say(toolOutput(name, text), key));
  }

  #when(levels: readonly VerboseLevel[], say: () => void | Promise<void>): void {
    this.#line = this.#line
      .then(async () => {
        if (levels.includes(await this.#parts.level())) await say();
      })
      .catch(() => undefined);
  }

  /** Resolves when everything heard was handed on. */
  settled(): Promise<void> {
    return this.#line;
  }
}
