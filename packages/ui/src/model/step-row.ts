/** The row of the conversation that belongs to a step of a run. Pure. */
import type { Entry } from "./conversation.ts";
import type { Row } from "./rows.ts";
import type { Place } from "./timeline.ts";

interface Seen {
  readonly runId: string;
  readonly entries: readonly Entry[];
  readonly rows: readonly Row[];
}

/** Undefined where it is not loaded. */
export function rowKeyOf(place: Place, { runId, entries, rows }: Seen): string | undefined {
  if (place.kind === "tool") return rows.find(({ key }) => key === `tool:${runId}:${place.callId}`)?.key;
  if (place.kind === "entry") return rows.find(({ key }) => key === place.id)?.key;
  if (place.kind === "asked") {
    const entry =
      entries.find(({ message }) => message.idempotencyKey === `${place.turnId}:user`) ?? firstOf(runId, entries);
    return rows.find(({ key }) => key === entry?.id)?.key;
  }
  const answers = entries.filter(({ message }) => message.role === "assistant" && message.__openclaw?.runId === runId);
  const answer = answers[place.nth] ?? answers.at(-1);
  return answer === undefined ? undefined : rowOf(answer, runId, rows);
}

/** What the run was asked, where several messages became one. */
function firstOf(runId: string, entries: readonly Entry[]): Entry | undefined {
  return entries.find(({ message }) => message.role === "user" && message.__openclaw?.runId === runId);
}

function rowOf({ id, message }: Entry, runId: string, rows: readonly Row[]): string | undefined {
  const own = rows.find(({ key }) => key.startsWith(`${id}:`));
  if (own !== undefined || typeof message.content === "string") return own?.key;
  const call = message.content.find((part) => part.type === "toolCall");
  return rows.find(({ key }) => call !== undefined && key === `tool:${runId}:${call.id}`)?.key;
}
