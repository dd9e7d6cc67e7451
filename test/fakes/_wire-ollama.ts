/** A fake model's answer as Ollama's `/api/chat` streams it: one JSON object a line. */
import { DEFAULT_USAGE, stopOf } from "./_model-wire.ts";
import type { Answer, Wire } from "./_model-wire.ts";

export const ollamaWire: Wire = {
  base: "",
  contentType: "application/x-ndjson",
  events: ollamaEvents,
  error: (type, message) => ({ error: `${type}: ${message}` }),
  errorEvent: (type, message) => line({ error: `${type}: ${message}` }),
  unknown: line({ model: "fake-1", message: { role: "assistant", content: "", hologram: { depth: 3 } }, done: false }),
  garbage: "hello\n",
  endless: '{"message":"',
  signs: false,
  documents: false,
  ids: false,
  pieces: false,
  cache: { read: false, write: false },
};

function ollamaEvents(answer: Answer, model: string): string[] {
  const base = { model, created_at: "2026-01-01T00:00:00.000000000Z" };
  const said = (message: object) =>
    line({ ...base, message: { role: "assistant", content: "", ...message }, done: false });
  const usage = { ...DEFAULT_USAGE, ...answer.usage };
  return [
    ...(answer.thinking ?? []).map((thinking) => said({ thinking })),
    ...(answer.text ?? []).map((content) => said({ content })),
    ...(answer.calls ?? []).map((call, index) =>
      said({ tool_calls: [{ function: { index, name: call.name, arguments: argumentsOf(call.arguments) } }] }),
    ),
    line({
      ...base,
      message: { role: "assistant", content: "" },
      done: true,
      done_reason: { stop: "stop", length: "length", toolUse: "stop", refused: "stop" }[stopOf(answer)],
      total_duration: 5_000_000,
      load_duration: 1_000_000,
      prompt_eval_count: usage.input + (usage.cacheRead ?? 0) + (usage.cacheWrite ?? 0),
      prompt_eval_duration: 1_000_000,
      eval_count: usage.output,
      eval_duration: 3_000_000,
    }),
  ];
}

/** An object; servers in front of it have been seen to pass on what the model wrote instead. */
function argumentsOf(text: string): unknown {
  if (text === "") return {};
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" ? value : text;
  } catch {
    return text;
  }
}

function line(value: object): string {
  return `${JSON.stringify(value)}\n`;
}
