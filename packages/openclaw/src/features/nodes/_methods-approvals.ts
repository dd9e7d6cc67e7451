/** `exec.approvals.node.*`: the rules for commands that a node keeps itself. */
import { uuid } from "../../base/ids.ts";
import { Type, closed } from "../../contracts/schema.ts";
import { defineMethod, type MethodCall } from "../../contracts/method.ts";
import { Registry } from "./_service-tokens.ts";

const Id = Type.String({ minLength: 1, maxLength: 512 });
const TIMEOUT_MS = 15_000;

export const approvalsMethods = [
  defineMethod({
    name: "exec.approvals.node.get",
    scope: "operator.admin",
    summary: "Shows the rules for commands of a node.",
    params: closed({ nodeId: Id }),
    result: Type.Unknown(),
    run: (call, { nodeId }) => relay(call, nodeId, "system.execApprovals.get", {}),
  }),
  defineMethod({
    name: "exec.approvals.node.set",
    scope: "operator.admin",
    summary: "Replaces the rules for commands of a node; needs the hash that it gave.",
    params: closed({ nodeId: Id, file: Type.Unknown(), baseHash: Type.Optional(Type.String({ maxLength: 128 })) }),
    result: Type.Unknown(),
    run: (call, { nodeId, ...rest }) => relay(call, nodeId, "system.execApprovals.set", rest),
  }),
];

async function relay(call: MethodCall, nodeId: string, command: string, params: unknown): Promise<unknown> {
  const nodes = await call.use(Registry);
  const by = `${call.caller.principal.kind}:${call.caller.principal.id}`;
  const idempotencyKey = uuid(call.platform.random);
  return (await nodes.invoke({ nodeId, command, params, timeoutMs: TIMEOUT_MS, idempotencyKey, by })).payload;
}
