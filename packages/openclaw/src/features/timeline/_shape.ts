/** A fact as clients see it. */
import { Type, choice, closed } from "../../contracts/schema.ts";
import type { RunFactFilter, RunFactRow } from "../../store/index.ts";

const KINDS = [
  "message",
  "route",
  "start",
  "content",
  "prompt",
  "model",
  "decision",
  "tool",
  "steered",
  "compaction",
  "delivery",
  "end",
] as const;

export const FactShape = closed({
  id: Type.Integer({ description: "Cursor; rises with every event, over restarts too" }),
  ts: Type.Integer({ description: "Unix epoch milliseconds" }),
  kind: choice(KINDS, {}),
  runId: Type.String(),
  sessionKey: Type.String(),
  agentId: Type.String(),
  data: Type.Record(Type.String(), Type.Unknown()),
});

const name = Type.Optional(Type.String({ minLength: 1, maxLength: 512 }));

/** What events may be picked by. */
export const filterParams = {
  agentId: name,
  sessionKey: name,
  runId: name,
  kind: Type.Optional(choice(KINDS, {})),
};

export function shown({ cursor, at, ...fact }: RunFactRow) {
  return { id: cursor, ts: at, ...fact };
}

type Given = Partial<Pick<RunFactFilter, "agentId" | "sessionKey" | "runId" | "kind">>;

export function filterOf({ agentId, sessionKey, runId, kind }: Given): Given {
  return {
    ...(agentId === undefined ? {} : { agentId }),
    ...(sessionKey === undefined ? {} : { sessionKey }),
    ...(runId === undefined ? {} : { runId }),
    ...(kind === undefined ? {} : { kind }),
  };
}

/** Whether a fact is one of those asked for. */
export function fits(fact: RunFactRow, filter: Given): boolean {
  return Object.entries(filterOf(filter)).every(([field, wanted]) => fact[field as keyof Given] === wanted);
}
