/** One socket from its upgrade to its end: challenge, handshake within the deadline, then requests. */
import type { RawData } from "ws";
import { errorText } from "../../base/errors.ts";
import type { Log } from "../../base/log.ts";
import { compact } from "../../base/text.ts";
import type { Caller } from "../../contracts/method.ts";
import type { NodeArrivals } from "../../features/nodes/index.ts";
import { callerOf } from "./caller.ts";
import type { Callers } from "../callers.ts";
import type { Connection } from "./connection.ts";
import type { Dispatcher } from "./dispatch.ts";
import { readFrame, type RequestFrame } from "./frames.ts";
import { shakeHands, type Gate, type Login } from "./handshake.ts";
import type { PresenceList } from "../presence.ts";
import { refuse, tooManyConnections, type Refusal } from "./refusals.ts";
import { failure, invalid, success } from "./wire.ts";

const MAX_CONNECTIONS = 2048;
/** From elsewhere; a device on this machine is limited by the total only. */
const MAX_PER_DEVICE = 64;
/** Frames that may wait while a handshake is under way; reading has stopped, so few ever do. */
const MAX_EARLY = 256;
const MAX_BAD_IN_ROW = 10;

export interface DoormanParts {
  readonly gate: Gate;
  readonly dispatcher: Dispatcher;
  readonly presence: PresenceList;
  readonly callers: Callers;
  /** Loaded when the first node comes. */
  readonly nodes: () => Promise<NodeArrivals>;
  readonly log: Log;
  /** Every socket that is open, logged in or not. */
  readonly connections: Set<Connection>;
  readonly hello: (login: Login, caller: Caller) => Promise<Record<string, unknown>>;
}

export class Doorman {
  readonly #parts: DoormanParts;

  constructor(parts: DoormanParts) {
    this.#parts = parts;
  }

  receive(connection: Connection): void {
    const { connections, gate } = this.#parts;
    connections.add(connection);
    connection.onClose(() => void connections.delete(connection));
    const late = gate.clock.timer(gate.settings.handshakeMs, () => connection.close(1000));
    connection.onClose(late);
    const visit = new Visit(this.#parts, connection, late);
    connection.onMessage((data) => visit.message(data));
    const payload = { nonce: connection.nonce, ts: gate.clock.now() };
    connection.send(JSON.stringify({ type: "event", event: "connect.challenge", payload }));
  }
}

class Visit {
  readonly #parts: DoormanParts;
  readonly #connection: Connection;
  readonly #inTime: () => void;
  #phase: "new" | "shaking" | "open" | "refused" = "new";
  readonly #early: RawData[] = [];
  #bad = 0;

  constructor(parts: DoormanParts, connection: Connection, inTime: () => void) {
    this.#parts = parts;
    this.#connection = connection;
    this.#inTime = inTime;
  }

