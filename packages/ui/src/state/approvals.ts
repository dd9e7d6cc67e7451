/** Commands that wait for the owner's yes, from every conversation. */
import { signal } from "@preact/signals";
import type { ReadonlySignal } from "@preact/signals";
import type { Gateway } from "openclaw/client";
import type { ConnectionStore } from "./connection.ts";

export type Decision = "allow-once" | "allow-always" | "deny";

export interface Approval {
  readonly id: string;
  readonly command: string;
  readonly decisions: readonly Decision[];
  readonly cwd?: string;
  readonly host?: string;
  readonly agentId?: string;
  readonly sessionKey?: string;
  /** Path of the program behind the name. */
  readonly program?: string;
}

export interface ApprovalsStore {
  /** Oldest first. */
  readonly open: ReadonlySignal<readonly Approval[]>;
  /** Ids whose answer is on its way. */
  readonly busy: ReadonlySignal<ReadonlySet<string>>;
  /** Rejects with what the gateway says; an answer that came too late leaves nothing to do and resolves. */
  answer(id: string, decision: Decision): Promise<void>;
}

export function createApprovals(connection: ConnectionStore): ApprovalsStore {
  const open = signal<readonly Approval[]>([]);
  const busy = signal<ReadonlySet<string>>(new Set());
  const known = new WeakSet<Gateway>();

  const add = (payload: unknown) => {
    const approval = readApproval(payload);
    if (approval === undefined) return;
    open.value = [...open.value.filter(({ id }) => id !== approval.id), approval];
  };
  const remove = (id: unknown) => {
    open.value = open.value.filter((approval) => approval.id !== id);
  };

  connection.onOpen((gateway) => {
    if (!known.has(gateway)) {
      known.add(gateway);
      gateway.on("exec.approval.requested", add);
      gateway.on("exec.approval.resolved", (payload) => remove((payload as { id?: unknown }).id));
    }
    gateway.request("exec.approval.list", {}).then(
      (list) => (open.value = Array.isArray(list) ? list.map(readApproval).filter((one) => one !== undefined) : []),
      // A gateway without approvals asks for none.
      () => (open.value = []),
    );
  });

  return {
    open,
    busy,
    async answer(id, decision) {
      busy.value = new Set([...busy.value, id]);
      try {
        await connection.gateway()?.request("exec.approval.resolve", { id, decision });
        remove(id);
      } catch (error) {
        if (!isOver(error)) throw error;
        remove(id);
      } finally {
        busy.value = new Set([...busy.value].filter((other) => other !== id));
      }
    },
  };
}

const DECISIONS: readonly Decision[] = ["allow-once", "allow-always", "deny"];

function readApproval(payload: unknown): Approval | undefined {
  const { id, request } = (payload ?? {}) as { id?: unknown; request?: Readonly<Record<string, unknown>> | null };
  const command = request?.["command"];
  if (typeof id !== "string" || typeof command !== "string") return undefined;
  const allowed = request?.["allowedDecisions"];
  const text = (name: string) => {
    const value = request?.[name];
    return typeof value === "string" && value !== "" ? value : undefined;
  };
  const fields = {
    cwd: text("cwd"),
    host: text("host"),
    agentId: text("agentId"),
    sessionKey: text("sessionKey"),
    program: text("resolvedPath"),
  };
  return {
    id,
    command,
    decisions: DECISIONS.filter((one) => !Array.isArray(allowed) || allowed.includes(one)),
    ...(Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Partial<Approval>),
  };
}

/** Somebody else answered, or the time is over. */
function isOver(error: unknown): boolean {
  const reason = (error as { details?: { reason?: unknown } } | undefined)?.details?.reason;
  return reason === "APPROVAL_ALREADY_RESOLVED" || reason === "APPROVAL_NOT_FOUND";
}
