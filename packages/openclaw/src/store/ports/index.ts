/**
 * What the gateway remembers, as asynchronous interfaces. Every method is atomic and durable: when
 * its promise resolves, the change survives `kill -9`. Nothing above these ports may assume one
 * process or synchronous calls.
 */
import type { Envelope, OutboundMessage, Receipt } from "../contracts/envelope.ts";
import type { Principal } from "../contracts/principal.ts";
import type { Message, Usage } from "../contracts/message.ts";
import type { FailureClass, Sampling, ToolChoice, ToolSchema } from "../contracts/model.ts";

// ---- inbox: what came in -------------------------------------------------------------------

/** Why an inbound message needs nothing more. Kept, so that "why did it not answer?" has an answer. */
export interface InboxOutcome {
  readonly kind: "turn" | "reply" | "ignored" | "dead";
  /** Machine-readable: `dm-policy:disabled`, `pairing:code-sent`, `command:status`, `steered`. */
  readonly reason: string;
  readonly turnId?: string;
}

export interface InboxRow {
  readonly id: string;
  /** `<channel>:<account>`. */
  readonly account: string;
  readonly envelope: Envelope;
  /** Who sent it, when the surface knows better than the envelope (a device of the owner). */
  readonly principal?: Principal;
  /** Wishes of the caller that travel with the message (thinking level, deliver, timeout, queue mode). */
  readonly options?: Readonly<Record<string, unknown>>;
  readonly state: "received" | "done" | "dead";
  readonly outcome?: InboxOutcome;
  readonly attempts: number;
  readonly receivedAt: number;
}

export interface Inbox {
  /** Stores the message once; unique on (account, native id). */
  accept(
    row: Pick<InboxRow, "id" | "account" | "envelope" | "principal" | "options" | "receivedAt">,
  ): Promise<{ accepted: boolean; id: string }>;
  get(id: string): Promise<InboxRow | undefined>;
  /** Rows not done, oldest first. */
  pending(limit: number): Promise<InboxRow[]>;
  /** Done without a turn: ignored, or answered by `posts` (which go to the outbox in the same step). */
  settle(id: string, outcome: InboxOutcome, posts?: readonly NewPost[]): Promise<void>;
  /** Counts by state, for health. */
  counts(): Promise<Record<InboxRow["state"], number>>;
  /** Counts a failed attempt; after `maxAttempts` the row is dead with that reason. */
  fail(id: string, reason: string, maxAttempts: number): Promise<"retry" | "dead">;
}

// ---- turns: what was asked -----------------------------------------------------------------

export type TurnState = "queued" | "running" | "done" | "failed" | "aborted";

export interface TurnRow {
  /** Also the run id on the wire; for `chat.send` the caller's idempotency key. */
  readonly id: string;
  readonly agentId: string;
  readonly sessionKey: string;
  readonly principal: Principal;
  /** What the model is told, as the person wrote it. */
  readonly text: string;
  /** Pictures that came with it. */
  readonly images?: readonly { readonly data: string; readonly mimeType: string }[];
  /** Where the answer goes; absent = nowhere but the transcript. */
  readonly replyTo?: ReplyRoute;
  readonly options: TurnOptions;
  readonly state: TurnState;
  /** How often execution began; more than one means a restart came in between. */
  readonly attempts: number;
  readonly createdAt: number;
  readonly startedAt?: number;
  readonly endedAt?: number;
  /** How it ended, for `agent.wait` and repeated keys. */
  readonly result?: TurnResult;
}

export interface ReplyRoute {
  readonly address: Envelope["address"];
  readonly native?: Envelope["native"];
  readonly replyTo?: string;
}

export interface TurnOptions {
  readonly thinking?: string;
  readonly model?: string;
  /** `model` may be an id that its provider does not list. */
  readonly anyModel?: boolean;
  readonly timeoutMs?: number;
  readonly deliver?: boolean;
  readonly extraSystemPrompt?: string;
  /** Connection that asked and wants tool events. */
  readonly connId?: string;
  /** Digest of everything the caller sent, to tell a repeat from a conflict. */
  readonly fingerprint?: string;
  /**
   * The conversation as the caller holds it, up to `text`; where `text` is empty it ends with results of the
   * caller's tools. What the transcript knows of it is not written again.
   */
  readonly conversation?: readonly Message[];
  /** Tools that the caller runs: a call of one of them ends the run. */
  readonly clientTools?: readonly ToolSchema[];
  readonly toolChoice?: ToolChoice;
  readonly sampling?: Sampling;
  /** How long the run may wait, in all, to ask a model again that failed; 0 = not at all. */
  readonly patienceMs?: number;
  /** Nobody wrote: the turn tells the session what waits in its system events. Why it was started. */
  readonly wake?: string;
}

