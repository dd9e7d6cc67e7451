/**
 * A connection to the gateway that keeps itself alive. In order, for each attempt:
 *   1 socket and challenge     `_socket.ts`
 *   2 identity and credential  `_login.ts`
 *   3 open: requests, events; silence for two ticks closes with 4000
 *   4 after the end: wait with backoff and begin again, or stop when only the user can help
 * Requests that wait when a socket ends are rejected, never repeated: the caller knows what is safe.
 */
import { Fault, errorText } from "../base/errors.ts";
import { errors } from "./errors.ts";
import { backoffMs } from "./_backoff.ts";
import { afterRefusal } from "./_credentials.ts";
import type { Auth } from "./_credentials.ts";
import type { ConnectOptions, ConnectionState, Gateway } from "./_gateway.ts";
import { keepToken, loginFor, mayHoldSecrets } from "./_login.ts";
import type { Hello, ParamsOf, PayloadOf, ResultOf } from "./_protocol.ts";
import { Requests } from "./_requests.ts";
import type { RequestOptions } from "./_requests.ts";
import { openSocket } from "./_socket.ts";
import type { Socket } from "./_socket.ts";
import { realTimers } from "./_timers.ts";
import type { Timers } from "./_timers.ts";
import { preciseCode } from "./_wire.ts";
import type { EventFrame } from "./_wire.ts";

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
        const login = await loginFor(this.#options, challenge, this.#triedStored);
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
      await keepToken(this.#options, hello);
    } catch (error) {
      if (this.#state.phase !== "connecting") return;
      await this.#refused(error instanceof Fault ? error : unexpected(error), used);
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

function unexpected(error: unknown): Fault {
  return errors.GATEWAY_NOT_CONNECTED().with({ details: { cause: errorText(error) }, cause: error });
}
