/**
 * A connection to the gateway that keeps itself alive. In order, for each attempt:
 *   1 socket and challenge     `_socket.ts`
 *   2 identity and credential  `_device.ts`, `_credentials.ts`
 *   3 open: requests, events; silence for two ticks closes with 4000
 *   4 after the end: wait with backoff and begin again, or stop when only the user can help
 * Requests that wait when a socket ends are rejected, never repeated: the caller knows what is safe.
 */
import { Fault, errorText } from "../base/errors.ts";
import { errors } from "./errors.ts";
import { backoffMs } from "./_backoff.ts";
import { afterRefusal, chooseAuth } from "./_credentials.ts";
import type { Auth } from "./_credentials.ts";
import { prove } from "./_device.ts";
import type { DeviceIdentity, DeviceStore, DeviceToken } from "./_device.ts";
import type { Challenge, Hello, ParamsOf, PayloadOf, ResultOf } from "./_protocol.ts";
import { Requests } from "./_requests.ts";
import type { RequestOptions } from "./_requests.ts";
import { openSocket } from "./_socket.ts";
import type { Socket } from "./_socket.ts";
import { realTimers } from "./_timers.ts";
import type { Timers } from "./_timers.ts";
import { preciseCode } from "./_wire.ts";
import type { EventFrame } from "./_wire.ts";

export interface ClientInfo {
  /** One of the protocol's client ids. */
  readonly id: string;
  readonly mode: string;
  readonly version: string;
  readonly platform: string;
  readonly displayName?: string;
  readonly deviceFamily?: string;
  readonly instanceId?: string;
}

export interface ConnectOptions {
  /** `ws://` or `wss://`. */
  readonly url: string;
  readonly token?: string;
  readonly password?: string;
  /** An identity to prove; without it the store's, if any. */
  readonly device?: DeviceIdentity;
  /** Where identity and device tokens are kept. Without store and device the client connects with the secret alone. */
  readonly store?: DeviceStore;
  readonly client: ClientInfo;
  readonly role?: "operator" | "node";
  readonly scopes?: readonly string[];
  readonly caps?: readonly string[];
  /** Further params of `connect` (`commands`, `locale`, …). */
  readonly extra?: Readonly<Record<string, unknown>>;
  /** Default true. Without it the first end of the socket is the last. */
  readonly reconnect?: boolean;
  readonly timers?: Timers;
  readonly WebSocket?: typeof WebSocket;
}

export type ConnectionState =
  | { readonly phase: "connecting"; readonly attempt: number }
  | { readonly phase: "open"; readonly hello: Hello }
  /** The next attempt comes by itself at `retryAt` (epoch ms). */
  | { readonly phase: "waiting"; readonly retryAt: number; readonly error: Fault }
  /** No further attempt: closed by the caller (no error), or only the user can help. */
  | { readonly phase: "closed"; readonly error?: Fault };

export interface Gateway {
  readonly state: ConnectionState;
  /** Of the newest successful login. */
  readonly hello: Hello | undefined;
  /** The first login; rejects when the connection is given up. */
  ready(): Promise<Hello>;
  /** Rejects with a `Fault`: `code`, `details`, `retryable`; `GATEWAY_NOT_CONNECTED` unless the phase is `open`. */
  request<M extends string>(method: M, params?: ParamsOf<M>, options?: RequestOptions): Promise<ResultOf<M>>;
  /** Events by name; the returned function ends it. */
  on<E extends string>(event: E, listen: (payload: PayloadOf<E>, frame: EventFrame) => void): () => void;
  onState(listen: (state: ConnectionState) => void): () => void;
  /** Events were lost: read again what they would have told. */
  onGap(listen: () => void): () => void;
  /** Skips a wait. */
  retryNow(): void;
  close(): void;
}

const DEFAULT_TICK_MS = 30_000;

export function connect(options: ConnectOptions): Gateway {
  return new Connection(options);
}

class Connection implements Gateway {
  readonly #options: ConnectOptions;
  readonly #timers: Timers;
  readonly #requests: Requests;
  readonly #listeners = new Map<string, Set<(payload: never, frame: EventFrame) => void>>();
  readonly #stateListeners = new Set<(state: ConnectionState) => void>();
  readonly #gapListeners = new Set<() => void>();
  readonly #ready = Promise.withResolvers<Hello>();
  #state: ConnectionState = { phase: "connecting", attempt: 0 };
  #hello: Hello | undefined;
  #socket: Socket | undefined;
  #cancelWait = () => {};
  #cancelWatch = () => {};
  #heardAt = 0;
  #seq = 0;
  #failures = 0;
  #triedStored = false;