  message(data: RawData): void {
    switch (this.#phase) {
      case "new":
        return this.#first(data);
      case "shaking":
        if (this.#early.push(data) > MAX_EARLY)
          this.#refuse("invalid", refuse(invalid("too many requests before login")));
        return;
      case "open":
        return this.#request(data);
      case "refused":
    }
  }

  #first(data: RawData): void {
    const read = readFrame(data);
    if (read.kind !== "request") return this.#close(1008, "invalid request frame");
    const { frame } = read;
    if (frame.method !== "connect")
      return this.#refuse(frame.id, refuse(invalid("invalid handshake: first request must be connect")));
    this.#phase = "shaking";
    this.#connection.pause();
    this.#shake(frame).catch((error: unknown) => {
      this.#parts.log.error("a handshake failed", { error: errorText(error) });
      this.#refuse(frame.id, refuse({ code: "INTERNAL", message: "Something went wrong inside the gateway." }));
    });
  }

  async #shake(frame: RequestFrame): Promise<void> {
    const { gate, nodes, hello } = this.#parts;
    const gone = () => !this.#connection.open || this.#phase !== "shaking";
    const outcome = await shakeHands(frame.params, this.#connection, gate);
    if (!outcome.ok) return gone() ? undefined : this.#refuse(frame.id, outcome.refusal);
    const { login } = outcome;
    const full = this.#fullFor(login);
    if (full !== undefined && !gone()) return this.#refuse(frame.id, full);
    const caller = callerOf(this.#connection, login);
    const arrivals = caller.role === "node" ? await nodes() : undefined;
    const answer = await hello(login, caller);
    if (gone()) return login.setup && gate.setups.lost(login.setup);
    this.#connection.send(success(frame.id, answer));
    this.#welcome(login, caller);
    arrivals?.arrived(caller, this.#connection.signal);
    if (login.setup !== undefined) gate.setups.completed(login.setup, caller);
    this.#connection.resume();
    for (const data of this.#early.splice(0)) this.#request(data);
  }

  /** From now on it is one of us. */
  #welcome(login: Login, caller: Caller): void {
    this.#inTime();
    this.#phase = "open";
    this.#connection.liftLimit();
    this.#connection.caller = caller;
    this.#register(login);
    this.#connection.onClose(this.#parts.callers.add(caller));
  }

  #request(data: RawData): void {
    const { caller } = this.#connection;
    if (caller === undefined) return;
    const read = readFrame(data);
    if (read.kind === "request") {
      this.#bad = 0;
      void this.#parts.dispatcher.handle(this.#connection, caller, read.frame);
      return;
    }
    const [id, message] =
      read.kind === "noise" ? ["invalid", "invalid request frame: not JSON"] : [read.id, read.message];
    this.#connection.send(failure(id, invalid(message)));
    this.#bad += 1;
    if (this.#bad >= MAX_BAD_IN_ROW) this.#close(1008, "too many invalid frames");
  }

  /** Presence and the device's list of open sockets, until this one closes. */
  #register(login: Login): void {
    const connection = this.#connection;
    const { gate, presence, log } = this.#parts;
    const { client, device } = login.params;
    if (login.deviceId !== undefined) {
      const { deviceId, role } = login;
      const close = () => connection.close(4001, "device removed");
      connection.onClose(gate.desk.sockets.attach({ deviceId, role, close }));
      gate.desk.noteSeen(deviceId, role).then(
        // It may have been removed while it was being let in.
        (known) => known || close(),
        (error: unknown) => log.warn("a device was not noted", { error: errorText(error) }),
      );
    }
    const shown = {
      connId: connection.id,
      host: client.displayName,
      ip: connection.peer.address,
      version: client.version,
      platform: client.platform,
      deviceFamily: client.deviceFamily,
      modelIdentifier: client.modelIdentifier,
      mode: client.mode,
      clientId: client.id,
      instanceId: client.instanceId,
      deviceId: device?.id,
      roles: [login.role],
      scopes: login.scopes,
    };
    const left = presence.arrived(compact(shown));
    if (left !== undefined) connection.onClose(left);
  }

  #fullFor({ deviceId }: Login): Refusal | undefined {
    const { callers, gate } = this.#parts;
    const { peer } = this.#connection;
    const ofDevice = deviceId === undefined || peer.local ? 0 : gate.desk.sockets.count(deviceId);
    return callers.size >= MAX_CONNECTIONS || ofDevice >= MAX_PER_DEVICE ? tooManyConnections() : undefined;
  }

  #refuse(id: string | number, refusal: Refusal): void {
    const { log } = this.#parts;
    log.info("refused a connection", { reason: refusal.error.message, from: this.#connection.peer.address });
    this.#connection.send(failure(id, refusal.error));
    this.#close(refusal.close, refusal.reason);
  }

  #close(code: number, reason: string): void {
    this.#phase = "refused";
    this.#inTime();
    this.#connection.close(code, reason);
  }
}
