/** RPC methods and gateway events, declared once; dispatcher, scopes, types and docs are derived. */
import type { Fault } from "../base/errors.ts";
import type { Principal } from "./principal.ts";
import type { Platform, Use } from "./service.ts";
import type { Static, TSchema } from "./schema.ts";

export type OperatorScope =
  | "operator.read"
  | "operator.write"
  | "operator.admin"
  | "operator.approvals"
  | "operator.pairing"
  | "operator.questions"
  | "operator.talk"
  | "operator.talk.secrets";

/** What a client says of itself at login. Display text, except where a device proof binds it. */
export interface ClientDescription {
  readonly version: string;
  readonly platform: string;
  readonly displayName?: string;
  readonly deviceFamily?: string;
  readonly modelIdentifier?: string;
  readonly instanceId?: string;
}

/** The connection a call came in on, as far as methods may know it. */
export interface Caller {
  readonly connId: string;
  readonly principal: Principal;
  readonly role: "operator" | "node";
  readonly scopes: readonly string[];
  readonly clientId: string;
  readonly clientMode: string;
  readonly client: ClientDescription;
  readonly caps: readonly string[];
  /** Node commands that it says it can run; what it may run is for the policy. */
  readonly commands: readonly string[];
  /** Permissions that the operating system gave a node, by name. */
  readonly permissions: Readonly<Record<string, boolean>>;
  /** `PATH` of a node. */
  readonly pathEnv?: string;
  readonly protocol: number;
  readonly deviceId?: string;
  /** How it proved itself: `token`, `password`, `none`, `device-token`, `bootstrap-token`, `trusted-proxy`, `tailscale`. */
  readonly authMethod: string;
  /** Authenticated by the device's own token rather than the shared secret. */
  readonly byDeviceToken: boolean;
  readonly remoteAddress: string;
  readonly local: boolean;
  /** Whether `scope` is held, implied scopes included. */
  allows(scope: OperatorScope): boolean;
  /** Event subscriptions of this connection; they end with it. */
  readonly subscriptions: { sessions: boolean; readonly messages: Set<string> };
}

export interface MethodCall {
  readonly caller: Caller;
  readonly use: Use;
  readonly platform: Platform;
  /** Aborts when the connection closes. Runs do not end with it. */
  readonly signal: AbortSignal;
  /** Sends a first response now; the returned value becomes the second (`agent`). */
  acknowledge(payload: unknown): void;
  /** Runs `work` after the response has been written to the socket. Errors are logged. */
  after(work: () => void | Promise<void>): void;
}

export interface Method<P extends TSchema = TSchema, R extends TSchema = TSchema> {
  readonly name: string;
  /** `none`: any authenticated connection. `node`: only connections with role node. */
  readonly scope: OperatorScope | "none" | "node";
  /** One sentence for the reference. */
  readonly summary: string;
  /** Closed object. Absent params count as `{}`. */
  readonly params: P;
  /** Unknown keys are ignored instead of refused (documented for a few methods). */
  readonly open?: boolean;
  /** Shape of the result, for clients and docs; results are checked in tests. */
  readonly result: R;
  /** Looks at the params before they are checked: what the protocol says first, if anything. */
  readonly first?: (params: Readonly<Record<string, unknown>>) => Fault | undefined;
  /** A scope that depends on the params, checked in addition to `scope`. */
  readonly scopeFor?: (params: Static<P>) => OperatorScope;
  /** Not in the discovery list of hello-ok, but callable. */
  readonly hidden?: boolean;
  run(call: MethodCall, params: Static<P>): Promise<Static<R>> | Static<R>;
}

export function defineMethod<P extends TSchema, R extends TSchema>(method: Method<P, R>): Method {
  return method as unknown as Method;
}

export interface GatewayEvent<S extends TSchema = TSchema> {
  readonly name: string;
  readonly summary: string;
  /**
   * Who may receive it. `all`: every authenticated socket, nodes too · `target`: only the connection that it is
   * published to by `only`. An event for a node, or of scope `target`, has no `seq` on the wire.
   */
  readonly scope: OperatorScope | "all" | "target";
  /** Needs `sessions.subscribe`, or `sessions.messages.subscribe` for the payload's `sessionKey`. */
  readonly subscription?: "sessions" | "messages";
  /** May be skipped for a socket that is slow; a function where that depends on the payload. */
  readonly droppable?: boolean | ((payload: Readonly<Record<string, unknown>>) => boolean);
  readonly payload: S;
}

export function defineEvent<S extends TSchema>(event: GatewayEvent<S>): GatewayEvent {
  return event as unknown as GatewayEvent;
}

/** Gateway events inside the process: surfaces subscribe, features publish and never listen. */
export interface EventBus {
  /**
   * Publishes to every surface. `only` restricts it to one connection (`connId`), whatever the scope of the
   * event: whoever publishes has judged that it may have it. `except` leaves one out. Never throws, never waits.
   */
  publish(
    event: string,
    payload: Readonly<Record<string, unknown>>,
    audience?: { only?: string; except?: string },
  ): void;
  subscribe(
    listener: (
      event: string,
      payload: Readonly<Record<string, unknown>>,
      audience: { only?: string; except?: string },
    ) => void,
  ): () => void;
}
