/** The one place from which WebSockets leave. */
import type { IncomingMessage } from "node:http";
import type { TcpSocketConnectOpts } from "node:net";
import type { ClientOptions, RawData, WebSocket } from "ws";
import { legalUrl } from "./egress.ts";
import type { Egress, Resolve } from "./egress.ts";
import { Fault, errorText, systemCode } from "./errors.ts";
import { errors } from "./faults.ts";
import { legalHeaders } from "./headers.ts";
import type { Log } from "./log.ts";
import type { Clock } from "./time.ts";

export interface SocketOptions {
  readonly headers?: Readonly<Record<string, string>>;
  readonly protocols?: readonly string[];
  /** Ends the connection, also one that is open. */
  readonly signal?: AbortSignal;
  /** Until the other side has agreed. */
  readonly connectTimeoutMs: number;
  /** Bytes of one message, and of all that wait unread; more ends the connection. */
  readonly maxMessageBytes: number;
  /** As for `Fetch`; `ws:` counts as `http:`, `wss:` as `https:`. */
  readonly egress: Egress;
}

export interface Socket {
  /**
   * What comes, in its order: text as a string, everything else as bytes. Ends when the other side closes in order;
   * fails with `SOCKET_CLOSED`, `FETCH_FAILED`, `FETCH_TOO_LARGE` or the signal's reason. For one reader.
   */
  readonly messages: AsyncIterable<string | Uint8Array>;
  /** Resolves once it was handed to the system; rejects with `SOCKET_CLOSED`. */
  send(data: string | Uint8Array): Promise<void>;
  /** Says goodbye; messages that were read already stay readable. Safe to repeat. */
  close(code?: number): void;
}

/**
 * Egress-guarded WebSocket: the address is judged as that of a request is, DNS is pinned to what was checked,
 * redirects are refused. Rejects with `FETCH_HEADER`, `EGRESS_REFUSED`, `FETCH_TIMEOUT`, the signal's reason, or `FETCH_FAILED`: in its
 * details the system's code as `systemCode`, or the `status` and `date` of an HTTP answer.
 */
export type Connect = (url: string, options: SocketOptions) => Promise<Socket>;

export interface ConnectDeps {
  readonly clock: Clock;
  readonly log: Log;
  /** All addresses of a name; the system's resolver unless given. */
  readonly resolve?: Resolve;
}

const CLOSE_MS = 2000;

export function createConnect({ clock, log, resolve }: ConnectDeps): Connect {
  return async (given, options) => {
    options.signal?.throwIfAborted();
    const egress = asHttpEgress(options.egress);
    const url = legalUrl(asHttp(given), egress);
    const [{ WebSocket: Client }, { checkedLookup, systemResolve }] = await Promise.all([
      import("ws"),
      import("./fetch-transport.ts"),
    ]);
    options.signal?.throwIfAborted();
    // The type does not tell of the look-up; it is handed on to the connection.
    const settings: ClientOptions & Pick<TcpSocketConnectOpts, "lookup"> = {
      headers: legalHeaders(options.headers, url.host),
      maxPayload: options.maxMessageBytes,
      followRedirects: false,
      perMessageDeflate: false,
      lookup: checkedLookup(egress, resolve ?? systemResolve),
    };
    const client = new Client(asWs(url), [...(options.protocols ?? [])], settings);
    client.binaryType = "nodebuffer";
    // It listens from the first moment: a message may come together with the agreement.
    const open = new Open(client, { ...options, clock, host: url.host });
    await agreed(client, { ...options, clock, host: url.host });
    log.debug("socket opened", { host: url.host });
    return open;
  };
}

function asHttp(url: string): string {
  return url.replace(/^ws(s?):/i, "http$1:");
}

function asWs(url: URL): string {
  return url.href.replace(/^http/, "ws");
}

function asHttpEgress(egress: Egress): Egress {
  return egress === "public" ? egress : { origin: asHttp(egress.origin) };
}

type Wait = Pick<SocketOptions, "connectTimeoutMs" | "signal"> & { readonly host: string; readonly clock: Clock };

/** Resolves when the other side speaks the protocol. */
function agreed(client: WebSocket, { connectTimeoutMs, signal, host, clock }: Wait): Promise<void> {
  return new Promise((resolve, reject) => {
    const fail = (error: unknown) => {
      settle();
      reject(error);
      client.terminate();
    };
    const stop = () => fail(signal?.reason);
    const cancel = clock.timer(connectTimeoutMs, () => fail(errors.FETCH_TIMEOUT({ host, ms: connectTimeoutMs })));
    const settle = () => {
      cancel();
      signal?.removeEventListener("abort", stop);
    };
    signal?.addEventListener("abort", stop, { once: true });
    client.once("error", (error) => fail(failure(error, host)));
    client.once("unexpected-response", (_, answer) => {
      answer.destroy();
      fail(refusal(answer, host));
    });
    client.once("open", () => {
      settle();
      resolve();
    });
  });
}

