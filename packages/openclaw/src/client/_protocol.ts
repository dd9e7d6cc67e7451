/** Shapes on the wire that clients read: the handshake, rows, messages, and the methods and events by name. */
import type { Part, Usage } from "../contracts/message.ts";

export interface Challenge {
  readonly nonce: string;
  /** Server time, epoch ms. */
  readonly ts: number;
}

export interface Hello {
  readonly protocol: number;
  readonly server: { readonly version: string; readonly connId: string; readonly bootId?: string };
  readonly features: { readonly methods: readonly string[]; readonly events: readonly string[] };
  readonly snapshot: {
    readonly uptimeMs?: number;
    readonly sessionDefaults?: {
      readonly defaultAgentId?: string;
      readonly mainKey?: string;
      readonly mainSessionKey?: string;
    };
  };
  readonly auth: {
    readonly method?: string;
    readonly role: string;
    readonly scopes: readonly string[];
    readonly deviceToken?: string;
    /** For further roles, after a setup code. */
    readonly deviceTokens?: readonly {
      readonly deviceToken: string;
      readonly role: string;
      readonly scopes: readonly string[];
    }[];
  };
  readonly policy: { readonly maxPayload: number; readonly maxBufferedBytes: number; readonly tickIntervalMs: number };
}

/** A session as lists and events show it. Only what clients here read. */
export interface SessionRow {
  readonly key: string;
  readonly kind: "direct" | "group" | "global" | "unknown";
  readonly agentId: string;
  readonly sessionId?: string;
  readonly label?: string;
  readonly displayName?: string;
  readonly derivedTitle?: string;
  readonly lastMessagePreview?: string;
  readonly subject?: string;
  readonly channel?: string;
  readonly updatedAt: number | null;
  readonly modelProvider: string;
  readonly model: string;
  readonly totalTokens?: number;
  readonly contextTokens?: number;
  readonly hasActiveRun: boolean;
  readonly activeRunIds?: readonly string[] | null;
  readonly pinned?: boolean;
  readonly unread?: boolean;
  readonly isMain?: boolean;
  /** Key of the session that started this one as its helper. */
  readonly spawnedBy?: string;
  /** Equal to `sessionId`: the conversation was taken back at some time, so that it may have branches. */
  readonly branchedSessionId?: string;
  readonly modelOverrideSource?: string;
  readonly thinkingLevel?: string;
  readonly thinkingLevels?: readonly { readonly id: string; readonly label: string }[];
  readonly thinkingDefault?: string;
  readonly verboseLevel?: string;
  readonly reasoningLevel?: string;
  readonly responseUsage?: string;
  readonly queueMode?: string;
  /** The newest run that has ended, and why it failed. */
  readonly lastRunId?: string;
  readonly lastRunError?: string | null;
}

/** A message as history and events carry it. */
export interface WireMessage {
  readonly role: "user" | "assistant" | "toolResult" | "system";
  readonly content: string | readonly Part[];
  readonly timestamp: number;
  readonly idempotencyKey?: string;
  readonly provider?: string;
  readonly model?: string;
  readonly usage?: Usage;
  readonly stopReason?: string;
  readonly errorMessage?: string;
  readonly toolCallId?: string;
  readonly toolName?: string;
  readonly isError?: boolean;
  readonly details?: unknown;
  readonly openclawAbort?: { readonly aborted?: boolean };
  /** Written by another session, not by a person. */
  readonly provenance?: { readonly sourceSessionKey?: string; readonly sourceTool?: string };
  readonly __openclaw?: {
    readonly id?: string;
    readonly seq?: number;
    readonly runId?: string;
    readonly kind?: string;
    readonly truncated?: boolean;
  };
}

/** Where what came before was summarised for the model. */
export interface Compaction {
  readonly id: string;
  /** The message that it stands after; null at the top of the page. */
  readonly afterId: string | null;
  /** Epoch ms. */
  readonly at: number;
  readonly summary: string;
  readonly tokensBefore: number;
  readonly tokensAfter?: number;
}

/** A branch of a conversation. */
export interface Branch {
  /** Its newest message. */
  readonly id: string;
  readonly active: boolean;
  readonly updatedAt: number;
  readonly preview: string;
  /** The last message that it shares with the active one. */
  readonly forkId: string | null;
  /** Its first message after that. */
  readonly firstId?: string;
  readonly firstAt?: number;
}

export interface History {
  readonly sessionKey: string;
  readonly sessionId?: string;
  /** Oldest first. */
  readonly messages: readonly WireMessage[];
  readonly compactions?: readonly Compaction[];
  readonly hasMore?: boolean;
  readonly nextOffset?: number | null;
  readonly totalMessages?: number;
  readonly sessionInfo?: SessionRow;
  readonly inFlightRun?: { readonly runId: string; readonly text?: string; readonly startedAt?: number };
}

export interface ChatEvent {
  readonly runId: string;
  readonly sessionKey: string;
  readonly seq: number;
  readonly state: "delta" | "final" | "aborted" | "error" | "status";
  /** Cumulative for a delta. Absent in a final: nothing visible here, read the history. */
  readonly message?: { readonly role: string; readonly content: string | readonly Part[]; readonly timestamp?: number };
  readonly deltaText?: string;
  readonly replace?: boolean;
  readonly stopReason?: string;
  readonly errorMessage?: string;
  readonly phase?: string;
}

