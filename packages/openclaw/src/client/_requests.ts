/** Requests that wait for their response. */
import type { Fault } from "../base/errors.ts";
import { errors } from "./errors.ts";
import { faultOf } from "./_wire.ts";
import type { ResponseFrame } from "./_wire.ts";
import type { Timers } from "./_timers.ts";

export interface RequestOptions {
  /** Default 30 000. */
  readonly timeoutMs?: number;
  /** The method answers twice (`agent`): resolve with the second answer. */
  readonly expectFinal?: boolean;
  /** With `expectFinal`: called with the first answer. */
  readonly onAccepted?: (payload: unknown) => void;
}

interface Pending extends RequestOptions {
  readonly method: string;
  readonly resolve: (payload: unknown) => void;
  readonly reject: (fault: Fault) => void;
  readonly cancel: () => void;
}

const DEFAULT_TIMEOUT_MS = 30_000;

export class Requests {
  readonly #pending = new Map<string, Pending>();
  readonly #timers: Timers;
  #count = 0;

  constructor(timers: Timers) {
    this.#timers = timers;
  }

  /** Registers a request and hands its frame to `send`. Rejects with the server's error, on timeout, or when the socket ends. */
  start(method: string, params: unknown, options: RequestOptions, send: (text: string) => void): Promise<unknown> {
    this.#count += 1;
    const id = String(this.#count);
    const timeoutMs = options.timeoutMs ?? DEFAULT_TIMEOUT_MS;
    return new Promise((resolve, reject) => {
      const cancel = this.#timers.timer(timeoutMs, () => {
        this.#pending.delete(id);
        reject(errors.GATEWAY_REQUEST_TIMEOUT({ method, seconds: Math.round(timeoutMs / 1000) }));
      });
      this.#pending.set(id, { ...options, method, resolve, reject, cancel });
      send(JSON.stringify({ type: "req", id, method, ...(params === undefined ? {} : { params }) }));
    });
  }

  settle(frame: ResponseFrame): void {
    const pending = this.#pending.get(frame.id);
    if (pending === undefined) return;
    if (frame.ok && pending.expectFinal === true && isAccepted(frame.payload)) {
      pending.onAccepted?.(frame.payload);
      return;
    }
    this.#pending.delete(frame.id);
    pending.cancel();
    if (frame.ok) pending.resolve(frame.payload);
    else pending.reject(faultOf(frame.error, frame.payload));
  }

  rejectAll(reason: Fault): void {
    const all = [...this.#pending.values()];
    this.#pending.clear();
    for (const pending of all) {
      pending.cancel();
      pending.reject(reason);
    }
  }
}

function isAccepted(payload: unknown): boolean {
  return typeof payload === "object" && payload !== null && "status" in payload && payload.status === "accepted";
}
