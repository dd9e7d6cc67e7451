/** What is kept of a node that was approved: one row each, read once and written when it changes. */
import { compact } from "../../base/text.ts";
import { Type, fits, type Static } from "../../contracts/schema.ts";
import type { Caller } from "../../contracts/method.ts";
import type { Kv } from "../../store/index.ts";
import type { NodeRequest } from "./_requests.ts";

const SPACE = "nodes";
const text = Type.Optional(Type.String());
const time = Type.Optional(Type.Integer());
const words = Type.Array(Type.String());

const Row = Type.Object({
  nodeId: Type.String(),
  clientId: Type.String(),
  clientMode: Type.String(),
  /** What it calls itself, and what its owner calls it. */
  displayName: text,
  label: text,
  platform: Type.String(),
  deviceFamily: text,
  modelIdentifier: text,
  version: Type.String(),
  remoteIp: text,
  /** The approved surface. */
  caps: words,
  commands: words,
  createdAtMs: Type.Integer(),
  approvedAtMs: Type.Integer(),
  lastConnectedAtMs: time,
  lastSeenAtMs: time,
  lastSeenReason: text,
});

export type NodeRecord = Static<typeof Row>;

export class Records {
  readonly #kv: Kv;
  readonly #rows = new Map<string, NodeRecord>();

  private constructor(kv: Kv) {
    this.#kv = kv;
  }

  static async open(kv: Kv): Promise<Records> {
    const records = new Records(kv);
    for (const { key, value } of await kv.list(SPACE)) {
      const row = parse(value);
      if (row?.nodeId === key) records.#rows.set(key, row);
    }
    return records;
  }

  get(nodeId: string): NodeRecord | undefined {
    return this.#rows.get(nodeId);
  }

  all(): readonly NodeRecord[] {
    return [...this.#rows.values()];
  }

  /** Durable when it resolves; seen by `get` at once. */
  async put(row: NodeRecord): Promise<void> {
    this.#rows.set(row.nodeId, row);
    await this.#kv.set(SPACE, row.nodeId, JSON.stringify(row));
  }

  async remove(nodeId: string): Promise<boolean> {
    const known = this.#rows.delete(nodeId);
    if (known) await this.#kv.delete(SPACE, nodeId);
    return known;
  }
}

/** What a connection tells of its node. */
export function describe({ clientId, clientMode, client, remoteAddress }: Caller) {
  const { displayName, platform, deviceFamily, modelIdentifier, version } = client;
  return compact({
    clientId,
    clientMode,
    displayName,
    platform,
    deviceFamily,
    modelIdentifier,
    version,
    remoteIp: remoteAddress,
  }) as Pick<NodeRecord, "clientId" | "clientMode" | "platform" | "version"> &
    Partial<Pick<NodeRecord, "displayName" | "deviceFamily" | "modelIdentifier" | "remoteIp">>;
}

/** The record after its owner's yes: what was approved before stays approved. */
export function approvedRecord(
  request: NodeRequest,
  {
    before,
    now,
    connectedAtMs,
  }: { readonly before: NodeRecord | undefined; readonly now: number; readonly connectedAtMs: number | undefined },
): NodeRecord {
  const {
    nodeId,
    caps,
    commands,
    requestId: _,
    requiredApproveScopes: _s,
    silent: _q,
    isRepair: _r,
    ts,
    ...said
  } = request;
  return compact({
    ...before,
    ...said,
    nodeId,
    caps: [...new Set([...(before?.caps ?? []), ...caps])].sort(),
    commands: [...new Set([...(before?.commands ?? []), ...commands])].sort(),
    createdAtMs: before?.createdAtMs ?? now,
    approvedAtMs: now,
    lastConnectedAtMs: connectedAtMs ?? before?.lastConnectedAtMs,
    lastSeenAtMs: before?.lastSeenAtMs ?? ts,
  }) as NodeRecord;
}

/** The record after the node was here; `caller` is its connection, when it has one. */
export function seenRecord(
  record: NodeRecord,
  caller: Caller | undefined,
  { reason, now }: { readonly reason: string; readonly now: number },
): NodeRecord {
  return compact({
    ...record,
    ...(caller === undefined ? {} : describe(caller)),
    ...(reason === "connect" ? { lastConnectedAtMs: now } : {}),
    lastSeenAtMs: now,
    lastSeenReason: reason,
  }) as NodeRecord;
}

function parse(value: string): NodeRecord | undefined {
  try {
    const row: unknown = JSON.parse(value);
    return fits(Row, row) ? row : undefined;
  } catch {
    return undefined;
  }
}
