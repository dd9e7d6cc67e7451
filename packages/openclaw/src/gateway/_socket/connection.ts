/** One WebSocket: what may be sent on it, in which order, and how it ends. */
import type { Socket } from "node:net";
import type { RawData, WebSocket } from "ws";
import { cutBytes } from "../../base/text.ts";
import type { Caller } from "../../contracts/method.ts";
import type { Arrival } from "./arrival.ts";
import type { ClientAddress } from "../_auth/client-address.ts";

/** Bytes waiting for a client above which it is dropped. */
export const MAX_BUFFERED = 52_428_800;
/** Above this, what can be skipped is. */
export const SKIP_ABOVE = MAX_BUFFERED / 2;
/** The same before login: a challenge and answers to pings are all there is. */
const MAX_BUFFERED_BEFORE_LOGIN = 262_144;
export const MAX_PAYLOAD = 26_214_400;
export const MAX_PAYLOAD_BEFORE_LOGIN = 65_536;
/** Time that a client has to answer a close before its socket is cut. */
export const CLOSE_GRACE_MS = 1000;

const UNNUMBERED = Buffer.from('{"type":"event",');

/** One event, encoded once for all sockets: everything but its number. */
export interface EncodedEvent {
  /** What follows `{"type":"event","seq":<n>,`. */
  readonly rest: Buffer;
}

export class Connection {
  readonly id: string;
  readonly nonce: string;
  readonly arrival: Arrival;
  readonly #ws: WebSocket;
  readonly #ended = new AbortController();
  /** Runs of which this client missed deltas: the next one is sent whole. */
  readonly missed = new Set<string>();
  /** Present once logged in. */
  caller: Caller | undefined;
  #seq = 0;
  #pings = 0;
  #gathering = false;

  constructor(ws: WebSocket, is: { readonly id: string; readonly nonce: string; readonly arrival: Arrival }) {
    this.#ws = ws;
    this.id = is.id;
    this.nonce = is.nonce;
    this.arrival = is.arrival;
    ws.on("pong", () => void (this.#pings = 0));
    ws.on("ping", (data) => this.#pong(data));
    // A socket error is always followed by `close`, which is what counts.
    ws.on("error", () => {});
    ws.on("close", () => this.#ended.abort());
  }

  get peer(): ClientAddress {
    return this.arrival.peer;
  }

  /** Aborts when the socket is gone. */
  get signal(): AbortSignal {
    return this.#ended.signal;
  }

  get open(): boolean {
    return this.#ws.readyState === this.#ws.OPEN;
  }

  get buffered(): number {
    return this.#ws.bufferedAmount;
  }

  onMessage(listener: (data: RawData) => void): void {
    this.#ws.on("message", listener);
  }

  onClose(listener: () => void): void {
    this.#ws.once("close", listener);
  }

  /** Stops and resumes reading: what comes meanwhile waits in the kernel, not here. */
  pause(): void {
    if (this.open) this.#ws.pause();
  }

  resume(): void {
    this.#ws.resume();
  }

  /** Raises the frame limit from the one before login to the one after. */
  liftLimit(): void {
    // ws takes the limit per server only; its receiver reads this field for every frame.
    // oxlint-disable-next-line no-underscore-dangle -- there is no public way
    const receiver = (this.#ws as unknown as { _receiver?: { _maxPayload: number } })._receiver;
    // oxlint-disable-next-line no-underscore-dangle -- as above
    if (receiver !== undefined) receiver._maxPayload = MAX_PAYLOAD;
  }

  /** Sends a response or an event without a number. */
  send(text: string): void {
    if (!this.open) return;
    this.#ws.send(text);
    this.#checkPace();
  }

  /** Sends a numbered event. */
  sendEvent(event: EncodedEvent): void {
    if (!this.open) return;
    this.#seq += 1;
    this.#gather();
    this.#ws.send(Buffer.concat([Buffer.from(`{"type":"event","seq":${this.#seq},`), event.rest]), { binary: false });
    this.#checkPace();
  }

  /** Sends an event that is for this client alone. */
  sendUnnumbered(event: EncodedEvent): void {
    if (!this.open) return;
    this.#gather();
    this.#ws.send(Buffer.concat([UNNUMBERED, event.rest]), { binary: false });
    this.#checkPace();
  }

  /** Uses up a number without sending, so that the client sees the gap. */
  skipEvent(): void {
    this.#seq += 1;
  }

  /** Pings; cuts the socket when the two before were not answered. */
  ping(): void {
    if (!this.open) return;
    if (this.#pings >= 2) return this.#ws.terminate();
    this.#pings += 1;
    this.#ws.ping();
  }

  /** Closes in order: the peer has a second to answer, then the socket is cut. */
  close(code: number, reason = ""): void {
    this.#ws.close(code, cutBytes(reason, 123));
    // A paused socket would never read the peer's answer.
    this.#ws.resume();
  }

  terminate(): void {
    this.#ws.terminate();
  }

  /** Whoever pings without taking the answers is let go. */
  #pong(data: Buffer): void {
    if (!this.open) return;
    const most = this.caller === undefined ? MAX_BUFFERED_BEFORE_LOGIN : MAX_BUFFERED;
    if (this.buffered > most) this.#ws.terminate();
    else this.#ws.pong(data);
  }

  /** What is sent within one turn of the event loop leaves in one write. */
  #gather(): void {
    if (this.#gathering) return;
    // oxlint-disable-next-line no-underscore-dangle -- there is no public way
    const { _socket: socket } = this.#ws as unknown as { _socket?: Socket | null };
    if (!socket) return;
    this.#gathering = true;
    socket.cork();
    process.nextTick(() => {
      this.#gathering = false;
      socket.uncork();
    });
  }

  #checkPace(): void {
    if (this.buffered > MAX_BUFFERED && this.open) this.close(1008, "slow consumer");
  }
}
