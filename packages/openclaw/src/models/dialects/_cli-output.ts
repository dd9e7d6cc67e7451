/**
 * What a program printed, as an answer. `json`: one document; `jsonl`: an event per line, in the words of Codex
 * (`thread.started`, `item.completed`, `turn.completed`) or of Claude Code (`assistant`, `result`); `text`: the answer
 * itself. Sources: https://docs.claude.com/en/docs/claude-code/headless and
 * https://github.com/openai/codex/blob/main/docs/exec.md
 */
import type { CliBackend, CliOutput } from "../../contracts/cli-backend.ts";
import type { Usage } from "../../contracts/message.ts";
import { isRecord } from "../../base/record.ts";
import { count, usageOf } from "./_accumulate.ts";

export interface Printed {
  readonly text: string;
  readonly sessionId?: string;
  readonly usage?: Usage;
  /** The program's own word that it failed. */
  readonly problem?: string;
}

const TEXT_FIELDS = ["result", "response", "text", "message", "content", "output"] as const;

export function readOutput(printed: string, output: CliOutput, { sessionIdFields }: CliBackend): Printed {
  const documents = output === "text" ? [] : documentsOf(printed, output);
  if (documents.length === 0) return { text: printed.trim() };
  const events = documents.flatMap((document) => (Array.isArray(document) ? document : [document])).filter(isRecord);
  return together(events, sessionIdFields);
}

/** What there is of JSON: programs print notices around it. */
function documentsOf(printed: string, output: CliOutput): unknown[] {
  const whole = output === "json" ? (parsed(printed) ?? parsed(/\{[^]*\}/.exec(printed)?.[0] ?? "")) : undefined;
  if (whole !== undefined) return [whole];
  return printed.split("\n").flatMap((line) => {
    const document = parsed(line);
    return isRecord(document) ? [document] : [];
  });
}

function together(events: readonly Record<string, unknown>[], idFields: readonly string[]): Printed {
  const texts: string[] = [];
  let final: string | undefined;
  let problem: string | undefined;
  let usage: Usage | undefined;
  let sessionId: string | undefined;
  for (const event of events) {
    sessionId ??= idFields.map((field) => event[field]).find(isSessionId);
    usage = isRecord(event["usage"]) ? usageFrom(event["usage"]) : usage;
    const said = saidIn(event);
    if (said?.kind === "piece") texts.push(said.text);
    if (said?.kind === "whole") final = said.text;
    // A notice of an error may be followed by another attempt that works.
    if (said?.kind === "problem") problem = said.text;
    else if (said) problem = undefined;
  }
  const text = (final ?? texts.join("\n\n")).trim();
  return {
    text: problem === undefined ? text : "",
    ...(sessionId === undefined ? {} : { sessionId }),
    ...(usage === undefined ? {} : { usage }),
    ...(problem === undefined ? {} : { problem }),
  };
}

/** It becomes an argument of the next call. */
function isSessionId(id: unknown): id is string {
  return typeof id === "string" && /^\w[\w.:-]{0,199}$/.test(id);
}

type Said = { readonly kind: "piece" | "whole" | "problem"; readonly text: string };

function saidIn(event: Record<string, unknown>): Said | undefined {
  const { type, item, error, message } = event;
  if (event["is_error"] === true) return { kind: "problem", text: plain(event) ?? "the program reports an error" };
  switch (type) {
    case "item.completed":
      return isRecord(item) && /^(?:agent|assistant)_message$/.test(String(item["type"] ?? item["item_type"]))
        ? { kind: "piece", text: plain(item) ?? "" }
        : undefined;
    case "turn.failed":
    case "error":
      return { kind: "problem", text: plain(isRecord(error) ? error : event) ?? "the program reports an error" };
    case "assistant":
      return isRecord(message) ? { kind: "piece", text: plain(message) ?? "" } : undefined;
    case "result":
    case undefined: {
      const text = plain(event);
      return text === undefined ? undefined : { kind: "whole", text };
    }
    default:
      return undefined;
  }
}

/** The text of a document, wherever it is kept: a string, or a list of parts with texts. */
function plain(event: Record<string, unknown>): string | undefined {
  for (const field of TEXT_FIELDS) {
    const value = event[field];
    if (typeof value === "string") return value;
    if (Array.isArray(value)) return value.flatMap((part) => (isRecord(part) ? (plain(part) ?? []) : [])).join("\n\n");
    if (isRecord(value)) return plain(value);
  }
  return undefined;
}

/** Counts in the words of Anthropic (cached tokens beside the input) or of OpenAI (cached tokens within it). */
function usageFrom(counts: Record<string, unknown>): Usage {
  const within = count(counts["cached_input_tokens"]);
  return usageOf({
    input: Math.max(0, count(counts["input_tokens"]) - within),
    output: count(counts["output_tokens"]),
    cacheRead: within + count(counts["cache_read_input_tokens"]),
    cacheWrite: count(counts["cache_creation_input_tokens"]),
  });
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
