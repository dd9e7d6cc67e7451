/** The protocols that the fake model server speaks. */
import { anthropicEvents, data, named, openaiEvents } from "./_model-wire.ts";
import type { Wire } from "./_model-wire.ts";
import { bedrockWire } from "./_wire-bedrock.ts";
import { googleWire } from "./_wire-google.ts";
import { ollamaWire } from "./_wire-ollama.ts";
import { responsesWire } from "./_wire-responses.ts";

export type WireApi = keyof typeof WIRES;

/** Nobody edits a second list: a new protocol is one entry here. */
export const WIRES = {
  "openai-completions": {
    base: "/v1",
    contentType: "text/event-stream; charset=utf-8",
    events: openaiEvents,
    error: (type, message) => ({ error: { message, type, param: null, code: null } }),
    errorEvent: (type, message) => data({ error: { message, type, param: null, code: null } }),
    unknown: data({ id: "chatcmpl-fake-1", choices: [{ index: 0, delta: { hologram: { depth: 3 } } }], extra: [1] }),
    garbage: "data: hello\n\n",
    endless: "data: ",
    signs: false,
    documents: true,
    ids: true,
    pieces: true,
    cache: { read: true, write: true },
  },
  "anthropic-messages": {
    base: "",
    contentType: "text/event-stream; charset=utf-8",
    events: anthropicEvents,
    error: (type, message) => ({ type: "error", error: { type, message } }),
    errorEvent: (type, message) => named({ type: "error", error: { type, message } }),
    unknown:
      named({ type: "content_block_start", index: 90, content_block: { type: "hologram", depth: 3 } }) +
      named({ type: "content_block_delta", index: 90, delta: { type: "hologram_delta", depth: 4 } }) +
      named({ type: "hologram_done", index: 90 }),
    garbage: "data: hello\n\n",
    endless: "data: ",
    signs: true,
    documents: true,
    ids: true,
    pieces: true,
    cache: { read: true, write: true },
  },
  "bedrock-converse-stream": bedrockWire,
  ollama: ollamaWire,
  "openai-responses": responsesWire,
  "google-generative-ai": googleWire,
} satisfies Readonly<Record<string, Wire>>;

export function wireOf(api: WireApi): Wire {
  return WIRES[api];
}