function refusal({ statusCode = 0, headers }: IncomingMessage, host: string): Fault {
  const reason = `it answered the handshake with HTTP ${statusCode}`;
  return errors.FETCH_FAILED({ host, reason }).with({ details: { status: statusCode, date: headers.date } });
}

/** What an error of the connection means to the caller. */
function failure(error: unknown, host: string): Fault {
  if (error instanceof Fault) return error;
  const code = systemCode(error) ?? systemCode((error as { errors?: unknown[] }).errors?.[0]);
  const reason = errorText(error) === "" ? (code ?? "no connection") : errorText(error);
  return errors.FETCH_FAILED({ host, reason }).with({ cause: error, details: { systemCode: code } });
}

type OpenOptions = SocketOptions & { readonly host: string; readonly clock: Clock };

/** What waits unread is bounded by slowing the other side down. */
class Open implements Socket {
  readonly #client: WebSocket;
  readonly #options: OpenOptions;
  readonly #waiting: (string | Uint8Array)[] = [];
  #waitingBytes = 0;
  #ended: { readonly error?: unknown } | undefined;
  #wake = (): void => {};
  readonly #stop = (): void => this.#end({ error: this.#options.signal?.reason });

  constructor(client: WebSocket, options: OpenOptions) {
    this.#client = client;
    this.#options = options;
    client.on("message", (data, isBinary) => this.#take(data, isBinary));
    client.on("error", (error) => this.#end({ error: this.#meaning(error) }));
    client.on("close", (code) => this.#end(code === 1000 || code === 1005 ? {} : { error: this.#closed(code) }));
    options.signal?.addEventListener("abort", this.#stop, { once: true });
  }

  get messages(): AsyncIterable<string | Uint8Array> {
    return { [Symbol.asyncIterator]: () => this.#read() };
  }

  async *#read(): AsyncGenerator<string | Uint8Array, void> {
    for (;;) {
      const next = this.#waiting.shift();
      if (next !== undefined) {
        this.#waitingBytes -= next.length;
        if (this.#client.isPaused && this.#waitingBytes < this.#options.maxMessageBytes) this.#client.resume();
        yield next;
      } else if (this.#ended) {
        if ("error" in this.#ended) throw this.#ended.error;
        return;
      } else await new Promise<void>((resolve) => (this.#wake = resolve));
    }
  }

  send(data: string | Uint8Array): Promise<void> {
    return new Promise((resolve, reject) => {
      if (this.#client.readyState !== this.#client.OPEN) return reject(this.#closed(1006));
      this.#client.send(data, (error) => (error ? reject(this.#closed(1006)) : resolve()));
    });
  }

  close(code = 1000): void {
    if (this.#client.readyState >= this.#client.CLOSING) return;
    // Whoever slowed the other side down would never read its goodbye.
    this.#client.resume();
    this.#client.close(code);
    const cancel = this.#options.clock.timer(CLOSE_MS, () => this.#client.terminate());
    this.#client.once("close", cancel);
  }

  #take(data: RawData, isBinary: boolean): void {
    if (this.#ended) return;
    const bytes = data as Buffer;
    const message = isBinary ? new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length) : bytes.toString("utf8");
    this.#waiting.push(message);
    this.#waitingBytes += message.length;
    if (this.#waitingBytes >= this.#options.maxMessageBytes) this.#client.pause();
    this.#wake();
  }

  #end(how: { readonly error?: unknown }): void {
    if (this.#ended) return;
    this.#ended = how;
    this.#options.signal?.removeEventListener("abort", this.#stop);
    if ("error" in how) this.#client.terminate();
    this.#wake();
  }

  #meaning(error: unknown): unknown {
    const { host, maxMessageBytes } = this.#options;
    return systemCode(error) === "WS_ERR_UNSUPPORTED_MESSAGE_LENGTH"
      ? errors.FETCH_TOO_LARGE({ host, maxBytes: maxMessageBytes })
      : failure(error, host);
  }

  #closed(code: number): Fault {
    return errors.SOCKET_CLOSED({ host: this.#options.host, code });
  }
}