  constructor(options: ConnectOptions) {
    this.#options = options;
    this.#timers = options.timers ?? realTimers;
    this.#requests = new Requests(this.#timers);
    this.#ready.promise.catch(() => {});
    void this.#attempt();
  }

  get state(): ConnectionState {
    return this.#state;
  }

  get hello(): Hello | undefined {
    return this.#hello;
  }

  ready(): Promise<Hello> {
    return this.#ready.promise;
  }

  async request<M extends string>(method: M, params?: ParamsOf<M>, options: RequestOptions = {}): Promise<ResultOf<M>> {
    const socket = this.#socket;
    if (this.#state.phase !== "open" || socket === undefined) throw errors.GATEWAY_NOT_CONNECTED();
    return (await this.#requests.start(method, params, options, (text) => socket.send(text))) as ResultOf<M>;
  }

  on<E extends string>(event: E, listen: (payload: PayloadOf<E>, frame: EventFrame) => void): () => void {
    const set = this.#listeners.get(event) ?? new Set();
    this.#listeners.set(event, set);
    set.add(listen);
    return () => void set.delete(listen);
  }

  onState(listen: (state: ConnectionState) => void): () => void {
    this.#stateListeners.add(listen);
    return () => void this.#stateListeners.delete(listen);
  }

  onGap(listen: () => void): () => void {
    this.#gapListeners.add(listen);
    return () => void this.#gapListeners.delete(listen);
  }

  retryNow(): void {
    if (this.#state.phase !== "waiting") return;
    this.#cancelWait();
    void this.#attempt();
  }

  close(): void {
    if (this.#state.phase === "closed") return;
    this.#stop(undefined);
    this.#socket?.close(1000, "");
  }

  async #attempt(): Promise<void> {
    this.#become({ phase: "connecting", attempt: this.#failures });
    this.#seq = 0;
    let used: Auth = {};
    const socket = openSocket({
      url: this.#options.url,
      timers: this.#timers,
      WebSocket: this.#options.WebSocket ?? globalThis.WebSocket,
      connectParams: async (challenge) => {
        const login = await this.#login(challenge);
        used = login.auth;
        return login.params;
      },
      onResponse: (frame) => this.#requests.settle(frame),
      onEvent: (frame) => this.#deliver(frame),
      onTraffic: () => {
        this.#heardAt = this.#timers.now();
      },
      onEnd: (reason) => this.#ended(reason),
    });
    this.#socket = socket;
    try {
      const hello = await socket.hello;
      if (this.#state.phase !== "connecting") return;
      this.#opened(hello);
      await this.#keep(hello);
    } catch (error) {
      if (this.#state.phase !== "connecting") return;
      await this.#refused(error instanceof Fault ? error : unexpected(error), used);
    }
  }

  /** Params of `connect`, signed where there is a device. */
  async #login(challenge: Challenge): Promise<{ auth: Auth; params: Readonly<Record<string, unknown>> }> {
    const { client, token, password, store, role = "operator", extra } = this.#options;
    const device = this.#options.device ?? (await store?.identity());
    const kept = device === undefined ? undefined : await store?.token(this.#options.url, role);
    const given = { ...(token === undefined ? {} : { token }), ...(password === undefined ? {} : { password }) };
    const auth = chooseAuth(given, kept?.token, this.#triedStored);
    const scopes = auth.deviceToken === undefined ? (this.#options.scopes ?? []) : scopesOf(kept, this.#options.scopes);
    const proof =
      device === undefined
        ? {}
        : {
            device: await prove(device, {
              clientId: client.id,
              clientMode: client.mode,
              role,
              scopes,
              signedAt: challenge.ts,
              token: auth.token ?? auth.deviceToken ?? "",
              nonce: challenge.nonce,
              platform: client.platform,
              deviceFamily: client.deviceFamily ?? "",
            }),
          };
    const caps = this.#options.caps ?? [];
    return { auth, params: { minProtocol: 3, maxProtocol: 4, client, role, scopes, caps, auth, ...proof, ...extra } };
  }

  async #keep(hello: Hello): Promise<void> {
    const { store, url } = this.#options;
    const token = hello.auth.deviceToken;
    if (store === undefined || token === undefined) return;
    try {
      const kept = await store.token(url, hello.auth.role);
      // lint-allow compare: this device's own token and its own copy of it
      if (kept?.token !== token) await store.keepToken(url, hello.auth.role, { token, scopes: hello.auth.scopes });
    } catch {
      // A full or read-only disk costs the next login its device token, not this connection.
    }
  }

  #opened(hello: Hello): void {
    this.#hello = hello;
    this.#failures = 0;
    this.#triedStored = false;
    this.#become({ phase: "open", hello });
    this.#ready.resolve(hello);
    this.#watch(2 * (hello.policy?.tickIntervalMs ?? DEFAULT_TICK_MS));
  }

  /** Closes a socket that has been silent for `limitMs`. */
  #watch(limitMs: number): void {
    this.#cancelWatch();
    const wait = Math.max(0, this.#heardAt + limitMs - this.#timers.now());
    this.#cancelWatch = this.#timers.timer(wait, () => {
      if (this.#timers.now() - this.#heardAt >= limitMs) this.#socket?.close(4000, "tick timeout");
      else this.#watch(limitMs);
    });
  }

  #deliver(frame: EventFrame): void {
    if (frame.seq !== undefined) {
      const lost = frame.seq > this.#seq + 1;
      this.#seq = frame.seq;
      if (lost) for (const listen of this.#gapListeners) listen();
    }
    const listeners = this.#listeners.get(frame.event);
    if (listeners !== undefined) for (const listen of listeners) listen(frame.payload as never, frame);
  }

  #ended(reason: Fault): void {
    this.#cancelWatch();
    this.#requests.rejectAll(reason);
    if (this.#state.phase !== "open") return;
    if (this.#options.reconnect === false) this.#stop(reason);
    else this.#wait(reason);
  }

  async #refused(refusal: Fault, used: Auth): Promise<void> {
    const { store, url, role = "operator" } = this.#options;
    const code = preciseCode(refusal);
    if (code === "AUTH_DEVICE_TOKEN_MISMATCH" && used.deviceToken !== undefined)
      await store?.keepToken(url, role, undefined);
    const mayUseStored =
      refusal.details?.["canRetryWithDeviceToken"] === true && used.token !== undefined && !this.#triedStored;
    if (mayUseStored && mayHoldSecrets(url) && (await store?.token(url, role)) !== undefined) {
      this.#triedStored = true;
      return this.#attempt();
    }
    const next = afterRefusal(refusal);
    if (next.do === "stop" || this.#options.reconnect === false) this.#stop(refusal);
    else this.#wait(refusal, next.afterMs);
  }

  #wait(error: Fault, afterMs?: number): void {
    const ms = afterMs ?? backoffMs(this.#failures, this.#timers.random());
    this.#failures += 1;
    this.#cancelWait = this.#timers.timer(ms, () => void this.#attempt());
    this.#become({ phase: "waiting", retryAt: this.#timers.now() + ms, error });
  }

  #stop(error: Fault | undefined): void {
    this.#cancelWait();
    this.#cancelWatch();
    this.#become(error === undefined ? { phase: "closed" } : { phase: "closed", error });
    this.#ready.reject(error ?? errors.GATEWAY_NOT_CONNECTED());
  }

  #become(state: ConnectionState): void {
    this.#state = state;
    for (const listen of this.#stateListeners) listen(state);
  }
}

/** A stored token carries what was approved; asking for more would be refused. */
function scopesOf(kept: DeviceToken | undefined, wanted: readonly string[] | undefined): readonly string[] {
  return kept?.scopes ?? wanted ?? [];
}

function unexpected(error: unknown): Fault {
  return errors.GATEWAY_NOT_CONNECTED().with({ details: { cause: errorText(error) }, cause: error });
}

/** A device token is only offered unasked where nobody in between can read it. */
function mayHoldSecrets(url: string): boolean {
  const { protocol, hostname } = new URL(url);
  return protocol === "wss:" || ["localhost", "127.0.0.1", "[::1]"].includes(hostname);
}
