/** One socket from opening to the end: challenge, `connect`, then frames. It never reconnects. */
import { Fault } from "../base/errors.ts";
import { errors } from "./errors.ts";
import { faultOf, parseFrame } from "./_wire.ts";
import type { EventFrame, Frame, ResponseFrame } from "./_wire.ts";
import type { Challenge, Hello } from "./_protocol.ts";
import type { Timers } from "./_timers.ts";

export interface SocketOptions {
  readonly url: string;
  readonly timers: Timers;
  readonly WebSocket: typeof WebSocket;
  /** Params of `connect` for this challenge. */
  connectParams(challenge: Challenge): Promise<Readonly<Record<string, unknown>>>;
  onResponse(frame: ResponseFrame): void;
  onEvent(frame: EventFrame): void;
  /** Anything arrived. */
  onTraffic(): void;
  /** Once, after `hello` has resolved: the socket has ended. */
  onEnd(reason: Fault): void;
}

export interface Socket {
  /** Rejects with the refusal, or with why there was no answer. */
  readonly hello: Promise<Hello>;
  send(text: string): void;
  /** Ends the socket at once for this side, whether or not the other answers. */
  close(code: number, reason: string): void;
}

const HANDSHAKE_MS = 15_000;
const CONNECT_ID = "connect";

export function openSocket(options: SocketOptions): Socket {
  const { promise: hello, resolve, reject } = Promise.withResolvers<Hello>();
  const socket = new options.WebSocket(options.url);
  let stage: "login" | "open" | "ended" = "login";
  const cancel = options.timers.timer(HANDSHAKE_MS, () => {
    end(
      errors.GATEWAY_HANDSHAKE_TIMEOUT({ url: options.url, seconds: HANDSHAKE_MS / 1000 }),
      4000,
      "handshake timeout",
    );
  });

  /** Detaches from the socket first: a dead network may never deliver its close. */
  function end(reason: Fault, code: number, text: string): void {
    if (stage === "ended") return;
    const before = stage;
    stage = "ended";
    cancel();
    socket.onmessage = socket.onclose = socket.onerror = null;
    // A socket that fails later still raises an error event; nobody is interested any more.
    socket.onerror = () => {};
    if (socket.readyState < 2) socket.close(code, text);
    if (before === "login") reject(reason);
    else options.onEnd(reason);
  }

  async function answer(challenge: Challenge): Promise<void> {
    try {
      const params = await options.connectParams(challenge);
      if (stage === "login") socket.send(JSON.stringify({ type: "req", id: CONNECT_ID, method: "connect", params }));
    } catch (error) {
      end(error as Fault, 1000, "");
    }
  }

  function login(frame: Frame): void {
    if (frame.type === "event" && frame.event === "connect.challenge") void answer(frame.payload as Challenge);
    if (frame.type !== "res" || frame.id !== CONNECT_ID) return;
    if (!frame.ok) return end(faultOf(frame.error), 1000, "connect failed");
    stage = "open";
    cancel();
    resolve(frame.payload as Hello);
  }

  socket.onmessage = (message) => {
    options.onTraffic();
    const frame = parseFrame(message.data);
    if (frame === undefined) return;
    if (stage === "login") login(frame);
    else if (frame.type === "res") options.onResponse(frame);
    else options.onEvent(frame);
  };
  socket.onclose = (event) => {
    const unreachable = stage === "login" && event.code === 1006;
    end(
      unreachable
        ? errors.GATEWAY_UNREACHABLE({ url: options.url })
        : errors.GATEWAY_CONNECTION_LOST({ code: event.code, reason: event.reason }),
      1000,
      "",
    );
  };
  // The close event follows and says more, unless the connection was refused on this side.
  socket.onerror = (event) => {
    const { error } = event as Event & { error?: unknown };
    if (error instanceof Fault) end(error, 1000, "");
  };

  return {
    hello,
    send: (text) => socket.send(text),
    close: (code, reason) => end(errors.GATEWAY_CONNECTION_LOST({ code, reason }), code, reason),
  };
}
