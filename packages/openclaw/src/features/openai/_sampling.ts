/** How the answer is to be drawn. */
import { compact } from "../../base/text.ts";
import type { Sampling } from "../../contracts/model.ts";
import { integer, invalid, isObject, number, stops } from "./_fields.ts";
import type { Json } from "./_fields.ts";

export function chatSampling(body: Json): Sampling {
  const format = body["response_format"] ?? undefined;
  if (format !== undefined && !isObject(format)) throw invalid("response_format: Invalid input: expected object");
  const longest = [integer(body, "max_completion_tokens", 1), integer(body, "max_tokens", 1)];
  return compact({
    maxTokens: longest.find((value) => value !== undefined),
    ...warmth(body),
    stop: stops(body),
    seed: integer(body, "seed"),
    frequencyPenalty: number(body, "frequency_penalty", [-2, 2]),
    presencePenalty: number(body, "presence_penalty", [-2, 2]),
    responseFormat: format,
  }) as Sampling;
}

export function responsesSampling(body: Json): Sampling {
  return compact({ maxTokens: integer(body, "max_output_tokens", 1), ...warmth(body) }) as Sampling;
}

function warmth(body: Json) {
  return { temperature: number(body, "temperature", [0, 2]), topP: number(body, "top_p", [0, 1]) };
}
