/**
 * Running programs on a node. The node has approvals of its own; what a caller says about an approval that
 * was given here counts only when it was given, for exactly this, and not used yet.
 */
import type { MethodCall } from "../../contracts/method.ts";

export interface RunCall {
  readonly nodeId: string;
  readonly command: string;
  readonly params: unknown;
  readonly sessionKey: string | undefined;
}

/** The params as the node gets them. */
export async function checkedParams(_call: MethodCall, { command, params }: RunCall): Promise<unknown> {
  if (command !== "system.run" || !isObject(params)) return params;
  const { approved: _, approvalDecision: _d, ...rest } = params;
  return rest;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return value !== null && typeof value === "object" && !Array.isArray(value);
}
