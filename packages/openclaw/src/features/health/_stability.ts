/** What happened lately, without any content: a ring of the newest events, for support. */
import type { EventBus } from "../../contracts/method.ts";
import type { Clock } from "../../base/time.ts";

export const CAPACITY = 1000;

export interface StabilityEvent {
  readonly seq: number;
  readonly ts: number;
  /** `run.start`, `run.error`, `session.reset`, `channel.connected`. */
  readonly type: string;
  /** Codes and counts only. */
  readonly [fact: string]: string | number | boolean;
}

type Payload = Readonly<Record<string, unknown>>;

/** What is kept of an event; undefined for what says nothing about stability. */
function noteOf(event: string, payload: Payload): readonly [string, Record<string, string>] | undefined {
  if (event === "agent") {
    const { phase, errorCode } = (payload["data"] ?? {}) as { phase?: string; errorCode?: string };
    if (payload["stream"] !== "lifecycle" || (phase !== "start" && phase !== "end" && phase !== "error"))
      return undefined;
    return [`run.${phase}`, errorCode === undefined ? {} : { code: errorCode }];
  }
  if (event === "sessions.changed") {
    const { reason } = payload;
    return reason === "create" || reason === "reset" || reason === "delete" || reason === "compact"
      ? [`session.${reason}`, {}]
      : undefined;
  }
  if (event === "heartbeat") return ["heartbeat", { status: String(payload["status"]) }];
  return KEPT.has(event) ? [event, {}] : undefined;
}

const KEPT = new Set([
  "presence",
  "shutdown",
  "config.changed",
  "device.pair.requested",
  "device.pair.resolved",
  "node.pair.requested",
  "node.pair.resolved",
  "exec.approval.requested",
  "exec.approval.resolved",
]);

export class Stability {
  readonly #clock: Clock;
  readonly #events: StabilityEvent[] = [];
  #seq = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Notes what the bus carries. Returns how to stop. */
  follow(bus: EventBus): () => void {
    return bus.subscribe((event, payload) => {
      const note = noteOf(event, payload);
      if (note) this.note(...note);
    });
  }

  note(type: string, facts: Readonly<Record<string, string | number | boolean>> = {}): void {
    this.#seq += 1;
    this.#events.push({ seq: this.#seq, ts: this.#clock.now(), type, ...facts });
    if (this.#events.length > CAPACITY) this.#events.shift();
  }

  /** The newest `limit` of those wanted, oldest first. */
  report({ limit = CAPACITY, type, sinceSeq = 0 }: { limit?: number; type?: string; sinceSeq?: number }) {
    const wanted = this.#events.filter((event) => event.seq > sinceSeq && (type === undefined || event.type === type));
    const events = wanted.slice(-limit);
    const byType = Object.fromEntries(
      [...Map.groupBy(this.#events, (event) => event.type)].map(([name, those]) => [name, those.length]),
    );
    const [first, last] = [events[0]?.seq, events.at(-1)?.seq];
    return {
      generatedAt: new Date(this.#clock.now()).toISOString(),
      capacity: CAPACITY,
      count: events.length,
      dropped: this.#seq - this.#events.length,
      ...(first === undefined || last === undefined ? {} : { firstSeq: first, lastSeq: last }),
      events,
      summary: { total: this.#events.length, byType },
    };
  }
}
