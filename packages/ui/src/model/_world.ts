/**
 * A FAKE gateway for property tests of the merge: one session whose truth is a transcript, and a wire that can be cut
 * at any point. Deterministic: it does exactly the steps it is given.
 */
import type { AgentEvent, ChatEvent, History, SessionMessageEvent, WireMessage } from "openclaw/client";

export type WireEvent =
  | { readonly event: "chat"; readonly payload: ChatEvent }
  | { readonly event: "agent"; readonly payload: AgentEvent }
  | { readonly event: "session.message"; readonly payload: SessionMessageEvent };

/** One run: pieces of text, each followed by a tool call but the last. Every word occurs once. */
export interface Script {
  readonly runId: string;
  readonly message: string;
  readonly texts: readonly (readonly string[])[];
  readonly ending: "final" | "aborted" | "silent";
}

const KEY = "agent:main:main";

export class World {
  readonly transcript: WireMessage[] = [];
  readonly #scripts: Script[];
  #steps: (() => WireEvent[])[] = [];
  #flight: { runId: string; text: string } | undefined;
  #seq = 0;

  constructor(scripts: readonly Script[]) {
    this.#scripts = [...scripts];
  }

  get idle(): boolean {
    return this.#steps.length === 0 && this.#scripts.length === 0;
  }

  /** The next script, when nothing runs: the client sends its message. */
  begin(): Script | undefined {
    if (this.#steps.length > 0) return undefined;
    const script = this.#scripts.shift();
    if (script !== undefined) this.#steps = this.#stepsOf(script);
    return script;
  }

  /** The events of the next thing that happens. */
  step(): WireEvent[] {
    return this.#steps.shift()?.() ?? [];
  }

  history(limit: number, offset = 0): History {
    const end = this.transcript.length - offset;
    const start = Math.max(0, end - limit);
    return {
      sessionKey: KEY,
      sessionId: "one",
      messages: this.transcript.slice(start, end),
      hasMore: start > 0,
      nextOffset: start > 0 ? offset + (end - start) : null,
      ...(this.#flight === undefined ? {} : { inFlightRun: this.#flight }),
    };
  }

  #stepsOf(script: Script): (() => WireEvent[])[] {
    const { runId } = script;
    this.#seq = 0;
    const steps: (() => WireEvent[])[] = [
      () => {
        this.#flight = { runId, text: "" };
        return [this.#store({ role: "user", content: script.message, timestamp: 1, idempotencyKey: `${runId}:user` })];
      },
      () => [this.#agent(runId, "lifecycle", { phase: "start" })],
    ];
    script.texts.forEach((words, index) => {
      const last = index === script.texts.length - 1;
      words.forEach((_, at) => steps.push(() => [this.#delta(runId, words.slice(0, at + 1).join(" "))]));
      steps.push(
        ...(last ? this.#ending(script, words.join(" ")) : this.#tool(runId, words.join(" "), `${runId}-call${index}`)),
      );
    });
    return steps;
  }

  #tool(runId: string, text: string, id: string): (() => WireEvent[])[] {
    return [
      () => [this.#agent(runId, "tool", { phase: "start", name: "exec", toolCallId: id, args: {} })],
      () => {
        const call = { type: "toolCall" as const, id, name: "exec", arguments: {} };
        const stored = this.#store({
          role: "assistant",
          content: [{ type: "text", text }, call],
          timestamp: 1,
          stopReason: "toolUse",
        });
        // Throttled text that is flushed late: the same words again.
        return [stored, this.#delta(runId, text)];
      },
      () => {
        this.#flight = { runId, text: "" };
        const output = [{ type: "text" as const, text: `out-${id}` }];
        this.#store({
          role: "toolResult",
          toolCallId: id,
          toolName: "exec",
          content: output,
          timestamp: 1,
          isError: false,
        });
        return [
          this.#agent(runId, "tool", {
            phase: "result",
            name: "exec",
            toolCallId: id,
            isError: false,
            result: { content: output },
          }),
        ];
      },
    ];
  }

  #ending(script: Script, text: string): (() => WireEvent[])[] {
    const { runId, ending } = script;
    const message = { role: "assistant", content: [{ type: "text" as const, text }] };
    return [
      () => [
        this.#store({
          role: "assistant",
          content: [{ type: "text", text }],
          timestamp: 1,
          stopReason: ending === "aborted" ? "aborted" : "stop",
        }),
      ],
      () => [this.#agent(runId, "lifecycle", { phase: "end" }), this.#delta(runId, text)],
      () => {
        this.#flight = undefined;
        const state = ending === "aborted" ? "aborted" : "final";
        return [
          {
            event: "chat",
            payload: { runId, sessionKey: KEY, seq: this.#seq, state, ...(ending === "silent" ? {} : { message }) },
          },
        ];
      },
    ];
  }

  #store(message: WireMessage): WireEvent {
    const seq = this.transcript.length + 1;
    const stored = { ...message, __openclaw: { id: `m${seq}` } };
    this.transcript.push(stored);
    return {
      event: "session.message",
      payload: { sessionKey: KEY, message: stored, messageId: `m${seq}` },
    };
  }

  #delta(runId: string, text: string): WireEvent {
    this.#seq += 1;
    this.#flight = { runId, text };
    const message = { role: "assistant", content: [{ type: "text" as const, text }] };
    return { event: "chat", payload: { runId, sessionKey: KEY, seq: this.#seq, state: "delta", message } };
  }

  #agent(runId: string, stream: string, data: Record<string, unknown>): WireEvent {
    this.#seq += 1;
    return { event: "agent", payload: { runId, sessionKey: KEY, seq: this.#seq, stream, ts: 1, data } };
  }
}
