/**
 * Ollama's own chat API: one JSON object a line.
 * Source: https://docs.ollama.com/api/chat
 */
import { defineDialect } from "../../contracts/model.ts";
import type { DialectIo, ModelEvent, ModelRequest } from "../../contracts/model.ts";
import { OllamaReader } from "./_read-ollama.ts";
import { ollamaCall } from "./_request-ollama.ts";
import { streamOver } from "./_stream.ts";

const protocol = {
  call: ollamaCall,
  reader: (...args: ConstructorParameters<typeof OllamaReader>) => new OllamaReader(...args),
};

export const dialect = defineDialect({ id: "ollama", stream: streamWithout });

/** What a model may lack. The server refuses the whole request because of it, and says so. */
const LACKS = /does not support (tools|thinking)/;

/** Asks again without what the model lacks: an answer without tools is better than none. */
async function* streamWithout(request: ModelRequest, io: DialectIo): AsyncGenerator<ModelEvent, void> {
  for await (const event of streamOver(protocol, request, io)) {
    const lacking = event.type === "error" ? LACKS.exec(event.failure.message)?.[1] : undefined;
    const less = lacking === undefined ? undefined : without(lacking, request);
    if (less === undefined) yield event;
    else {
      io.log.warn(`The model "${request.endpoint.model.id}" of Ollama does not support ${lacking}; asking without.`);
      return yield* streamWithout(less, io);
    }
  }
}

/** Undefined when the request did not ask for it. */
function without(lacking: string, request: ModelRequest): ModelRequest | undefined {
  if (lacking === "tools") return request.tools.length > 0 ? { ...request, tools: [] } : undefined;
  const { model, params: { think, ...params } = {} } = request.endpoint;
  if (!model.reasoning && think === undefined) return undefined;
  return { ...request, endpoint: { ...request.endpoint, params, model: { ...model, reasoning: false } } };
}
