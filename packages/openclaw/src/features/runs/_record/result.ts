/** What a run came to, as it is stored with its turn and told to those who wait. */
import { Fault, errorData } from "../../../base/errors.ts";
import { compact } from "../../../base/text.ts";
import { NO_USAGE, addUsage, textOf } from "../../../contracts/message.ts";
import type { AssistantMessage, ToolCallPart, Usage } from "../../../contracts/message.ts";
import type { ModelFailure } from "../../../contracts/model.ts";
import type { ClientCall, TurnResult, TurnRow } from "../../../store/index.ts";
import { clientCalls } from "../_begin/client.ts";
import type { RunEmitter } from "./emitter.ts";
import type { Speaker } from "../_reply/speaker.ts";
import type { Place, RunSetup } from "../_setup/setup.ts";
import { visibleText } from "../_reply/visible.ts";

export type Ending =
  | { readonly kind: "done" }
  | { readonly kind: "aborted"; readonly stopReason: string }
  | { readonly kind: "failed"; readonly error: unknown; readonly failure?: ModelFailure }
  | { readonly kind: "left-open" };

export interface FinishedRun {
  readonly turn: TurnRow;
  /** Absent when not even the session could be opened. */
  readonly place: Place | undefined;
  /** Absent when the run failed before it was set up, or had nothing left to ask. */
  readonly setup: RunSetup | undefined;
  /** Absent when nothing is said in a chat. */
  readonly speaker: Speaker | undefined;
  readonly emitter: RunEmitter;
  readonly ending: Ending;
}

export function resultOf(run: FinishedRun, answers: readonly AssistantMessage[], now: number): TurnResult {
  const { ending, turn } = run;
  const last = answers.at(-1);
  const error = ending.kind === "failed" ? errorData(ending.error) : undefined;
  return compact({
    status:
      ending.kind === "done"
        ? "ok"
        : ending.kind === "aborted"
          ? "aborted"
          : error?.code === "RUN_TIMEOUT"
            ? "timeout"
            : "error",
    stopReason:
      ending.kind === "aborted" ? ending.stopReason : ending.kind === "done" ? (last?.stopReason ?? "stop") : "error",
    texts: answers.map((message) => visibleText(textOf(message))).filter((text) => text !== ""),
    calls: ending.kind === "done" && last ? handedOver(clientCalls(turn, last)) : undefined,
    error:
      error === undefined
        ? undefined
        : compact({
            code: error.code,
            message: error.remedy === undefined ? error.message : `${asSentence(error.message)} ${error.remedy}`,
            ...blame(ending),
          }),
    usage: total(answers),
    provider: last?.provider ?? run.setup?.endpoint.provider,
    model: last?.model ?? run.setup?.endpoint.model.id,
    sessionId: run.place?.ref.sessionId ?? "",
    durationMs: now - (turn.startedAt ?? now),
    counts: { assistant: answers.length, tools: countTools(answers) },
  }) as TurnResult;
}

function handedOver(calls: readonly ToolCallPart[]): readonly ClientCall[] | undefined {
  if (calls.length === 0) return undefined;
  return calls.map((call) => ({
    id: call.id,
    name: call.name,
    arguments: call.malformed ?? JSON.stringify(call.arguments),
  }));
}

function countTools(answers: readonly AssistantMessage[]): Record<string, number> {
  const names = answers.flatMap(({ content }) =>
    content.flatMap((part) => (part.type === "toolCall" ? [part.name] : [])),
  );
  return Object.fromEntries([...Map.groupBy(names, (name) => name)].map(([name, those]) => [name, those.length]));
}

/** What surfaces with answers of their own (HTTP) decide by. */
function blame(ending: Ending): Pick<NonNullable<TurnResult["error"]>, "status" | "failure"> {
  if (ending.kind !== "failed") return {};
  const { class: kind, status, retryAfterMs } = ending.failure ?? {};
  return {
    ...(ending.error instanceof Fault ? { status: ending.error.status } : {}),
    ...(kind === undefined ? {} : { failure: compact({ class: kind, status, retryAfterMs }) }),
  };
}

/** What a vendor said may lack its full stop. */
function asSentence(text: string): string {
  return /[.!?…)\]"']$/.test(text) ? text : `${text}.`;
}

function total(messages: readonly AssistantMessage[]): Usage {
  return messages.reduce((sum, { usage }) => addUsage(sum, usage), NO_USAGE);
}
