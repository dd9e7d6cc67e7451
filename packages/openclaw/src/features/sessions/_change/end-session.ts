/** `sessions.reset` and `sessions.delete`: whatever runs is stopped first. */
import type { MethodCall } from "../../../contracts/method.ts";
import { errors } from "../errors.ts";
import { Lanes, Sessions } from "../index.ts";
import { keyOf } from "../_methods-params.ts";
import { resolved } from "./patch.ts";

interface Named {
  readonly key: string;
  readonly agentId?: string;
  readonly expectedSessionId?: string;
}

/** How long a run may take to stop. */
const STOP_MS = 10_000;

export async function reset(call: MethodCall, params: Named & { readonly reason?: "new" | "reset" }) {
  const key = await stopped(call, params);
  const row = await (await call.use(Sessions)).reset(key, params.reason ?? "reset");
  return { ok: true as const, key, entry: { ...row.entry }, resolved: await resolved(call, row) };
}

export async function remove(call: MethodCall, params: Named & { readonly deleteTranscript?: boolean }) {
  const key = await stopped(call, params);
  const { deleteTranscript = true } = params;
  return { ok: true as const, key, ...(await (await call.use(Sessions)).delete(key, { deleteTranscript })) };
}

/** The key, once nothing runs in it any more. Throws `SESSION_CHANGED`. */
async function stopped(call: MethodCall, { key: given, agentId, expectedSessionId }: Named): Promise<string> {
  const key = await keyOf(call, given, agentId);
  const row = expectedSessionId === undefined ? undefined : await (await call.use(Sessions)).get(key);
  if (row && row.entry.sessionId !== expectedSessionId) throw errors.SESSION_CHANGED({ key });
  const lanes = await call.use(Lanes);
  const runs = await lanes.abort({ sessionKey: key }, call.caller.principal, "rpc");
  await Promise.all(runs.map((id) => lanes.wait(id, STOP_MS)));
  return key;
}
