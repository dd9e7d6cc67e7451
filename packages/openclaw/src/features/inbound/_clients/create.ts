/** Conversations by their key: made, written to, stopped. */
import { Fault } from "../../../base/errors.ts";
import { uuid } from "../../../base/ids.ts";
import { compact } from "../../../base/text.ts";
import type { MethodCall } from "../../../contracts/method.ts";
import { StoreToken } from "../../../store/index.ts";
import { Agents } from "../../agents/index.ts";
import { Lanes, Sessions, keyOf, preferences, resolved } from "../../sessions/index.ts";
import type { Attachment } from "./calls.ts";
import { send } from "./send.ts";
import type { Send } from "./send.ts";
import { errors } from "../errors.ts";

interface Create {
  readonly key?: string;
  readonly agentId?: string;
  readonly label?: string;
  readonly displayName?: string;
  readonly model?: string;
  readonly thinkingLevel?: string;
  readonly fastMode?: boolean | "auto";
  readonly parentSessionKey?: string;
  readonly spawnDepth?: number;
  readonly message?: string;
  readonly task?: string;
  readonly attachments?: readonly Attachment[];
  readonly timeoutMs?: number;
  readonly idempotencyKey?: string;
}

export async function create(call: MethodCall, params: Create) {
  const sessions = await call.use(Sessions);
  const agentId = params.agentId ?? (await call.use(Agents)).default().id;
  const key = await keyOf(call, params.key ?? `dashboard:${uuid(call.platform.random)}`, agentId);
  const before = await sessions.get(key);
  const wanted = await wishesOf(call, params);
  const wishes = await preferences(call, before, key, before === undefined ? wanted : ofExisting(call, wanted));
  const { label } = params;
  let row = await sessions.ensure(key, label === undefined ? {} : { label });
  if (Object.keys(wishes).length > 0) row = (await sessions.patch(key, { set: wishes })) ?? row;
  const started = await firstTurn(call, params, key);
  return {
    ok: true as const,
    key,
    sessionId: row.entry.sessionId,
    entry: { ...row.entry },
    ...started,
    resolved: await resolved(call, row),
  };
}

async function wishesOf(call: MethodCall, params: Create): Promise<Record<string, unknown>> {
  const { label, displayName, model, thinkingLevel, fastMode, parentSessionKey, spawnDepth, agentId } = params;
  const parent = parentSessionKey === undefined ? undefined : await keyOf(call, parentSessionKey, agentId);
  return compact({ label, displayName, model, thinkingLevel, fastMode, parentSessionKey: parent, spawnDepth });
}

/** What a conversation that exists came from stays; how hard it thinks is changed by `sessions.patch`, for admins. */
function ofExisting({ caller }: MethodCall, wanted: Record<string, unknown>): Record<string, unknown> {
  const { parentSessionKey: _parent, spawnDepth: _depth, thinkingLevel, fastMode, ...rest } = wanted;
  return caller.allows("operator.admin") ? compact({ ...rest, thinkingLevel, fastMode }) : rest;
}

/** A first turn that is refused leaves the conversation made. */
async function firstTurn(call: MethodCall, params: Create, sessionKey: string) {
  const message = params.message ?? params.task;
  if (message === undefined && params.attachments === undefined) return { runStarted: false };
  const runId = params.idempotencyKey ?? uuid(call.platform.random);
  const { attachments, timeoutMs } = params;
  try {
    const sent = await send(call, { sessionKey, runId, message: message ?? "", attachments, timeoutMs });
    return { runStarted: true, runId: sent.runId };
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    return { runStarted: false, runError: error.message };
  }
}

interface Message extends Omit<Send, "sessionKey" | "runId"> {
  readonly key: string;
  readonly agentId?: string;
  readonly idempotencyKey?: string;
}

export async function sendTo(call: MethodCall, params: Message, queueMode: Send["queueMode"]) {
  const sessionKey = await keyOf(call, params.key, params.agentId);
  if (!(await (await call.use(Sessions)).get(sessionKey))) throw errors.SESSION_MISSING({ key: sessionKey });
  const { message, attachments, thinking, timeoutMs } = params;
  const runId = params.idempotencyKey ?? uuid(call.platform.random);
  return send(call, { sessionKey, runId, message, attachments, thinking, timeoutMs, queueMode });
}

/** Without `clearQueued` what waits for the run's end stays. */
export async function abort(
  call: MethodCall,
  params: { readonly key?: string; readonly runId?: string; readonly clearQueued?: boolean; readonly agentId?: string },
) {
  const lanes = await call.use(Lanes);
  const sessionKey = await sessionOfAbort(call, params);
  const active = sessionKey === undefined ? undefined : lanes.active(sessionKey);
  const runId = params.runId ?? (params.clearQueued === true ? undefined : active);
  if (sessionKey === undefined || (runId === undefined && params.clearQueued !== true))
    return { ok: true as const, abortedRunId: null, status: "no-active-run" as const };
  const stopped = await lanes.abort(compact({ sessionKey, runId }), call.caller.principal, "rpc");
  const abortedRunId = stopped.find((id) => id === active) ?? stopped[0] ?? null;
  return {
    ok: true as const,
    abortedRunId,
    status: abortedRunId === null ? ("no-active-run" as const) : ("aborted" as const),
  };
}

async function sessionOfAbort(
  call: MethodCall,
  { key, runId, agentId }: { readonly key?: string; readonly runId?: string; readonly agentId?: string },
): Promise<string | undefined> {
  if (key !== undefined) return keyOf(call, key, agentId);
  if (runId === undefined) return keyOf(call, "main", agentId);
  return (await (await call.use(StoreToken)).turns.get(runId))?.sessionKey;
}
