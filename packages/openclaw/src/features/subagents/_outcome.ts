/** What a sub-agent came to, from the outcome of its turns and, where they say nothing, from its transcript. */
import { cut } from "../../base/text.ts";
import { NO_USAGE, addUsage, textOf } from "../../contracts/message.ts";
import type { MessageEntry, Store, SubagentOutcome, SubagentRun, Transcripts, TurnRow } from "../../store/index.ts";
import { parseKey } from "../sessions/index.ts";

const MAX_TEXT = 32_000;
const TAIL = { maxEntries: 60, maxBytes: 512 * 1024 };

interface OutcomeDeps {
  readonly store: Pick<Store, "sessions">;
  readonly transcripts: Pick<Transcripts, "tail">;
}

/** `turns`: those of the child, in the order in which they ended. */
export async function outcomeOf(
  { store, transcripts }: OutcomeDeps,
  run: SubagentRun,
  turns: readonly TurnRow[],
): Promise<SubagentOutcome> {
  const last = turns.findLast(({ result }) => result !== undefined);
  const result = last?.result;
  const sessionId = (await store.sessions.get(run.childKey))?.entry.sessionId ?? result?.sessionId ?? "";
  const begun = Math.min(...turns.map(({ startedAt, createdAt }) => startedAt ?? createdAt));
  const ended = Math.max(...turns.map(({ endedAt, createdAt }) => endedAt ?? createdAt));
  const figures = {
    runtimeMs: turns.length === 0 ? 0 : Math.max(0, ended - begun),
    usage: turns.map((turn) => turn.result?.usage ?? NO_USAGE).reduce(addUsage, NO_USAGE),
    sessionId,
  };
  if (!result) return { status: "unknown", ...figures };
  // What a run said before it failed is no result of it.
  if (result.status === "error")
    return { status: "error", ...(result.error ? { error: result.error.message } : {}), ...figures };
  const agentId = parseKey(run.childKey)?.agentId ?? "main";
  const said =
    result.texts.findLast((text) => text.trim() !== "") ?? (await fromTranscript(transcripts, { agentId, sessionId }));
  return { status: result.status, ...(said === undefined ? {} : { text: cut(said, MAX_TEXT) }), ...figures };
}

/** The newest words of the assistant, a request for silence included; else the newest result of a tool. */
async function fromTranscript(
  transcripts: OutcomeDeps["transcripts"],
  ref: { readonly agentId: string; readonly sessionId: string },
): Promise<string | undefined> {
  if (ref.sessionId === "") return undefined;
  const { entries } = await transcripts.tail(ref, TAIL).catch(() => ({ entries: [] as const }));
  const messages = entries.flatMap((entry) => (entry.type === "message" ? [(entry as MessageEntry).message] : []));
  const since = messages.findLastIndex(({ role }) => role === "user");
  const own = messages.slice(since + 1);
  const words = own.findLast((message) => message.role === "assistant" && textOf(message).trim() !== "");
  const shown = words ?? own.findLast((message) => message.role === "toolResult" && textOf(message).trim() !== "");
  return shown && textOf(shown).trim();
}