export interface TurnResult {
  readonly status: "ok" | "error" | "aborted" | "timeout";
  readonly stopReason: string;
  /** Visible reply texts, in order. */
  readonly texts: readonly string[];
  /** Calls of the caller's own tools, with which the run ended. */
  readonly calls?: readonly ClientCall[];
  readonly error?: {
    readonly code: string;
    readonly message: string;
    /** HTTP status of the fault; absent for mistakes of ours. */
    readonly status?: number;
    /** What the model's side said, when it was that. */
    readonly failure?: { readonly class: FailureClass; readonly status?: number; readonly retryAfterMs?: number };
  };
  readonly usage: Usage;
  readonly provider?: string;
  readonly model?: string;
  readonly sessionId: string;
  readonly durationMs: number;
  /** What was written, for the books: answers of the model, and calls of each tool. */
  readonly counts?: { readonly assistant: number; readonly tools: Readonly<Record<string, number>> };
}

export interface ClientCall {
  readonly id: string;
  readonly name: string;
  /** As the model wrote them: JSON, as a rule. */
  readonly arguments: string;
}

export type NewTurn = Pick<
  TurnRow,
  "id" | "agentId" | "sessionKey" | "principal" | "text" | "images" | "replyTo" | "options" | "createdAt"
>;

export interface Turns {
  /**
   * Queues a turn and settles the inbox rows it came from, in one step.
   * A known id queues nothing and returns what is known.
   */
  submit(turn: NewTurn, inboxIds: readonly string[]): Promise<{ created: boolean; turn: TurnRow }>;
  get(id: string): Promise<TurnRow | undefined>;
  /** Queued and running turns of one session or all, oldest first. */
  open(sessionKey?: string): Promise<TurnRow[]>;
  /** Marks the turn as running and counts the attempt. Undefined when it is not open any more. */
  begin(id: string, at: number): Promise<TurnRow | undefined>;
  /**
   * Ends it: state, result, outbox rows, the session's accounting and the usage books, in one step. Pictures and
   * what the caller brought along are forgotten: the transcript has them.
   */
  finish(
    id: string,
    end: {
      readonly state: "done" | "failed" | "aborted";
      readonly at: number;
      readonly result: TurnResult;
      readonly posts: readonly NewPost[];
      readonly session?: SessionPatch;
    },
  ): Promise<void>;
  /**
   * Removes ended turns older than `before`, at most `limit`; keeps their ids for 10 minutes at least.
   * Messages that are done and posts that are sent go with the same age, at most `limit` of each; dead ones stay.
   */
  prune(before: number, limit: number): Promise<number>;
}

// ---- outbox: what is to be said ------------------------------------------------------------

export interface NewPost {
  /** Idempotency key; a known key is not posted again. */
  readonly key: string;
  readonly address: OutboundMessage["address"];
  readonly text: string;
  readonly replyTo?: string;
  readonly native?: OutboundMessage["native"];
  readonly turnId?: string;
  /** Order within the conversation. */
  readonly at: number;
  /** The transcript itself is the delivery (web chat): stored as sent. */
  readonly delivered?: boolean;
}

export type PostState = "pending" | "sending" | "sent" | "dead";

export interface PostRow extends NewPost {
  readonly id: number;
  readonly state: PostState;
  /** A platform call was under way when the process died, or ended without an answer. */
  readonly maybeSent: boolean;
  readonly attempts: number;
  readonly notBefore: number;
  readonly error?: string;
  readonly receipt?: Receipt;
}

export interface Outbox {
  post(posts: readonly NewPost[]): Promise<void>;
  /** The rows of these keys that are known, by id. */
  find(keys: readonly string[]): Promise<PostRow[]>;
  /** Rows to send for one account, in order of conversation and id. */
  due(account: string, now: number, limit: number): Promise<PostRow[]>;
  /** When the next row of one account that is held back beyond `now` may be tried; undefined when none is. */
  heldUntil(account: string, now: number): Promise<number | undefined>;
  /** Marks the platform call as begun. */
  sending(id: number): Promise<void>;
  sent(id: number, receipt: Receipt): Promise<void>;
  /** Puts it back (`notBefore`) or gives up (`dead`). `maybeSent` is sticky. */
  failed(
    id: number,
    outcome: { readonly error: string; readonly maybeSent: boolean; readonly retryAt?: number },
  ): Promise<void>;
  /** At start: calls that were under way become pending with `maybeSent`. Returns how many. */
  recover(): Promise<number>;
  /** Counts by state, for health. */
  counts(): Promise<Record<PostState, number>>;
}

