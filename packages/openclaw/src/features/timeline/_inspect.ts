/** One run, whole: its row, its facts in order, and on request the texts that its prompts were made of. */
import type { MethodCall } from "../../contracts/method.ts";
import { compact } from "../../base/text.ts";
import { StoreToken } from "../../store/index.ts";
import type { RunFactRow, Store, TurnRow } from "../../store/index.ts";
import { shown } from "./_shape.ts";
import { errors } from "./errors.ts";

const MOST = 2000;

export async function inspect(call: MethodCall, given: { readonly runId: string; readonly includeBodies?: boolean }) {
  const store = await call.use(StoreToken);
  const [turn, rows] = await Promise.all([
    store.turns.get(given.runId),
    store.runEvents.after(0, { runId: given.runId, limit: MOST + 1 }),
  ]);
  if (!turn && rows.length === 0) throw errors.RUN_UNKNOWN({ id: given.runId });
  const events = rows.slice(0, MOST);
  return {
    run: { ...(turn ? summary(turn) : { runId: given.runId }), labels: labelsOf(events) },
    events: events.map(shown),
    truncated: rows.length > MOST,
    ...(given.includeBodies === true ? { bodies: await bodiesOf(store, events) } : {}),
  };
}

/** Where the content that the run saw came from, beside the owner. */
function labelsOf(events: readonly RunFactRow[]): readonly string[] {
  const labels = events.flatMap(({ kind, data }) => (kind === "content" ? data["labels"] : []));
  return [...new Set(labels as readonly string[])];
}

function summary(turn: TurnRow): Record<string, unknown> {
  const { result } = turn;
  return compact({
    runId: turn.id,
    agentId: turn.agentId,
    sessionKey: turn.sessionKey,
    principal: `${turn.principal.kind}:${turn.principal.id}`,
    state: turn.state,
    attempts: turn.attempts,
    createdAt: turn.createdAt,
    startedAt: turn.startedAt,
    endedAt: turn.endedAt,
    status: result?.status,
    stopReason: result?.stopReason,
    provider: result?.provider,
    model: result?.model,
    sessionId: result?.sessionId,
    usage: result?.usage,
    error: result?.error?.message,
  });
}

interface PromptData {
  readonly system?: readonly { readonly hash: string }[];
  readonly tools?: { readonly hash: string };
}

async function bodiesOf({ runEvents }: Store, events: readonly RunFactRow[]): Promise<Record<string, string>> {
  const prompts = events.filter(({ kind }) => kind === "prompt").map(({ data }) => data as PromptData);
  const hashes = new Set(
    prompts.flatMap(({ system = [], tools }) => [...system.map(({ hash }) => hash), ...(tools ? [tools.hash] : [])]),
  );
  const found: Record<string, string> = {};
  for (const hash of hashes) {
    const body = await runEvents.body(hash);
    if (body !== undefined) found[hash] = body;
  }
  return found;
}
