/** What a turn said and answered before: in earlier attempts, and in this one by its end. */
import { textOf } from "../../../contracts/message.ts";
import type { AssistantMessage, Message, ToolResultMessage } from "../../../contracts/message.ts";
import type { Outbox, PostPart } from "../../../store/index.ts";
import { CLIENT } from "../_begin/client.ts";
import type { StoredMessage } from "../../context/index.ts";
import { thoughtsIn, visibleText } from "./visible.ts";
import type { Answered } from "./payloads.ts";

const BATCH = 64;

/** The blocks of a turn that are in the outbox. */
export async function knownParts(
  outbox: Pick<Outbox, "find">,
  turnId: string,
): Promise<{ rows: number; parts: readonly PostPart[] }> {
  const parts: PostPart[] = [];
  for (let from = 0; ; from += BATCH) {
    const keys = Array.from({ length: BATCH }, (_, i) => `${turnId}:block:${from + i}`);
    const found = await outbox.find(keys);
    parts.push(...found.flatMap(({ part }) => (part ? [part] : [])));
    if (found.length < BATCH) return { rows: from + found.length, parts };
  }
}

/** Answers of this run in its conversation, those of an earlier process included. */
export function answersIn(stored: readonly StoredMessage[], turnId: string): readonly AssistantMessage[] {
  return ofTurn(stored, turnId).filter(
    (message): message is AssistantMessage => message.role === "assistant" && message.provider !== CLIENT,
  );
}

export function resultsIn(stored: readonly StoredMessage[], turnId: string): readonly ToolResultMessage[] {
  return ofTurn(stored, turnId).filter((message) => message.role === "toolResult");
}

function ofTurn(stored: readonly StoredMessage[], turnId: string): readonly Message[] {
  return stored.filter(({ runId }) => runId === turnId).map(({ message }) => message);
}

export function answeredOf(stored: readonly StoredMessage[], turnId: string): readonly Answered[] {
  return answersIn(stored, turnId).map(answered);
}

export function answered(message: AssistantMessage): Answered {
  const text = textOf(message);
  const thoughts = message.content.flatMap((part) =>
    part.type === "thinking" && part.thinking.trim() !== "" ? [part.thinking.trim()] : [],
  );
  return { text: visibleText(text), thoughts: [...thoughts, ...thoughtsIn(text)] };
}
