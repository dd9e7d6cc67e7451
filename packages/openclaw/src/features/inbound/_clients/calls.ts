/** What `chat.send` and `agent` share: both hand a message of an authenticated caller to the pipeline. */
import { sha256 } from "../../../base/ids.ts";
import type { Address, Envelope, EnvelopePart } from "../../../contracts/envelope.ts";
import type { MethodCall } from "../../../contracts/method.ts";
import { StoreToken } from "../../../store/index.ts";
import type { QueueMode, TurnRow } from "../../../store/index.ts";
import { Agents } from "../../agents/index.ts";
import { Config } from "../../config/index.ts";
import { canonicalKey, parseKey, sessionSection } from "../../sessions/index.ts";
import { errors } from "../errors.ts";
import { Inbound } from "../index.ts";

export interface Attachment {
  readonly type?: string;
  readonly mimeType?: string;
  readonly fileName?: string;
  readonly content?: string;
}

export interface Submission {
  readonly runId: string;
  readonly message: string;
  readonly sessionKey: string;
  readonly attachments?: readonly Attachment[];
  readonly thinking?: string;
  readonly model?: string;
  readonly timeoutMs?: number;
  readonly deliver?: boolean;
  /** Where the answer goes besides the transcript. */
  readonly deliverTo?: Address;
  readonly extraSystemPrompt?: string;
  /** Text that begins like a command is for the agent all the same. */
  readonly plain?: boolean;
  /** What the message does while a run is under way; as configured when absent. */
  readonly queue?: QueueMode;
  /** The caller waits for an answer of its own: never taken together with other messages. */
  readonly apart?: true;
}

export type Known =
  | { readonly state: "new" }
  | { readonly state: "running" }
  | { readonly state: "ended"; readonly turn: TurnRow };

/**
 * The session a caller means: given key, else the main session of the given or default agent.
 * Throws what `unknown` says for an agent that is not configured.
 */
export async function sessionOf(
  call: MethodCall,
  given: { readonly sessionKey?: string | undefined; readonly agentId?: string | undefined },
  unknown: (params: { id: string }) => Error,
): Promise<string> {
  const [agents, config] = await Promise.all([call.use(Agents), call.use(Config)]);
  const agent = given.agentId === undefined ? agents.default() : agents.get(given.agentId);
  if (!agent) throw unknown({ id: given.agentId ?? "" });
  const key = canonicalKey(given.sessionKey ?? "main", agent.id, config.current().section(sessionSection).mainKey);
  const owner = key === undefined ? undefined : parseKey(key)?.agentId;
  if (key === undefined || (owner !== undefined && !agents.get(owner)))
    throw unknown({ id: owner ?? given.sessionKey ?? "" });
  return key;
}

/** Whether the key was seen before. Throws `CHAT_KEY_REUSED` when it stood for another message. */
export async function lookUp(call: MethodCall, submission: Submission): Promise<Known> {
  const turn = await (await call.use(StoreToken)).turns.get(submission.runId);
  if (!turn) return { state: "new" };
  if (turn.options.fingerprint !== undefined && turn.options.fingerprint !== fingerprint(submission))
    throw errors.CHAT_KEY_REUSED().with({ details: { reason: "chat-request-conflict" } });
  return turn.state === "queued" || turn.state === "running" ? { state: "running" } : { state: "ended", turn };
}

/** Hands the message to the pipeline. `fresh` is false when another call with the same key was faster. */
export async function handOver(call: MethodCall, submission: Submission): Promise<{ fresh: boolean; inboxId: string }> {
  const parts = partsOf(submission);
  if (parts.length === 0) throw errors.CHAT_EMPTY();
  const envelope: Envelope = {
    nativeId: submission.runId,
    address: { channel: "webchat", account: "default", kind: "direct", chat: submission.sessionKey },
    from: { id: call.caller.principal.id },
    parts,
    at: call.platform.clock.now(),
  };
  const { runId, sessionKey, thinking, model, timeoutMs, deliver, deliverTo, extraSystemPrompt, plain } = submission;
  const { queue, apart } = submission;
  const options = {
    runId,
    sessionKey,
    thinking,
    model,
    timeoutMs,
    deliver,
    deliverTo,
    extraSystemPrompt,
    plain,
    queue,
    apart,
    connId: call.caller.connId,
    fingerprint: fingerprint(submission),
  };
  const accepted = await (await call.use(Inbound)).accept(envelope, { principal: call.caller.principal, options });
  return { fresh: accepted.fresh, inboxId: accepted.id };
}

function fingerprint(submission: Submission): string {
  return sha256(
    JSON.stringify([
      submission.sessionKey,
      submission.message,
      submission.attachments?.map((a) => sha256(a.content ?? "")) ?? [],
    ]),
  );
}

const IMAGE_TYPES = new Set(["image/png", "image/jpeg", "image/gif", "image/webp"]);
const MAX_IMAGE_BYTES = 6 * 1024 * 1024;

function partsOf(submission: Submission): EnvelopePart[] {
  const parts: EnvelopePart[] = submission.message.trim() === "" ? [] : [{ type: "text", text: submission.message }];
  for (const [i, attachment] of (submission.attachments ?? []).entries()) {
    const data = (attachment.content ?? "").replace(/^data:[^,]*,/, "");
    if (!/^[A-Za-z0-9+/]+={0,2}$/.test(data))
      throw errors.CHAT_ATTACHMENT_INVALID({ n: i + 1, reason: "invalid base64 content" });
    if (!IMAGE_TYPES.has(attachment.mimeType ?? ""))
      throw errors.CHAT_ATTACHMENT_INVALID({
        n: i + 1,
        reason: `type ${attachment.mimeType ?? "unknown"} is not supported yet`,
      });
    if (data.length * 0.75 > MAX_IMAGE_BYTES)
      throw errors.CHAT_ATTACHMENT_INVALID({ n: i + 1, reason: "larger than 6 MiB" });
    parts.push({
      type: "image",
      data,
      mimeType: attachment.mimeType ?? "image/png",
      ...(attachment.fileName === undefined ? {} : { fileName: attachment.fileName }),
    });
  }
  return parts;
}
