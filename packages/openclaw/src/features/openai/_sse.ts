/**
 * A stream of server-sent events. What the client does not take in time is merged, not queued; a client that
 * takes nothing for a minute is let go, and so is its run.
 */
import type { RouteCall } from "../../contracts/route.ts";

const PING_MS = 15_000;
const STALL_MS = 60_000;

export class EventStream {
  readonly #call: RouteCall;
  readonly #format: (text: string) => string;
  #held = "";
  #blocked = false;
  #cancelPing = () => {};
  #cancelStall = () => {};

  /** `format` makes an event of a piece of text. */
  constructor(call: RouteCall, format: (text: string) => string) {
    this.#call = call;
    this.#format = format;
    const { response } = call;
    response.on("drain", () => this.#drained());
    response.once("close", () => this.#stopTimers());
  }

  /** Headers and the first events. */
  open(first: string): void {
    this.#call.response.writeHead(200, {
      "Content-Type": "text/event-stream; charset=utf-8",
      "Cache-Control": "no-cache",
      "X-Accel-Buffering": "no",
    });
    this.write(first);
  }

  text(delta: string): void {
    if (this.#blocked) this.#held += delta;
    else this.write(this.#format(delta));
  }

  /** Complete events, in order with the text. */
  write(events: string): void {
    const { response } = this.#call;
    if (response.destroyed || response.writableEnded) return;
    this.#expectQuiet();
    if (response.write(this.#taken() + events) || this.#blocked) return;
    this.#blocked = true;
    this.#cancelStall = this.#call.platform.clock.timer(STALL_MS, () => response.destroy());
  }

  end(events: string): void {
    this.#stopTimers();
    this.#call.response.end(this.#taken() + events);
  }

  #taken(): string {
    const held = this.#held;
    this.#held = "";
    return held === "" ? "" : this.#format(held);
  }

  #drained(): void {
    this.#cancelStall();
    this.#blocked = false;
    if (this.#held !== "") this.write("");
  }

  /** Proxies cut connections over which nothing comes. */
  #expectQuiet(): void {
    this.#cancelPing();
    this.#cancelPing = this.#call.platform.clock.timer(PING_MS, () => {
      if (this.#blocked) this.#expectQuiet();
      else this.write(": ping\n\n");
    });
  }

  #stopTimers(): void {
    this.#cancelPing();
    this.#cancelStall();
  }
}
