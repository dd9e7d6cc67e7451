/**
 * Ollama's own chat API: one JSON object a line.
 * Source: https://docs.ollama.com/api/chat
 */
import { defineDialect } from "../../contracts/model.ts";
import type { DialectIo, ModelFailure, ModelRequest } from "../../contracts/model.ts";
import { OllamaReader } from "./_read-ollama.ts";
import { ollamaCall } from "./_request-ollama.ts";
import { streamOver } from "./_stream.ts";

/** What a model may lack. The server refuses the whole request because of it, and says so. */
const LACKS = /does not support (tools|thinking)/;

const protocol = {
  call: ollamaCall,
  reader: (...args: ConstructorParameters<typeof OllamaReader>) => new OllamaReader(...args),
  /** Asks again without what the model lacks: an answer without tools is better than none. */
  less({ message }: ModelFailure, request: ModelRequest, { log }: DialectIo): ModelRequest | undefined {
    const lacking = LACKS.exec(message)?.[1];
    const less = lacking === undefined ? undefined : without(lacking, request);
    if (less)
      log.warn(`The model "${request.endpoint.model.id}" of Ollama does not support ${lacking}; asking without.`);
    return less;
  },
};

export const dialect = defineDialect({
  id: "ollama",
  stream: (request, io) => streamOver(protocol, request, io),
});

/** Undefined when the request did not ask for it. */
function without(lacking: string, request: ModelRequest): ModelRequest | undefined {
  if (lacking === "tools") return request.tools.length > 0 ? { ...request, tools: [] } : undefined;
  const { model, params: { think, ...params } = {} } = request.endpoint;
  if (!model.reasoning && think === undefined) return undefined;
  return { ...request, endpoint: { ...request.endpoint, params, model: { ...model, reasoning: false } } };
}
