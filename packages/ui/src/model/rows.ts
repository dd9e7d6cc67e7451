/** What the conversation shows, one row per line of thought: messages, thinking, tool calls, failures. */
import { textIn, toolKey } from "./conversation.ts";
import type { Conversation, Entry, LiveRun, LiveTool, Outgoing } from "./conversation.ts";
import { isCovered, isFailureStored } from "./covered.ts";
import { liveTool, storedTool } from "./tool-view.ts";
import type { ToolView } from "./tool-view.ts";
import type { Compaction } from "openclaw/client";
import { filesIn } from "./files.ts";
import type { NamedFile, SentFile } from "./files.ts";

/** `model` of what the gateway itself tells people in a conversation. */
const NOTICE = "gateway-notice";

export interface Picture {
  readonly data: string;
  readonly mimeType: string;
}

/** Where a row comes from: the stored message and the run that wrote it. */
export interface Origin {
  readonly entryId?: string;
  readonly runId?: string;
}

export type Row =
  | (Origin & {
      readonly kind: "user";
      readonly key: string;
      readonly text: string;
      readonly pictures: readonly Picture[];
      /** What the gateway names in front of the words, and why others were left out. */
      readonly named: readonly NamedFile[];
      readonly omitted: readonly string[];
      /** Files that this page sends. */
      readonly files: readonly SentFile[];
      /** The words with the lines that name the files. */
      readonly whole: string;
      readonly at: number;
      readonly sent?: Outgoing;
    })
  | (Origin & {
      readonly kind: "text";
      readonly key: string;
      readonly text: string;
      readonly at?: number;
      readonly live: boolean;
      readonly stopped: boolean;
      /** `provider/model` that said it. */
      readonly model?: string;
    })
  /** What the gateway tells the owner in the conversation: that another model answers, for one. */
  | { readonly kind: "notice"; readonly key: string; readonly text: string; readonly at: number }
  | { readonly kind: "thinking"; readonly key: string; readonly text: string; readonly live: boolean }
  | { readonly kind: "tool"; readonly key: string; readonly tool: ToolView }
  | (Origin & { readonly kind: "failure"; readonly key: string; readonly text: string })
  | (Origin & {
      /** Another session says something: a helper that has ended, as a rule. */
      readonly kind: "report";
      readonly key: string;
      readonly text: string;
      readonly at: number;
      readonly sessionKey: string | undefined;
      readonly tool: string | undefined;
    })
  | { readonly kind: "compaction"; readonly key: string; readonly compaction: Compaction }
  | { readonly kind: "mark"; readonly key: string; readonly text: string; readonly at: number };

/** Something said that is not stored, and the message it followed. */
export interface Note {
  readonly afterId: string | undefined;
  readonly rows: readonly Row[];
}

/** Rows of what is stored, with notes in their places. */
export function storedRows(
  entries: readonly Entry[],
  tools: ReadonlyMap<string, LiveTool>,
  notes: readonly Note[],
): readonly Row[] {
  const results = pairResults(entries);
  const placed = new Map<string | undefined, Row[]>();
  const known = new Set(entries.map((entry) => entry.id));
  for (const note of notes) {
    // What it followed may be out of the window: then it stands at the beginning.
    const place = note.afterId !== undefined && known.has(note.afterId) ? note.afterId : undefined;
    placed.set(place, [...(placed.get(place) ?? []), ...note.rows]);
  }
  const rows = [...(placed.get(undefined) ?? [])];
  for (const entry of entries) rows.push(...entryRows(entry, results, tools), ...(placed.get(entry.id) ?? []));
  return rows;
}

/** Results by their calls. A call id may come again in a later run: a result belongs to the newest call before it. */
function pairResults(entries: readonly Entry[]): ReadonlyMap<string, Entry> {
  const calls = new Map<string, Entry>();
  const results = new Map<string, Entry>();
  for (const entry of entries) {
    for (const id of callsIn(entry)) calls.set(id, entry);
    const { role, toolCallId } = entry.message;
    const call = role === "toolResult" && toolCallId !== undefined ? calls.get(toolCallId) : undefined;
    if (call !== undefined && toolCallId !== undefined) results.set(resultKey(call, toolCallId), entry);
  }
  return results;
}

