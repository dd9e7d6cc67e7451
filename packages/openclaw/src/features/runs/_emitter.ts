/** The event sequence of one run: numbered at the source, the same for every surface. */
import type { Clock } from "../../base/time.ts";
import type { TurnRow } from "../../store/index.ts";
import type { RunFacts } from "./_facts.ts";
import type { RunEvent, RunSnapshot } from "./index.ts";

export interface EmitterParts {
  readonly clock: Clock;
  readonly publish: (event: RunEvent) => void;
  readonly facts: RunFacts;
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

  constructor(turn: TurnRow, { clock, publish, facts }: EmitterParts) {
    this.#turn = turn;
    this.#clock = clock;
    this.#publish = publish;
    this.facts = facts;
    this.startedAt = clock.now();
  }

  emit(stream: RunEvent["stream"], data: Readonly<Record<string, unknown>>): void {
    this.#seq += 1;
    const { connId } = this.#turn.options;
    this.#publish({
      runId: this.#turn.id,
      seq: this.#seq,
      ts: this.#clock.now(),
      sessionKey: this.#turn.sessionKey,
      agentId: this.#turn.agentId,
      stream,
      data,
      ...(connId === undefined ? {} : { connId }),
    });
  }

  /** Begins a new assistant message: the cumulative text starts again. */
  newMessage(): void {
    this.#text = "";
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
