/** The objects of the Responses API. */
import { NO_USAGE, promptTokens } from "../../contracts/message.ts";
import type { Usage } from "../../contracts/message.ts";
import type { ClientCall } from "../../store/index.ts";

export type Status = "in_progress" | "completed" | "incomplete" | "failed";
export type Phase = "final_answer" | "commentary";

export interface ResponseFacts {
  readonly id: string;
  /** Seconds. */
  readonly createdAt: number;
  readonly model: string;
  readonly previous?: string;
}

export interface ResponseState {
  readonly status: Status;
  readonly output: readonly object[];
  readonly usage?: Usage;
  readonly error?: { readonly code: string; readonly message: string };
}

export function responseObject({ id, createdAt, model, previous }: ResponseFacts, state: ResponseState) {
  const { status, output, usage = NO_USAGE, error } = state;
  return {
    id,
    object: "response",
    created_at: createdAt,
    status,
    error: error ?? null,
    incomplete_details: status === "incomplete" ? { reason: "max_output_tokens" } : null,
    model,
    previous_response_id: previous ?? null,
    output,
    usage: usageObject(usage),
  };
}

function usageObject(usage: Usage) {
  const { output, cacheRead, cacheWrite } = usage;
  const prompt = promptTokens(usage);
  return {
    input_tokens: prompt,
    input_tokens_details: { cached_tokens: cacheRead, cache_write_tokens: cacheWrite },
    output_tokens: output,
    output_tokens_details: { reasoning_tokens: 0 },
    total_tokens: prompt + output,
  };
}

export function textPart(text: string) {
  return { type: "output_text", text, annotations: [] };
}

export function messageItem(
  id: string,
  { status, phase, text }: { status: "in_progress" | "completed" | "incomplete"; phase?: Phase; text?: string },
) {
  return {
    type: "message",
    id,
    role: "assistant",
    content: text === undefined ? [] : [textPart(text)],
    ...(phase === undefined ? {} : { phase }),
    status,
  };
}

export function callItem(id: string, call: ClientCall, status: "in_progress" | "completed" = "completed") {
  return {
    type: "function_call",
    id,
    call_id: call.id,
    name: call.name,
    arguments: status === "completed" ? call.arguments : "",
    status,
  };
}