function resultKey(call: Entry, callId: string): string {
  return `${call.id} ${callId}`;
}

function callsIn(entry: Entry): readonly string[] {
  const { content } = entry.message;
  return typeof content === "string" ? [] : content.flatMap((part) => (part.type === "toolCall" ? [part.id] : []));
}

function liveOf(tools: ReadonlyMap<string, LiveTool>, entry: Entry, callId: string): LiveTool | undefined {
  const runId = entry.message.__openclaw?.runId;
  if (runId !== undefined) return tools.get(toolKey(runId, callId));
  return [...tools.values()].findLast((tool) => tool.callId === callId);
}

/** What was said without being stored: it keeps its place while the conversation goes on. */
export function notesOf(conversation: Conversation): readonly Note[] {
  const { runs, outgoing } = conversation;
  const done = runs.filter((run) => run.ending !== undefined);
  const own = new Set(runs.map((run) => run.runId));
  const settled = outgoing.filter((sent) => sent.state === "delivered");
  const { entries } = conversation;
  // What failed stands after what was asked, which may have been stored when the run was known already.
  const placeOf = (run: LiveRun) =>
    entries.findLast(({ message }) => message.__openclaw?.runId === run.runId)?.id ?? run.afterId;
  return [
    ...done.map((run) => ({ afterId: placeOf(run), rows: withMessage(run, conversation) })),
    ...settled
      .filter((sent) => !own.has(sent.key))
      .map((sent) => ({ afterId: sent.afterId, rows: [outgoingRow(sent)] })),
  ];
}

/** Rows of what runs and what waits, in the order it belongs below everything else. */
export function looseRows(conversation: Conversation): readonly Row[] {
  const own = new Set(conversation.runs.map((run) => run.runId));
  const waiting = conversation.outgoing.filter((sent) => !own.has(sent.key) && sent.state !== "delivered");
  return [
    ...conversation.runs.filter((run) => run.ending === undefined).flatMap((run) => withMessage(run, conversation)),
    ...waiting.map(outgoingRow),
  ];
}

/** A run's rows below the message that started it. */
function withMessage(run: LiveRun, conversation: Conversation): Row[] {
  return [
    ...conversation.outgoing.filter((sent) => sent.key === run.runId).map(outgoingRow),
    ...runRows(run, conversation),
  ];
}

/** Rows of an entry and what they were made from, so that unchanged rows keep their identity. */
const made = new WeakMap<Entry, { readonly from: readonly unknown[]; readonly rows: readonly Row[] }>();

function entryRows(
  entry: Entry,
  results: ReadonlyMap<string, Entry>,
  tools: ReadonlyMap<string, LiveTool>,
): readonly Row[] {
  const from = callsIn(entry).flatMap((id) => [results.get(resultKey(entry, id)), liveOf(tools, entry, id)]);
  const known = made.get(entry);
  if (known !== undefined && known.from.every((value, index) => value === from[index])) return known.rows;
  const rows = makeRows(entry, results, tools);
  made.set(entry, { from, rows });
  return rows;
}

