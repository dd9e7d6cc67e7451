/** One run as clients see it. */
import { cut } from "../../base/text.ts";
import type { Clock } from "../../base/time.ts";
import { textOf, type Message } from "../../contracts/message.ts";
import type { EventBus } from "../../contracts/method.ts";
import type { RunEvent } from "../../features/runs/index.ts";
import { Pace } from "./coalesce.ts";

/** What an agent says when it has nothing to say; never shown. */
const SILENT = "NO_REPLY";
const MAX_TITLE = 120;

export interface ViewParts {
  readonly bus: EventBus;
  readonly clock: Clock;
  /** Whether the connection that started the run asked for tool events. */
  readonly wantsTools: (connId: string) => boolean;
  /** The row of a session with a run, as clients know it. */
  readonly shown: (sessionKey: string) => Readonly<Record<string, unknown>> | undefined;
}

/** Text of one stream that has not been shown yet. */
interface Growing {
  readonly event: RunEvent;
  readonly text: string;
  readonly delta: string;
}

export class RunView {
  readonly #parts: ViewParts;
  readonly #pace: Pace;
  #assistant: Growing | undefined;
  #thinking: Growing | undefined;
  /** What `chat` has shown of the current text. */
  #shown = "";
  #ended = false;

  constructor(parts: ViewParts) {
    this.#parts = parts;
    this.#pace = new Pace(parts.clock, () => this.#show());
  }

  /** `ended` after the last event of the run. */
  take(event: RunEvent): "goes on" | "ended" {
    if (this.#ended) return "ended";
    if (event.stream === "assistant") {
      this.#assistant = grown(this.#assistant, event);
      this.#pace.changed(this.#assistant.text.length);
    } else if (event.stream === "thinking") {
      this.#thinking = grown(this.#thinking, event);
      this.#pace.changed(this.#thinking.text.length);
    } else {
      // What happens next must not overtake the text before it.
      this.#pace.flush();
      this.#assistant = undefined;
      this.#other(event);
    }
    if (this.#ended) this.#pace.stop();
    return this.#ended ? "ended" : "goes on";
  }

  #other(event: RunEvent): void {
    if (event.stream === "tool") this.#tool(event);
    else if (event.stream === "lifecycle") this.#lifecycle(event);
    else this.#agent(event, event.data);
  }

  /** Shows what has grown since last time, in the order in which it came. */
  #show(): void {
    const growing = [this.#thinking, this.#assistant].filter((one) => one !== undefined);
    this.#thinking = undefined;
    this.#assistant = undefined;
    for (const one of growing.sort((a, b) => a.event.seq - b.event.seq)) {
      if (one.event.stream === "assistant" && mayBeSilent(one.text)) {
        // Held back until it is clear that it is text.
        this.#assistant = one;
        continue;
      }
      this.#agent(one.event, { text: one.text, delta: one.delta });
      if (one.event.stream === "assistant") this.#chatDelta(one.event, one.text);
    }
  }

  #chatDelta(event: RunEvent, text: string): void {
    const continues = text.startsWith(this.#shown);
    const deltaText = continues ? text.slice(this.#shown.length) : text;
    if (deltaText === "") return;
    this.#shown = text;
    const rewritten = continues ? {} : { replace: true };
    this.#chat(event, { state: "delta", deltaText, ...rewritten, message: assistantMessage(text, event.ts) });
  }

  #tool(event: RunEvent): void {
    const payload = agentPayload(event, event.data);
    const owner = event.connId !== undefined && this.#parts.wantsTools(event.connId) ? event.connId : undefined;
    this.#parts.bus.publish("agent", agentPayload({ ...event, stream: "item" }, itemOf(event)));
    if (owner !== undefined) this.#parts.bus.publish("agent", payload, { only: owner });
    const session = this.#parts.shown(event.sessionKey);
    const whole = session === undefined ? payload : { ...session, ...payload, session };
    this.#parts.bus.publish("session.tool", whole, owner === undefined ? {} : { except: owner });
  }

  #lifecycle(event: RunEvent): void {
    const { phase } = event.data;
    const shown = phase === "end" ? endData(event.data) : event.data;
    this.#agent(event, shown);
    if (phase === "end") this.#end(event);
    if (phase === "error") this.#fail(event);
  }

