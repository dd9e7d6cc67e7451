/** Bodies of the commands that use nodes. */
import { uuid } from "../../base/ids.ts";
import { compact } from "../../base/text.ts";
import type { CliContext } from "../../contracts/cli.ts";
import { oneNode } from "./_cli-find.ts";
import { durationOf } from "./_cli-list.ts";
import { errors } from "./errors.ts";
import { needsAdminToInvoke } from "./_surface.ts";

/** What the command line waits longer than the node has. */
const GRACE_MS = 5000;

export async function invoke(context: CliContext): Promise<void> {
  const { options, out } = context;
  const command = String(options["command"]);
  if (/^system\.run(?:\.|$)/.test(command)) throw errors.NODE_RUN_REFUSED({ command });
  const answer = await run(context, command, paramsOf(String(options["params"] ?? "{}")));
  out.json(answer);
}

export async function notify(context: CliContext): Promise<void> {
  const { options, out, global } = context;
  const { title, body, sound, priority, delivery } = options;
  const answer = await run(context, "system.notify", compact({ title, body, sound, priority, delivery }));
  if (global.json) out.json(answer);
  else out.line("Shown.");
}

async function run(context: CliContext, command: string, params: unknown): Promise<unknown> {
  const { call, options, platform } = context;
  const { nodeId } = await oneNode(context);
  const timeoutMs = durationOf(String(options["invokeTimeout"] ?? 15_000));
  const key = options["idempotencyKey"];
  const idempotencyKey = typeof key === "string" ? key : uuid(platform.random);
  const scopes = [needsAdminToInvoke(command) ? "operator.admin" : "operator.write"];
  return call(
    "node.invoke",
    { nodeId, command, params, timeoutMs, idempotencyKey },
    { scopes, timeoutMs: timeoutMs + GRACE_MS },
  );
}

function paramsOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw errors.NODE_PARAMS_INVALID();
  }
}
