/** `sessions.trajectory.export`, and `/export-trajectory`. */
import type { ChatCommandCall, ChatOutcome } from "../../contracts/chat.ts";
import type { MethodCall } from "../../contracts/method.ts";
import { Sessions, keyOf } from "../sessions/index.ts";
import { writeBundle } from "./_bundle.ts";
import { errors } from "./errors.ts";

export async function exportTrajectory(
  call: MethodCall,
  given: { readonly key: string; readonly agentId?: string; readonly name?: string },
) {
  const key = await keyOf(call, given.key, given.agentId);
  const row = await (await call.use(Sessions)).get(key);
  if (!row) throw errors.TRAJECTORY_SESSION({ key });
  const bundle = await writeBundle(call, { row, ...(given.name === undefined ? {} : { name: given.name }) });
  return { ok: true as const, key, ...bundle };
}

export async function trajectoryCommand(call: ChatCommandCall): Promise<ChatOutcome> {
  const row = await (await call.use(Sessions)).get(call.sessionKey);
  if (!row) return { reply: "There is nothing to export yet." };
  const { name, events, entries } = await writeBundle(call, { row, ...(call.rest === "" ? {} : { name: call.rest }) });
  return { reply: `📦 Exported ${entries} entries and ${events} events to \`${name}\` in the workspace.` };
}