function makeRows(entry: Entry, results: ReadonlyMap<string, Entry>, tools: ReadonlyMap<string, LiveTool>): Row[] {
  const { message, compaction } = entry;
  const at = message.timestamp;
  if (compaction !== undefined) return [{ kind: "compaction", key: entry.id, compaction }];
  if (message.role === "toolResult") return [];
  if (message.role === "system") return [{ kind: "mark", key: entry.id, text: textIn(message.content), at }];
  const origin = originOf(entry);
  if (message.role === "user") return [saidRow(entry, { ...origin, key: entry.id, text: textIn(message.content), at })];
  if (message.model === NOTICE) return [{ kind: "notice", key: entry.id, text: textIn(message.content), at }];
  const stopped = message.stopReason === "aborted" || message.openclawAbort?.aborted === true;
  const content =
    typeof message.content === "string" ? [{ type: "text" as const, text: message.content }] : message.content;
  const rows = content.flatMap((part, index): Row[] => {
    const key = `${entry.id}:${index}`;
    if (part.type === "text")
      return part.text.trim() === ""
        ? []
        : [{ kind: "text", key, ...origin, ...saidBy(entry), text: part.text, at, live: false, stopped }];
    if (part.type === "thinking")
      return part.thinking.trim() === "" ? [] : [{ kind: "thinking", key, text: part.thinking, live: false }];
    if (part.type !== "toolCall") return [];
    return [
      {
        kind: "tool",
        key: `tool:${message.__openclaw?.runId ?? entry.id}:${part.id}`,
        tool: storedTool(part, results.get(resultKey(entry, part.id)), entry, liveOf(tools, entry, part.id)),
      },
    ];
  });
  if (message.stopReason === "error" || (message.errorMessage !== undefined && rows.length === 0)) {
    rows.push({ kind: "failure", key: `${entry.id}:failure`, ...origin, text: message.errorMessage ?? "" });
  }
  return rows;
}

function runRows(run: LiveRun, conversation: Conversation): Row[] {
  const ended = run.ending !== undefined;
  const rows = run.parts.flatMap((part, index): Row[] => {
    if (isCovered(part, conversation.entries)) return [];
    const key = `${run.runId}:${index}`;
    if (part.kind === "tool") {
      const tool = conversation.tools.get(toolKey(part.runId, part.callId));
      return tool === undefined
        ? []
        : [{ kind: "tool", key: `tool:${part.runId}:${part.callId}`, tool: liveTool(tool) }];
    }
    if (part.text.trim() === "") return [];
    const live = !ended && index === run.parts.length - 1;
    if (part.kind === "thinking") return [{ kind: "thinking", key, text: part.text, live }];
    return [{ kind: "text", key, runId: run.runId, text: part.text, live, stopped: run.ending?.state === "aborted" }];
  });
  if (run.ending?.state === "error" && !isFailureStored(run, conversation.entries))
    rows.push({ kind: "failure", key: `${run.runId}:failure`, runId: run.runId, text: run.ending.problem ?? "" });
  return rows;
}

function outgoingRow(sent: Outgoing): Row {
  const { key, text, at, files = [] } = sent;
  return { kind: "user", key, text, whole: text, pictures: [], named: [], omitted: [], files, at, sent };
}

function saidRow(
  entry: Entry,
  base: Origin & { readonly key: string; readonly text: string; readonly at: number },
): Row {
  const { provenance } = entry.message;
  if (provenance === undefined) {
    const { files: named, omitted, text } = filesIn(base.text);
    return { kind: "user", ...base, text, whole: base.text, pictures: picturesIn(entry), named, omitted, files: [] };
  }
  return { kind: "report", ...base, sessionKey: provenance.sourceSessionKey, tool: provenance.sourceTool };
}

/** Only what the transcript has can be gone back to. */
function originOf({ id, message }: Entry): Origin {
  const meta = message.__openclaw;
  return {
    ...(meta?.id === undefined ? {} : { entryId: id }),
    ...(meta?.runId === undefined ? {} : { runId: meta.runId }),
  };
}

/** The gateway itself says some things, under a name that is no model's. */
function saidBy({ message: { provider, model } }: Entry): { readonly model?: string } {
  return provider === undefined || model === undefined || provider === "openclaw"
    ? {}
    : { model: `${provider}/${model}` };
}

function picturesIn(entry: Entry): readonly Picture[] {
  const { content } = entry.message;
  if (typeof content === "string") return [];
  return content.flatMap((part) => (part.type === "image" ? [{ data: part.data, mimeType: part.mimeType }] : []));
}
