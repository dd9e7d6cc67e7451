/** One question to the first model that answers it: no tools, no conversation, nothing shown while it comes. */
import { textOf } from "../contracts/message.ts";
import type { Usage } from "../contracts/message.ts";
import type { Endpoint, ModelFailure, ModelRequest } from "../contracts/model.ts";
import type { ModelsService } from "./index.ts";

export interface Answer {
  readonly text: string;
  readonly usage: Usage;
  /** `provider/model` that gave it. */
  readonly model: string;
}

export type Question = Pick<ModelRequest, "system" | "messages" | "thinking" | "maxTokens" | "signal"> & {
  /** In the order in which they are asked. */
  readonly candidates: readonly Endpoint[];
};

const IDLE_MS = 120_000;

/** The answer, or what the last model said instead. Never throws. */
export async function answerOf(
  models: Pick<ModelsService, "stream">,
  { candidates, ...question }: Question,
): Promise<Answer | { readonly failure: ModelFailure }> {
  let failure: ModelFailure = { class: "unknown", message: "there is no model to ask" };
  for (const endpoint of candidates) {
    const request: ModelRequest = {
      ...question,
      endpoint,
      tools: [],
      cacheRetention: "none",
      cacheKey: "aside",
      idleMs: endpoint.timeoutMs ?? IDLE_MS,
    };
    for await (const event of models.stream(request)) {
      if (event.type === "error") failure = event.failure;
      if (event.type === "done")
        return {
          text: textOf(event.message).trim(),
          usage: event.message.usage,
          model: `${endpoint.provider}/${endpoint.model.id}`,
        };
    }
    if (question.signal.aborted) break;
  }
  return { failure };
}