  #end(event: RunEvent): void {
    this.#ended = true;
    const { stopReason, usage, aborted } = event.data;
    const text = finalText(event.data);
    this.#chat(event, {
      state: aborted === true ? "aborted" : "final",
      stopReason,
      ...(usage === undefined ? {} : { usage }),
      ...(text === "" ? {} : { message: assistantMessage(text, event.ts) }),
    });
  }

  #fail(event: RunEvent): void {
    this.#ended = true;
    const { error, errorDetail } = event.data;
    this.#chat(event, {
      state: "error",
      errorMessage: String(error ?? "The run failed."),
      ...(errorDetail === undefined ? {} : { errorDetail }),
    });
  }

  #agent(event: RunEvent, data: Readonly<Record<string, unknown>>): void {
    this.#parts.bus.publish("agent", agentPayload(event, data));
  }

  #chat(event: RunEvent, data: Readonly<Record<string, unknown>>): void {
    const { runId, sessionKey, agentId, seq } = event;
    this.#parts.bus.publish("chat", { runId, sessionKey, agentId, seq, ...data });
  }
}

function agentPayload(
  { runId, seq, stream, ts, sessionKey, agentId }: RunEvent,
  data: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  return { runId, seq, stream, ts, data, sessionKey, agentId };
}

function grown(before: Growing | undefined, event: RunEvent): Growing {
  const { text, delta } = event.data as { text?: string; delta?: string };
  return { event, text: text ?? "", delta: (before?.delta ?? "") + (delta ?? "") };
}

function mayBeSilent(text: string): boolean {
  const said = text.trim();
  return said !== "" && SILENT.startsWith(said);
}

/** The end of a run as `agent` shows it, without what `chat` says. */
function endData(data: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const { phase, startedAt, endedAt, stopReason, aborted } = data;
  return { phase, startedAt, endedAt, stopReason, aborted, ...(aborted === true ? { status: "cancelled" } : {}) };
}

function finalText(data: Readonly<Record<string, unknown>>): string {
  const { message, texts } = data as { message?: Message; texts?: readonly string[] };
  if (message !== undefined && texts?.length !== 0) return textOf(message);
  return texts?.at(-1) ?? "";
}

function assistantMessage(text: string, timestamp: number): Record<string, unknown> {
  return { role: "assistant", content: [{ type: "text", text }], timestamp };
}

/** A tool call in one line, for everybody. */
function itemOf(event: RunEvent): Record<string, unknown> {
  const { phase, name, toolCallId, args, isError } = event.data as {
    phase?: string;
    name?: string;
    toolCallId?: string;
    args?: unknown;
    isError?: boolean;
  };
  const ended = phase === "result";
  return {
    itemId: `tool:${toolCallId ?? ""}`,
    toolCallId,
    name,
    kind: "tool",
    phase: ended ? "end" : phase,
    ...(phase === "start" ? { title: titleOf(name ?? "tool", args), startedAt: event.ts } : {}),
    status: ended ? (isError ? "failed" : "completed") : "running",
    ...(ended ? { endedAt: event.ts } : {}),
  };
}

/** `Exec uname -a`: the tool and the first thing it is told. */
function titleOf(name: string, args: unknown): string {
  const first =
    args !== null && typeof args === "object"
      ? Object.values(args).find((value) => typeof value === "string")
      : undefined;
  const label = name.slice(0, 1).toUpperCase() + name.slice(1);
  return cut(first === undefined ? label : `${label} ${first}`, MAX_TITLE);
}