// ---- sessions ------------------------------------------------------------------------------

/** The documented entry of `sessions.json`; unknown fields survive. */
export interface SessionEntry {
  readonly sessionId: string;
  readonly updatedAt: number;
  readonly sessionStartedAt?: number;
  readonly lastInteractionAt?: number;
  readonly label?: string;
  readonly displayName?: string;
  readonly chatType?: string;
  readonly channel?: string;
  readonly lastChannel?: string;
  readonly lastTo?: string;
  readonly lastAccountId?: string;
  readonly thinkingLevel?: string;
  readonly verboseLevel?: string;
  readonly reasoningLevel?: string;
  readonly sendPolicy?: string;
  readonly providerOverride?: string;
  readonly modelOverride?: string;
  readonly modelOverrideSource?: string;
  readonly modelProvider?: string;
  readonly model?: string;
  readonly contextTokens?: number;
  readonly inputTokens?: number;
  readonly outputTokens?: number;
  readonly totalTokens?: number;
  readonly cacheRead?: number;
  readonly cacheWrite?: number;
  readonly estimatedCostUsd?: number;
  readonly abortedLastRun?: boolean;
  readonly pinned?: boolean;
  readonly archived?: boolean;
  readonly lifecycleRevision?: number;
  readonly createdAt?: number;
  readonly [field: string]: unknown;
}

export interface SessionRow {
  readonly key: string;
  readonly agentId: string;
  readonly entry: SessionEntry;
}

/** `null` clears a field. `bump` adds to number fields. */
export interface SessionPatch {
  readonly set: Readonly<Record<string, unknown>>;
  readonly bump?: Readonly<Record<string, number>>;
}

export interface SessionFilter {
  readonly agentId?: string;
  readonly activeSince?: number;
  readonly updatedBefore?: number;
  readonly label?: string;
  readonly search?: string;
  readonly archived?: boolean | "all";
  /** Only these agents. */
  readonly agents?: readonly string[];
  readonly spawnedBy?: string;
  readonly pinned?: boolean;
  /** Kinds of keys to leave out. */
  readonly without?: readonly ("global" | "unknown" | "subagents")[];
  /** Newest first by this; default `updatedAt`. */
  readonly sortBy?: "updatedAt" | "createdAt";
  readonly limit: number;
  readonly offset: number;
}

export interface Sessions {
  get(key: string): Promise<SessionRow | undefined>;
  /** Creates the row unless it exists; returns what is stored. */
  ensure(row: SessionRow): Promise<{ created: boolean; row: SessionRow }>;
  /** Applies a patch; undefined when there is no such row. Rejects a label that another row of the agent has. */
  patch(key: string, patch: SessionPatch): Promise<SessionRow | undefined>;
  /** Newest first, with the number of rows that match. */
  list(filter: SessionFilter): Promise<{ rows: SessionRow[]; total: number }>;
  delete(key: string): Promise<SessionRow | undefined>;
}

// ---- system events -------------------------------------------------------------------------

/** A line that waits until the session's next turn is told. */
export interface SystemEventRow {
  readonly id: string;
  readonly sessionKey: string;
  readonly text: string;
  readonly by: Principal;
  readonly at: number;
}

export interface SystemEventQueue {
  /**
   * Adds a line; of more than `cap` lines of a session the oldest go. `coalesced` when the newest one says
   * the same with the same authority: nothing is added then.
   */
  add(row: SystemEventRow, cap: number): Promise<"queued" | "coalesced">;
  /** Lines of one session or all, oldest first. */
  waiting(sessionKey?: string): Promise<SystemEventRow[]>;
  remove(ids: readonly string[]): Promise<void>;
  /** Drops the lines of a session that are older than `before`. */
  drop(sessionKey: string, before: number): Promise<void>;
}

// ---- usage: what models cost ---------------------------------------------------------------

