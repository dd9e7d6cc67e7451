/** Bodies of the commands that change what nodes may do. */
import type { CliContext } from "../../contracts/cli.ts";
import { oneNode } from "./_cli-find.ts";
import { allWaiting, nameOf } from "./_cli-list.ts";
import { errors } from "./errors.ts";

const PAIRING = "operator.pairing";

export async function approve(context: CliContext): Promise<void> {
  const { args, call, out, global } = context;
  const request = (await allWaiting(context)).find(({ requestId }) => requestId === args[0]);
  if (request === undefined) throw errors.NODE_REQUEST_UNKNOWN();
  const { requestId, requiredApproveScopes } = request;
  const scopes = [...new Set([PAIRING, ...requiredApproveScopes])];
  const answer = await call("node.pair.approve", { requestId }, { scopes });
  if (global.json) return out.json(answer);
  out.line(`Approved ${nameOf(request)}: ${request.commands.join(", ") || "no commands"}.`);
  if (request.commands.includes("system.run"))
    out.note("It can run programs now. To forbid that, set security to deny on the node and remove its approval here.");
}

export async function reject({ args, call, out, global }: CliContext): Promise<void> {
  const [requestId = ""] = args;
  const answer = await call("node.pair.reject", { requestId }, { scopes: [PAIRING] });
  if (global.json) out.json(answer);
  else out.line(`Rejected ${requestId}.`);
}

export async function rename(context: CliContext): Promise<void> {
  const { call, out, global, options } = context;
  const { nodeId } = await oneNode(context);
  const answer = await call("node.rename", { nodeId, displayName: String(options["name"]) }, { scopes: [PAIRING] });
  if (global.json) out.json(answer);
  else out.line(`${nodeId.slice(0, 12)} is called ${String(options["name"])} now.`);
}

export async function remove(context: CliContext): Promise<void> {
  const { call, out, global } = context;
  const node = await oneNode(context);
  const answer = await call("node.pair.remove", { nodeId: node.nodeId }, { scopes: [PAIRING] });
  if (global.json) out.json(answer);
  else out.line(`${nameOf(node)} may not run commands any more.`);
}
