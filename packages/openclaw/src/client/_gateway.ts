/** What a connection is told and what it offers. */
import type { Fault } from "../base/errors.ts";
import type { DeviceIdentity, DeviceStore } from "./_device.ts";
import type { Hello, ParamsOf, PayloadOf, ResultOf } from "./_protocol.ts";
import type { RequestOptions } from "./_requests.ts";
import type { Timers } from "./_timers.ts";
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
  /** Of a page: which build of it runs. */
  readonly buildId?: string;
}

export interface ConnectOptions {
  /** `ws://` or `wss://`. */
  readonly url: string;
  readonly token?: string;
  readonly password?: string;
  /** Of a setup code; used only while there is nothing else. */
  readonly bootstrapToken?: string;
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