export interface AgentEvent {
  readonly runId: string;
  readonly sessionKey?: string;
  readonly seq: number;
  readonly stream: string;
  readonly ts: number;
  readonly data: Readonly<Record<string, unknown>>;
}

export interface SessionMessageEvent {
  readonly sessionKey: string;
  readonly message: WireMessage;
  readonly messageId?: string;
  readonly messageSeq?: number;
}

export interface SessionsChangedEvent {
  readonly sessionKey: string;
  readonly reason?: string;
  readonly phase?: string;
  readonly runId?: string;
  readonly session?: SessionRow;
}

export interface SendResult {
  readonly runId?: string;
  readonly status?: "started" | "in_flight" | "ok";
  readonly ok?: boolean;
  readonly aborted?: boolean;
}

interface Call<P, R> {
  readonly params: P;
  readonly result: R;
}
type Open = Readonly<Record<string, unknown>>;

/** A message that was found. */
export interface SaidRow {
  /** Absent when it is not known any more. */
  readonly sessionKey?: string;
  readonly sessionId: string;
  readonly entryId: string;
  readonly role: "user" | "assistant" | "tool";
  readonly timestamp: number;
  readonly excerpt: string;
  /** Where the words stand in the excerpt: start and length. */
  readonly matches: readonly (readonly [number, number])[];
  /** Said before the conversation was reset or archived. */
  readonly archived: boolean;
  readonly title?: string;
}

/** Methods with known shapes; any other name takes and gives `unknown`. */
export interface Methods {
  "sessions.list": Call<
    Open,
    {
      readonly sessions: readonly SessionRow[];
      readonly totalCount?: number;
      readonly hasMore?: boolean;
      readonly defaults?: { readonly modelProvider?: string | null; readonly model?: string | null };
    }
  >;
  "sessions.search": Call<
    { readonly query: string } & Open,
    { readonly results: readonly SaidRow[]; readonly complete: boolean; readonly nextCursor: string | null }
  >;
  "sessions.create": Call<Open, { readonly ok: true; readonly key: string; readonly sessionId: string }>;
  "sessions.patch": Call<{ readonly key: string } & Open, { readonly ok: true; readonly key: string }>;
  "sessions.reset": Call<
    { readonly key: string; readonly reason?: "new" | "reset" },
    { readonly ok: boolean; readonly key: string }
  >;
  "sessions.delete": Call<
    { readonly key: string; readonly deleteTranscript?: boolean },
    { readonly ok: boolean; readonly deleted: boolean }
  >;
  "sessions.rewind": Call<
    { readonly key: string; readonly messageId: string; readonly before?: boolean },
    { readonly ok: true; readonly key: string }
  >;
  "sessions.fork": Call<
    { readonly key: string; readonly messageId?: string; readonly label?: string },
    { readonly ok: true; readonly key: string; readonly sessionId: string; readonly messages: number }
  >;
  "sessions.branches.list": Call<{ readonly key: string }, { readonly branches: readonly Branch[] }>;
  "sessions.branches.switch": Call<
    { readonly key: string; readonly branchId: string },
    { readonly ok: true; readonly key: string }
  >;
  "sessions.compact": Call<
    { readonly key: string; readonly instructions?: string },
    {
      readonly ok: true;
      readonly compacted: boolean;
      readonly reason?: string;
      readonly result?: { readonly tokensBefore: number; readonly tokensAfter: number };
    }
  >;
  "sessions.subscribe": Call<Open, { readonly subscribed: boolean }>;
  "sessions.messages.subscribe": Call<{ readonly key: string }, { readonly subscribed: boolean }>;
  "sessions.messages.unsubscribe": Call<{ readonly key: string }, { readonly subscribed: boolean }>;
  "chat.history": Call<{ readonly sessionKey: string; readonly limit?: number; readonly offset?: number }, History>;
  "chat.send": Call<
    { readonly sessionKey: string; readonly message: string; readonly idempotencyKey: string } & Open,
    SendResult
  >;
  "chat.abort": Call<
    { readonly sessionKey: string; readonly runId?: string },
    { readonly ok: boolean; readonly aborted: boolean; readonly runIds: readonly string[] }
  >;
  "agents.list": Call<
    Open,
    {
      readonly defaultId: string;
      readonly agents: readonly {
        readonly id: string;
        readonly name?: string;
        readonly identity?: { readonly name?: string; readonly emoji?: string };
      }[];
    }
  >;
}

export interface Events {
  chat: ChatEvent;
  agent: AgentEvent;
  "session.message": SessionMessageEvent;
  "session.tool": AgentEvent;
  "sessions.changed": SessionsChangedEvent;
  shutdown: { readonly reason?: string; readonly restartExpectedMs?: number };
  tick: { readonly ts: number };
}

export type ParamsOf<M extends string> = M extends keyof Methods ? Methods[M]["params"] : unknown;
export type ResultOf<M extends string> = M extends keyof Methods ? Methods[M]["result"] : unknown;
export type PayloadOf<E extends string> = E extends keyof Events ? Events[E] : unknown;
