/**
 * The built-in model: no network, no chance. It understands a handful of plain requests, carries them
 * out with the tools it is offered, and otherwise says what it is and how to connect a real model.
 */
import { NO_USAGE, textOf } from "../../contracts/message.ts";
import type { AssistantMessage, ToolCallPart, ToolResultMessage } from "../../contracts/message.ts";
import { defineDialect } from "../../contracts/model.ts";
import type { DialectIo, ModelEvent, ModelRequest } from "../../contracts/model.ts";
import { nextStep } from "./_offline-steps.ts";
import { understand } from "./_offline-wishes.ts";

/** Between two pieces, so that even this answer is seen to arrive. */
const PIECE_MS = 1;
const PIECE = /\S+\s*\S*\s*/g;

export const dialect = defineDialect({ id: "offline", stream });

async function* stream(request: ModelRequest, io: DialectIo): AsyncGenerator<ModelEvent, void> {
  const message = messageOf(request, io.clock.now());
  let said = "";
  if (request.signal.aborted) return yield stopped(message, said);
  yield { type: "start" };
  for (const part of message.content) {
    if (part.type === "toolCall") yield { type: "toolcall", id: part.id, name: part.name };
    if (part.type !== "text") continue;
    for (const piece of part.text.match(PIECE) ?? []) {
      await io.clock.sleep(PIECE_MS);
      if (request.signal.aborted) return yield stopped(message, said);
      said += piece;
      yield { type: "text", delta: piece };
    }
  }
  yield { type: "done", reason: message.stopReason, message };
}

function messageOf(request: ModelRequest, now: number): AssistantMessage {
  const { messages, tools, endpoint } = request;
  const asked = messages.findLastIndex((message) => message.role === "user");
  const question = messages[asked];
  const since = messages.slice(asked + 1);
  const step = nextStep(understand(question ? textOf(question) : ""), {
    results: since.filter((message): message is ToolResultMessage => message.role === "toolResult"),
    calls: since.flatMap((message) =>
      message.role === "assistant" ? message.content.filter((part) => part.type === "toolCall") : [],
    ),
    tools: new Set(tools.map((tool) => tool.name)),
    now,
  });
  const content =
    "say" in step ? [{ type: "text" as const, text: step.say }] : [callOf(step.call, messages.length, asked)];
  return {
    role: "assistant",
    content,
    timestamp: now,
    api: endpoint.api,
    provider: endpoint.provider,
    model: endpoint.model.id,
    usage: NO_USAGE,
    stopReason: "say" in step ? "stop" : "toolUse",
  };
}

function callOf(
  call: { readonly name: string; readonly arguments: ToolCallPart["arguments"] },
  at: number,
  asked: number,
): ToolCallPart {
  return { type: "toolCall", id: `offline_${asked}_${at}`, ...call };
}

function stopped(message: AssistantMessage, said: string): ModelEvent {
  const text = "The call was stopped.";
  return {
    type: "error",
    failure: { class: "abort", message: text },
    partial: {
      ...message,
      content: said === "" ? [] : [{ type: "text", text: said }],
      stopReason: "aborted",
      errorMessage: text,
    },
  };
}
