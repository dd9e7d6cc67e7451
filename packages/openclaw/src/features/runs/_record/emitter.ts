/** The event sequence of one run: numbered at the source, the same for every surface. */
import { elide } from "../../../base/text.ts";
import type { ImagePart, TextPart } from "../../../contracts/message.ts";
import type { Clock } from "../../../base/time.ts";
import type { TurnRow } from "../../../store/index.ts";
import type { RunFacts } from "./facts.ts";
import type { RunEvent, RunSnapshot } from "../index.ts";

export interface EmitterParts {
  readonly clock: Clock;
  readonly publish: (event: RunEvent) => void;
  readonly facts: RunFacts;
}

/** What speaks for a run in a chat (`_reply/speaker.ts`). Its functions do not throw. */
export interface Voice {
  hear(event: RunEvent): void;
  newMessage(): void;
  pause(): void;
  kept(): Promise<void>;
}

/** Characters of one text of a tool's result that are sent around. */
const MAX_TEXT = 16_000;

/** What a tool gave back, without pictures and not longer than anybody reads. */
function forEverybody(data: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const field = data["phase"] === "update" ? "partialResult" : "result";
  const result = data[field] as { content?: unknown } | undefined;
  if (!Array.isArray(result?.content)) return data;
  return { ...data, [field]: { ...result, content: result.content.map(shown) } };
}

function shown(part: TextPart | ImagePart): TextPart {
  if (part.type === "text") return part.text.length <= MAX_TEXT ? part : { ...part, text: elide(part.text, MAX_TEXT) };
  return { type: "text", text: `[${part.mimeType}, ${Math.ceil((part.data.length * 3) / 4096)} KB]` };
}

export class RunEmitter {
  readonly #turn: TurnRow;
  readonly #clock: Clock;
  readonly #publish: (event: RunEvent) => void;
  readonly startedAt: number;
  /** What is kept of the run besides its transcript. */
  readonly facts: RunFacts;
  #seq = 0;
  #text = "";
  #ended = false;
  #voice: Voice | undefined;

  constructor(turn: TurnRow, { clock, publish, facts }: EmitterParts) {
    this.#turn = turn;
    this.#clock = clock;
    this.#publish = publish;
    this.facts = facts;
    this.startedAt = clock.now();
  }

  /** Whoever speaks for the run in a chat hears everything first. */
  follow(voice: Voice | undefined): void {
    this.#voice = voice;
  }

  /** Of the ends of a run only the first one is told. */
  emit(stream: RunEvent["stream"], given: Readonly<Record<string, unknown>>): void {
    if (this.#ended && stream === "lifecycle") return;
    this.#seq += 1;
    const { connId } = this.#turn.options;
    const data = stream === "tool" ? forEverybody(given) : given;
    this.#ended ||= stream === "lifecycle" && (data["phase"] === "end" || data["phase"] === "error");
    const event: RunEvent = {
      runId: this.#turn.id,
      seq: this.#seq,
      ts: this.#clock.now(),
      sessionKey: this.#turn.sessionKey,
      agentId: this.#turn.agentId,
      stream,
      data,
      ...(connId === undefined ? {} : { connId }),
    };
    this.#voice?.hear(event);
    this.#publish(event);
  }

  /** Begins a new assistant message: the cumulative text starts again. */
  newMessage(): void {
    this.#text = "";
    this.#voice?.newMessage();
  }

  /** The model has written a text and goes on with something else. */
  textEnds(): void {
    this.#voice?.pause();
  }

  /** The message, or as much of it as came, stands in the transcript. */
  async kept(): Promise<void> {
    await this.#voice?.kept();
  }

  text(delta: string): void {
    if (delta === "") return;
    this.#text += delta;
    this.emit("assistant", { delta, text: this.#text });
  }

  snapshot(): RunSnapshot {
    return {
      runId: this.#turn.id,
      sessionKey: this.#turn.sessionKey,
      startedAt: this.startedAt,
      text: this.#text,
      seq: this.#seq,
    };
  }
}
