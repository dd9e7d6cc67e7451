/** What `chat.send`, `sessions.send`, `sessions.steer` and `sessions.create` share: a message to a known session. */
import type { Address } from "../../../contracts/envelope.ts";
import type { MethodCall } from "../../../contracts/method.ts";
import { compact } from "../../../base/text.ts";
import { StoreToken, TranscriptsToken } from "../../../store/index.ts";
import type { QueueMode, SessionRow } from "../../../store/index.ts";
import { Outbound } from "../../outbound/index.ts";
import { Config } from "../../config/index.ts";
import { Lanes, Sessions, maySend, sessionSection } from "../../sessions/index.ts";
import { handOver, lookUp } from "./calls.ts";
import type { Attachment, Known, Submission } from "./calls.ts";
import { errors } from "../errors.ts";

/** Where these messages come from. */
const WEBCHAT: Address = { channel: "webchat", account: "default", kind: "direct", chat: "operator" };

export interface Send {
  /** Canonical. */
  readonly sessionKey: string;
  readonly runId: string;
  readonly message: string;
  readonly attachments?: readonly Attachment[] | undefined;
  readonly thinking?: string | undefined;
  readonly timeoutMs?: number | undefined;
  readonly deliver?: boolean | undefined;
  readonly queueMode?: QueueMode | undefined;
  /** Newest entry that the sender has seen; null = an empty conversation. */
  readonly expectedLeafEntryId?: string | null | undefined;
  readonly originatingChannel?: string | undefined;
  readonly originatingTo?: string | undefined;
  readonly originatingAccountId?: string | undefined;
  readonly originatingThreadId?: string | undefined;
  readonly plain?: boolean | undefined;
}

/** `status` is `started`, or for a repeated key `in_flight` or `ok`. */
export interface SendAnswer {
  readonly runId: string;
  readonly status: "started" | "in_flight" | "ok";
  readonly interruptedActiveRun?: true;
}

export async function send(call: MethodCall, params: Send): Promise<SendAnswer & Record<string, unknown>> {
  const { sessionKey, runId } = params;
  const sessions = await call.use(Sessions);
  const row = await sessions.get(sessionKey);
  const submission: Submission = compact({
    runId,
    message: params.message,
    sessionKey,
    attachments: params.attachments,
    thinking: params.thinking,
    timeoutMs: params.timeoutMs === 0 ? undefined : params.timeoutMs,
    deliver: params.deliver,
    deliverTo: params.deliver === true ? await route(call, params, row) : undefined,
    plain: params.plain,
    queue: params.queueMode,
  }) as Submission;
  const known = await lookUp(call, submission);
  if (known.state !== "new") return { runId, status: statusOf(known) };
  // What changes the policy must get through.
  const isSwitch = /^\s*\/send\b/i.test(params.message) && params.plain !== true;
  const policy = (await call.use(Config)).current().section(sessionSection).sendPolicy;
  const sending = { sessionKey, address: WEBCHAT, override: row?.entry.sendPolicy };
  if (!isSwitch && !maySend(policy, sending)) throw errors.SEND_POLICY_DENIES();
  if (params.expectedLeafEntryId !== undefined) await checkLeaf(call, row, params.expectedLeafEntryId);
  const interrupted = params.queueMode === "interrupt" && (await call.use(Lanes)).active(sessionKey) !== undefined;
  const { fresh, inboxId } = await handOver(call, submission);
  if (fresh) {
    call.after(async () => {
      const now = await sessions.get(sessionKey);
      if (now) sessions.changed(now, "send");
    });
    return { runId, status: "started", ...(interrupted ? { interruptedActiveRun: true } : {}) };
  }
  // Another call with this key was faster: it is a turn by now, on its way, or a command that was answered at once.
  const now = await lookUp(call, submission);
  if (now.state !== "new") return { runId, status: statusOf(now) };
  const waiting = await (await call.use(StoreToken)).inbox.get(inboxId);
  return { runId, status: waiting?.state === "received" ? "in_flight" : "ok" };
}

async function checkLeaf(call: MethodCall, row: SessionRow | undefined, expected: string | null): Promise<void> {
  const ref = row && { agentId: row.agentId, sessionId: row.entry.sessionId };
  const window = ref && (await (await call.use(TranscriptsToken)).tail(ref, { maxEntries: 1, maxBytes: 1 }));
  if ((window?.entries.at(-1)?.id ?? null) !== expected) throw errors.TRANSCRIPT_MOVED_ON();
}

/** Where the sender came from, else where the session was last talked to; nowhere when neither is known. */
async function route(call: MethodCall, params: Send, row: SessionRow | undefined): Promise<Address | undefined> {
  const { originatingChannel: channel, originatingTo: chat, originatingThreadId: thread } = params;
  const last = row?.entry;
  if (channel === undefined || chat === undefined)
    return last?.lastChannel === undefined || last.lastTo === undefined
      ? undefined
      : {
          channel: last.lastChannel,
          account: last.lastAccountId ?? "default",
          kind: kindOf(last.chatType),
          chat: last.lastTo,
        };
  const account = params.originatingAccountId ?? "default";
  if (!(await call.use(Outbound)).known(channel, account)) throw errors.ORIGIN_UNKNOWN({ channel });
  return { channel, account, kind: kindOf(last?.chatType), chat, ...(thread === undefined ? {} : { thread }) };
}

function kindOf(chatType: string | undefined): Address["kind"] {
  return chatType === "group" || chatType === "channel" ? chatType : "direct";
}

function statusOf(known: Known): "ok" | "in_flight" {
  return known.state === "ended" ? "ok" : "in_flight";
}
