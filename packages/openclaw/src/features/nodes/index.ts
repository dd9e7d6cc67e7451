/** The door of nodes: devices that lend the gateway their commands. */
import { token } from "../../contracts/service.ts";
import type { Caller } from "../../contracts/method.ts";

/** A node as lists show it. `caps` and `commands` are what may be used now. */
export interface NodeView {
  readonly nodeId: string;
  readonly displayName?: string;
  readonly platform: string;
  readonly version: string;
  readonly deviceFamily?: string;
  readonly modelIdentifier?: string;
  readonly remoteIp?: string;
  readonly clientId: string;
  readonly clientMode: string;
  readonly caps: readonly string[];
  readonly commands: readonly string[];
  readonly permissions?: Readonly<Record<string, boolean>>;
  readonly pathEnv?: string;
  readonly paired: boolean;
  readonly connected: boolean;
  readonly connectedAtMs?: number;
  readonly lastConnectedAtMs?: number;
  readonly lastSeenAtMs?: number;
  readonly lastSeenReason?: string;
  readonly approvedAtMs?: number;
  readonly approvalState: "approved" | "pending-approval";
  readonly pendingRequestId?: string;
  readonly pendingDeclaredCaps?: readonly string[];
  readonly pendingDeclaredCommands?: readonly string[];
}

export interface InvokeOptions {
  readonly nodeId: string;
  readonly command: string;
  readonly params?: unknown;
  /** What is sent in place of `params`, worked out when nothing else keeps the command from being sent. */
  readonly prepare?: () => unknown;
  readonly timeoutMs: number;
  /** With `by`, what makes a repeat of the same call. */
  readonly idempotencyKey: string;
  /** Whoever asks: principal and id. */
  readonly by: string;
}

export interface NodeArrivals {
  /** A node has logged in; `gone` aborts when its socket closes. Returns at once. */
  arrived(caller: Caller, gone: AbortSignal): void;
}

export interface NodesService extends NodeArrivals {
  /** Its device was removed: the record and what it asked for go too. */
  forget(nodeId: string): Promise<void>;
  /** Approved nodes and connected ones, connected ones first, then by name. */
  list(): readonly NodeView[];
  get(nodeId: string): NodeView | undefined;
  /**
   * Runs a command on a connected node. Throws `NODE_NOT_PAIRED`, `NODE_NOT_CONNECTED`,
   * `NODE_COMMAND_NOT_ALLOWED`, `NODE_TIMEOUT`, `NODE_COMMAND_FAILED`, …
   */
  invoke(options: InvokeOptions): Promise<{ readonly payload: unknown; readonly payloadJSON: string | null }>;
}

export const Nodes = token<NodesService>("nodes");
