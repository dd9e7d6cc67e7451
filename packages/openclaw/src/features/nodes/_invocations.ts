/**
 * Commands under way on nodes. Each has a deadline, which also tells the node to stop, and ends at the
 * latest with the node's connection. What comes after that is dropped and counted.
 */
import { Fault } from "../../base/errors.ts";
import { uuid, type Random } from "../../base/ids.ts";
import type { Clock } from "../../base/time.ts";
import type { EventBus } from "../../contracts/method.ts";
import { errors } from "./errors.ts";

const MAX_PER_NODE = 64;
/** Bytes of a command's params and of its result, as JSON. */
const MAX_PARAMS = 1024 * 1024;
const MAX_RESULT = 5 * 1024 * 1024 + 64 * 1024;

export interface Invocation {
  readonly nodeId: string;
  readonly connId: string;
  readonly command: string;
  /** JSON text; absent when the command takes none. */
  readonly paramsJSON: string | undefined;
  readonly timeoutMs: number;
  readonly idempotencyKey: string;
}

export interface NodeAnswer {
  readonly payload: unknown;
  readonly payloadJSON: string | null;
}

/** What a node says to a command. */
export interface NodeResult {
  readonly id: string;
  readonly ok: boolean;
  readonly payload?: unknown;
  readonly payloadJSON?: string | null;
  readonly error?: { readonly code?: string; readonly message?: string } | null;
}

interface Pending {
  readonly of: Invocation;
  readonly settle: (outcome: NodeAnswer | Fault) => void;
}

export class Invocations {
  readonly #clock: Clock;
  readonly #random: Random;
  readonly #events: EventBus;
  readonly #pending = new Map<string, Pending>();
  /** Results that came for nothing that waits. */
  late = 0;

  constructor(parts: { clock: Clock; random: Random; events: EventBus }) {
    this.#clock = parts.clock;
    this.#random = parts.random;
    this.#events = parts.events;
  }

  /** Rejects with a Fault that says whether the command reached the node. */
  start(of: Invocation): Promise<NodeAnswer> {
    if (Buffer.byteLength(of.paramsJSON ?? "") > MAX_PARAMS)
      return Promise.reject(errors.NODE_PAYLOAD_TOO_LARGE({ what: "params", maxBytes: MAX_PARAMS }));
    if (this.#count(of.nodeId) >= MAX_PER_NODE) return Promise.reject(errors.NODE_BUSY({ limit: MAX_PER_NODE }));
    const id = uuid(this.#random);
    const { nodeId, connId, command, paramsJSON, timeoutMs, idempotencyKey } = of;
    return new Promise((resolve, reject) => {
      const cancel = this.#clock.timer(timeoutMs, () => this.#expire(id));
      const settle = (outcome: NodeAnswer | Fault) => {
        cancel();
        this.#pending.delete(id);
        if (outcome instanceof Fault) reject(outcome);
        else resolve(outcome);
      };
      this.#pending.set(id, { of, settle });
      this.#events.publish(
        "node.invoke.request",
        { id, nodeId, command, paramsJSON: paramsJSON ?? null, timeoutMs, idempotencyKey },
        { only: connId },
      );
    });
  }

  /** False when nothing waits for it. Throws when another node answers. */
  finish(nodeId: string, result: NodeResult): boolean {
    const pending = this.#pending.get(result.id);
    if (pending === undefined) {
      this.late += 1;
      return false;
    }
    if (pending.of.nodeId !== nodeId) throw errors.NODE_INVOKE_FOREIGN();
    pending.settle(outcomeOf(result));
    return true;
  }

  /** Whether a command of this node waits under that id. */
  has(nodeId: string, id: string): boolean {
    return this.#pending.get(id)?.of.nodeId === nodeId;
  }

  /** Everything sent over a connection that is gone fails. */
  left(connId: string): void {
    for (const { of, settle } of this.#pending.values()) if (of.connId === connId) settle(notConnected(true));
  }

  #expire(id: string): void {
    const pending = this.#pending.get(id);
    if (pending === undefined) return;
    const { nodeId, connId } = pending.of;
    this.#events.publish("node.invoke.cancel", { invokeId: id, nodeId }, { only: connId });
    pending.settle(withNodeError(errors.NODE_TIMEOUT(), "TIMEOUT", "node invoke timed out", true));
  }

  #count(nodeId: string): number {
    let count = 0;
    for (const { of } of this.#pending.values()) if (of.nodeId === nodeId) count += 1;
    return count;
  }
}

export function notConnected(dispatched: boolean): Fault {
  const fault = withNodeError(errors.NODE_NOT_CONNECTED(), "NOT_CONNECTED", "node not connected", dispatched);
  return fault.with({ details: { code: "NOT_CONNECTED" } });
}

function outcomeOf({ ok, payload, payloadJSON, error }: NodeResult): NodeAnswer | Fault {
  if (!ok) {
    const code = error?.code ?? "UNAVAILABLE";
    const message = error?.message ?? "the node gave no reason";
    return withNodeError(errors.NODE_COMMAND_FAILED({ code, message }), code, message, true);
  }
  const text = payloadJSON ?? (payload === undefined ? null : JSON.stringify(payload));
  if (text !== null && Buffer.byteLength(text) > MAX_RESULT) {
    const fault = errors.NODE_PAYLOAD_TOO_LARGE({ what: "the result", maxBytes: MAX_RESULT });
    return withNodeError(fault, "PAYLOAD_TOO_LARGE", fault.message, true);
  }
  if (payload !== undefined || text === null) return { payload: payload ?? null, payloadJSON: text };
  try {
    return { payload: JSON.parse(text), payloadJSON: text };
  } catch {
    return withNodeError(errors.NODE_PAYLOAD_INVALID(), "INVALID_PAYLOAD", "payloadJSON is not JSON", true);
  }
}

function withNodeError(fault: Fault, code: string, message: string, dispatched: boolean): Fault {
  return fault.with({ details: { nodeError: { code, message }, nodeCommandDispatched: dispatched } });
}