/** What the turns of one session used with one model within a quarter of an hour. */
export interface UsageRow {
  /** Beginning of the quarter, Unix epoch milliseconds. */
  readonly at: number;
  readonly agentId: string;
  readonly sessionKey: string;
  readonly sessionId: string;
  readonly provider: string;
  readonly model: string;
  /** `webchat`, `telegram`, … where the question came from; empty when nowhere. */
  readonly channel: string;
  readonly turns: number;
  readonly errors: number;
  readonly assistant: number;
  readonly tools: Readonly<Record<string, number>>;
  readonly usage: Usage;
  /** Turns that used tokens of unknown price. */
  readonly unpriced: number;
}

export interface UsageBooks {
  /** Rows of `since` up to, not including, `until`, oldest first. */
  read(filter: {
    readonly since: number;
    readonly until: number;
    readonly agentId?: string;
    readonly sessionKey?: string;
  }): Promise<UsageRow[]>;
}

// ---- devices, pairing, small things --------------------------------------------------------

export interface DeviceToken {
  readonly role: string;
  readonly scopes: readonly string[];
  /** Raised at every rotation, revocation or scope change; part of the token's derivation. */
  readonly generation: number;
  readonly createdAtMs: number;
  readonly rotatedAtMs?: number;
  readonly revokedAtMs?: number;
  readonly lastUsedAtMs?: number;
  /** SHA-256 of a bearer that an earlier installation gave out; good until this token changes. */
  readonly importedDigest?: string;
}

export interface DeviceRow {
  readonly deviceId: string;
  readonly publicKey: string;
  readonly displayName?: string;
  readonly label?: string;
  readonly platform: string;
  readonly deviceFamily?: string;
  readonly clientId: string;
  readonly clientMode: string;
  readonly roles: readonly string[];
  readonly scopes: readonly string[];
  readonly remoteIp?: string;
  readonly approvedVia: "silent" | "owner" | "bootstrap" | "trusted-cidr";
  readonly createdAtMs: number;
  readonly approvedAtMs: number;
  readonly lastSeenAtMs: number;
  readonly tokens: readonly DeviceToken[];
}

export interface DeviceRequest {
  readonly requestId: string;
  readonly deviceId: string;
  readonly publicKey: string;
  readonly displayName?: string;
  readonly platform: string;
  readonly deviceFamily?: string;
  readonly clientId: string;
  readonly clientMode: string;
  readonly role: string;
  readonly scopes: readonly string[];
  readonly remoteIp?: string;
  readonly isRepair: boolean;
  readonly ts: number;
}

export interface Devices {
  get(deviceId: string): Promise<DeviceRow | undefined>;
  put(row: DeviceRow): Promise<void>;
  remove(deviceId: string): Promise<boolean>;
  list(): Promise<DeviceRow[]>;
  requests(): Promise<DeviceRequest[]>;
  putRequest(request: DeviceRequest): Promise<void>;
  removeRequest(requestId: string): Promise<boolean>;
}

export interface PairingRequest {
  readonly channel: string;
  readonly account: string;
  /** Normalised sender id. */
  readonly senderId: string;
  readonly code: string;
  readonly createdAt: number;
  readonly lastSeenAt: number;
  readonly meta: Readonly<Record<string, string>>;
}

export interface Kv {
  get(space: string, key: string): Promise<string | undefined>;
  set(space: string, key: string, value: string): Promise<void>;
  delete(space: string, key: string): Promise<void>;
  list(space: string): Promise<{ key: string; value: string }[]>;
}

export interface AuditRow {
  readonly at: number;
  readonly actor: string;
  readonly action: string;
  readonly target: string;
  readonly verdict: "allow" | "ask" | "deny";
  /** The rule that decided, by name. */
  readonly rule: string;
  readonly data?: Readonly<Record<string, unknown>>;
}

export interface Audit {
  /** May be batched: durable within a second. */
  record(row: AuditRow): void;
  recent(limit: number): Promise<AuditRow[]>;
}

export interface Store {
  readonly inbox: Inbox;
  readonly turns: Turns;
  readonly outbox: Outbox;
  readonly sessions: Sessions;
  readonly systemEvents: SystemEventQueue;
  readonly usage: UsageBooks;
  readonly devices: Devices;
  readonly kv: Kv;
  readonly audit: Audit;
  /** Bytes and schema version, for health. */
  info(): Promise<{ readonly path: string; readonly bytes: number; readonly schema: string }>;
  close(): Promise<void>;
}
