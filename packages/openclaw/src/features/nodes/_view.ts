/** A node as clients see it, from its connection, its record and its request. Pure. */
import { compact } from "../../base/text.ts";
import type { NodeView } from "./index.ts";
import { describe, type NodeRecord } from "./_record.ts";
import type { NodeRequest } from "./_requests.ts";
import type { NodeSession } from "./_sessions.ts";
import type { Surface } from "./_surface.ts";

export function viewOf(of: {
  readonly session: NodeSession | undefined;
  readonly record: NodeRecord | undefined;
  readonly usable: Surface;
  readonly request: NodeRequest | undefined;
}): NodeView {
  const { session, record, request } = of;
  const { label, displayName, caps: _, commands: _c, ...kept } = record ?? ({} as Partial<NodeRecord>);
  const said = session === undefined ? {} : describe(session.caller);
  return compact({
    nodeId: session?.nodeId ?? record?.nodeId,
    ...kept,
    ...said,
    displayName: label ?? session?.caller.client.displayName ?? displayName,
    caps: of.usable.caps,
    commands: of.usable.commands,
    permissions: session?.caller.permissions,
    pathEnv: session?.caller.pathEnv,
    paired: record !== undefined,
    connected: session !== undefined,
    connectedAtMs: session?.connectedAtMs,
    approvalState: record === undefined ? "pending-approval" : "approved",
    pendingRequestId: request?.requestId,
    pendingDeclaredCaps: request?.caps,
    pendingDeclaredCommands: request?.commands,
  }) as unknown as NodeView;
}

/** A record as lists of pairings show it. */
export function pairedView({ label, displayName, ...rest }: NodeRecord): Record<string, unknown> {
  return compact({ ...rest, displayName: label ?? displayName });
}
