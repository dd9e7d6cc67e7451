/** Small things that wait until a sleeping node fetches them. In memory, bounded, for ten minutes. */
import { uuid, type Random } from "../../base/ids.ts";
import type { Clock } from "../../base/time.ts";
import { errors } from "./errors.ts";

const DEFAULT_MS = 600_000;
export const MAX_WAITING_MS = 86_400_000;
const MAX_PER_NODE = 64;

export interface PendingAction {
  readonly id: string;
  readonly type: string;
  readonly priority: "normal" | "high";
  readonly payload: unknown;
  readonly createdAtMs: number;
  readonly expiresAtMs: number;
}

export class PendingActions {
  readonly #clock: Clock;
  readonly #random: Random;
  readonly #waiting = new Map<string, readonly PendingAction[]>();

  constructor(parts: { clock: Clock; random: Random }) {
    this.#clock = parts.clock;
    this.#random = parts.random;
  }

  /** Throws `NODE_QUEUE_FULL`. */
  add(nodeId: string, of: { type: string; priority: "normal" | "high"; payload: unknown; expiresInMs?: number }) {
    const now = this.#clock.now();
    const waiting = this.list(nodeId);
    if (waiting.length >= MAX_PER_NODE) throw errors.NODE_QUEUE_FULL({ limit: MAX_PER_NODE });
    const { expiresInMs = DEFAULT_MS, ...rest } = of;
    const action: PendingAction = {
      id: uuid(this.#random),
      ...rest,
      createdAtMs: now,
      expiresAtMs: now + Math.min(expiresInMs, MAX_WAITING_MS),
    };
    const before = waiting.findIndex(({ priority }) => priority === "normal");
    const at = action.priority === "high" && before >= 0 ? before : waiting.length;
    this.#waiting.set(nodeId, waiting.toSpliced(at, 0, action));
    return action;
  }

  /** Urgent ones first, then in the order in which they came. */
  list(nodeId: string): readonly PendingAction[] {
    const now = this.#clock.now();
    const live = (this.#waiting.get(nodeId) ?? []).filter(({ expiresAtMs }) => expiresAtMs > now);
    this.#set(nodeId, live);
    return live;
  }

  /** Takes out those that were worked off; returns which of the ids were there. */
  acknowledge(nodeId: string, ids: readonly string[]): readonly string[] {
    const waiting = this.list(nodeId);
    this.#set(
      nodeId,
      waiting.filter(({ id }) => !ids.includes(id)),
    );
    return waiting.flatMap(({ id }) => (ids.includes(id) ? [id] : []));
  }

  forget(nodeId: string): void {
    this.#waiting.delete(nodeId);
  }

  #set(nodeId: string, actions: readonly PendingAction[]): void {
    if (actions.length === 0) this.#waiting.delete(nodeId);
    else this.#waiting.set(nodeId, actions);
  }
}
