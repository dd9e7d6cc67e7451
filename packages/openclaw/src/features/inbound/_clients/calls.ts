/** What `chat.send` and `agent` share: both hand a message of an authenticated caller to the pipeline. */
import { mimeOf } from "../../../base/file-type.ts";
import { derivedUuid, sha256 } from "../../../base/ids.ts";
import { isBomb, pictureSize } from "../../../base/picture-size.ts";
import { compact } from "../../../base/text.ts";
import type { Address, Envelope, EnvelopePart } from "../../../contracts/envelope.ts";
import type { MethodCall } from "../../../contracts/method.ts";
import { StoreToken } from "../../../store/index.ts";
import type { QueueMode, TurnRow } from "../../../store/index.ts";
import { Agents } from "../../agents/index.ts";
import { Config } from "../../config/index.ts";
import { Media, mediaRef } from "../../media/index.ts";
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
  const parts = await partsOf(call, submission);
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

const MAX_IMAGE_BYTES = 6 * 1024 * 1024;
const MAX_FILE_BYTES = 20_000_000;

/** Files go to the store at once; the message names them. */
async function partsOf(call: MethodCall, submission: Submission): Promise<EnvelopePart[]> {
  const parts: EnvelopePart[] = submission.message.trim() === "" ? [] : [{ type: "text", text: submission.message }];
  const files = (submission.attachments ?? []).map((attachment, i) => checkedFile(attachment, i + 1));
  const media = files.length === 0 ? undefined : await call.use(Media);
  for (const [i, { bytes, told, fileName }] of files.entries()) {
    const id = derivedUuid(`media:webchat:${submission.runId}:${sha256(bytes)}:${i}`);
    const about = compact({ told, fileName, sessionKey: submission.sessionKey });
    const stored = await media?.keep({ id, body: [bytes], maxBytes: MAX_FILE_BYTES, ...about });
    if (stored) parts.push({ type: "file", ref: mediaRef(stored), kind: stored.kind, mimeType: stored.mimeType });
  }
  return parts;
}

/** Throws `CHAT_ATTACHMENT_INVALID` for what nobody should store. */
function checkedFile({ content = "", mimeType, fileName }: Attachment, n: number) {
  const data = content.replace(/^data:[^,]*,/, "");
  const refuse = (reason: string) => errors.CHAT_ATTACHMENT_INVALID({ n, reason });
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(data)) throw refuse("invalid base64 content");
  const bytes = Buffer.from(data, "base64");
  const kind = mimeOf(bytes, "", undefined);
  if (mimeType !== undefined && /^image\/(?:png|jpeg|gif|webp)$/.test(mimeType) && !kind.startsWith("image/"))
    throw refuse(`it is not the picture (${mimeType}) that it is said to be`);
  if (kind.startsWith("image/")) {
    if (bytes.length > MAX_IMAGE_BYTES) throw refuse("larger than 6 MiB");
    const size = pictureSize(bytes);
    if (size && isBomb(size)) throw refuse(`${size.width} × ${size.height} pixels are too many`);
  }
  if (bytes.length > MAX_FILE_BYTES) throw refuse("larger than 20 MB");
  return { bytes, told: mimeType, fileName };
}
