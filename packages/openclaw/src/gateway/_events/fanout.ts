/** Carries events from the bus to sockets: who gets what, encoded once, slow clients skipped or dropped. */
import type { Log } from "../../base/log.ts";
import type { Caller, EventBus, GatewayEvent } from "../../contracts/method.ts";
import { errorText } from "../../base/errors.ts";
import { SKIP_ABOVE, type Connection, type EncodedEvent } from "../_socket/connection.ts";

type Payload = Readonly<Record<string, unknown>>;
type Audience = { only?: string; except?: string };

/** Counters that ride on `presence` and `health`. */
export interface StateVersion {
  presence: number;
  health: number;
}

export class Fanout {
  readonly version: StateVersion = { presence: 0, health: 0 };
  readonly #connections: Iterable<Connection>;
  readonly #events: ReadonlyMap<string, GatewayEvent>;
  readonly #log: Log;

  constructor(parts: { connections: Iterable<Connection>; events: readonly GatewayEvent[]; log: Log }) {
    this.#connections = parts.connections;
    this.#events = new Map(parts.events.map((event) => [event.name, event]));
    this.#log = parts.log;
  }

  names(): string[] {
    return [...this.#events.keys()];
  }

  /** Listens to the bus. Returns how to stop. */
  follow(bus: EventBus): () => void {
    return bus.subscribe((event, payload, audience) => this.#publish(event, payload, audience));
  }

  #publish(name: string, payload: Payload, audience: Audience): void {
    const event = this.#events.get(name);
    const stateVersion = this.#bump(name);
    const droppable = isDroppable(event, payload);
    const encodings = new Encodings(name, payload, stateVersion);
    for (const connection of this.#connections) {
      const { caller } = connection;
      if (caller === undefined || !mayReceive(caller, event, payload, audience)) continue;
      if (droppable && connection.buffered > SKIP_ABOVE) {
        connection.skipEvent();
        if (typeof payload["runId"] === "string") connection.missed.add(payload["runId"]);
        continue;
      }
      const unnumbered = audience.only !== undefined && (event?.scope === "target" || caller.role === "node");
      this.#deliver(connection, name, payload, { encodings, unnumbered });
    }
  }

  #deliver(
    connection: Connection,
    name: string,
    payload: Payload,
    { encodings, unnumbered }: { readonly encodings: Encodings; readonly unnumbered: boolean },
  ): void {
    try {
      if (unnumbered) connection.sendUnnumbered(encodings.plain());
      else if (name === "chat" && caughtUp(connection, payload)) connection.sendEvent(encodings.whole());
      else connection.sendEvent(encodings.plain());
    } catch (error) {
      this.#log.error(`the event ${name} could not be sent`, { error: errorText(error) });
    }
  }

  #bump(name: string): StateVersion | undefined {
    if (name !== "presence" && name !== "health") return undefined;
    this.version[name] += 1;
    return { ...this.version };
  }
}

/** The encodings of one event, made when first needed. */
class Encodings {
  readonly #name: string;
  readonly #payload: Payload;
  readonly #stateVersion: StateVersion | undefined;
  #plain: EncodedEvent | undefined;
  #whole: EncodedEvent | undefined;

  constructor(name: string, payload: Payload, stateVersion: StateVersion | undefined) {
    this.#name = name;
    this.#payload = payload;
    this.#stateVersion = stateVersion;
  }

  plain(): EncodedEvent {
    this.#plain ??= this.#encode(this.#payload);
    return this.#plain;
  }

  /** A chat delta for a client that missed some: the text so far in place of what is new. */
  whole(): EncodedEvent {
    this.#whole ??= this.#encode({ ...this.#payload, deltaText: textSoFar(this.#payload), replace: true });
    return this.#whole;
  }

  #encode(payload: Payload): EncodedEvent {
    const version = this.#stateVersion === undefined ? "" : `,"stateVersion":${JSON.stringify(this.#stateVersion)}`;
    return {
      rest: Buffer.from(`"event":${JSON.stringify(this.#name)},"payload":${JSON.stringify(payload)}${version}}`),
    };
  }
}

/** Whether a client may see an event. What nobody declared is for admins only; what is targeted is for its target. */
function mayReceive(caller: Caller, event: GatewayEvent | undefined, payload: Payload, audience: Audience): boolean {
  if (audience.only !== undefined) return audience.only === caller.connId;
  if (audience.except === caller.connId || event?.scope === "target") return false;
  if (event?.scope === "all") return true;
  if (caller.role !== "operator" || !caller.allows(event?.scope ?? "operator.admin")) return false;
  const key = payload["sessionKey"];
  if (event?.subscription === "sessions") return caller.subscriptions.sessions;
  if (event?.subscription === "messages") return typeof key === "string" && caller.subscriptions.messages.has(key);
  const scoped = caller.caps.includes("session-scoped-events") && typeof key === "string";
  return !scoped || caller.subscriptions.messages.has(key);
}

function isDroppable(event: GatewayEvent | undefined, payload: Payload): boolean {
  return typeof event?.droppable === "function" ? event.droppable(payload) : (event?.droppable ?? false);
}

/** Takes note that a client that missed deltas of a run gets the next one, or the end, whole. */
function caughtUp(connection: Connection, payload: Payload): boolean {
  const missed = typeof payload["runId"] === "string" && connection.missed.delete(payload["runId"]);
  return missed && payload["state"] === "delta";
}

function textSoFar(payload: Payload): string {
  const message = payload["message"] as { content?: readonly { text?: string }[] } | undefined;
  return message?.content?.map((part) => part.text ?? "").join("") ?? "";
}
