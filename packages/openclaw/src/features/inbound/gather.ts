/**
 * Between hops 4 and 5: the files of a message whose sender may talk are fetched, once, and looked at; what came of
 * it goes on with the message. A file that cannot be had is a note in the text: the message runs all the same. The
 * files stand in the store under ids of their own, so a second attempt fetches and pays nothing again.
 */
import { derivedUuid } from "../../base/ids.ts";
import { errorData, errorText } from "../../base/errors.ts";
import { compact } from "../../base/text.ts";
import { ChannelError } from "../../contracts/channel.ts";
import { envelopeText } from "../../contracts/envelope.ts";
import type { EnvelopePart, FilePart } from "../../contracts/envelope.ts";
import { Models } from "../../models/index.ts";
import { Media, mediaRef, sizeText } from "../media/index.ts";
import type { MediaService, StoredMedia, Understood } from "../media/index.ts";
import { channelSetting } from "../outbound/index.ts";
import type { PipelineDeps } from "./pipeline.ts";
import type { Routed } from "./route.ts";

/** What a message carries besides its words. */
export interface Gathered {
  /** Lines before the words: what is attached, and what could not be had. */
  readonly notes: readonly string[];
  /** Somebody wrote words with them. */
  readonly isCaptioned: boolean;
  /** What was understood of the files, as blocks; the words stand in them. */
  readonly understood?: Understood;
}

export type WithMedia = Routed & { readonly media?: Gathered };

const MEGABYTE = 1024 * 1024;
const DOWNLOAD_MS = 60_000;
const ATTEMPTS = 3;
const PAUSE_MS = 1000;
/** The turn does not wait longer for the echo to be sent. */
const ECHO_MS = 3000;

export function hasFiles({ row }: Routed): boolean {
  return row.envelope.parts.some(({ type }) => type !== "text");
}

export async function gather(deps: PipelineDeps, routed: Routed): Promise<WithMedia> {
  const { envelope } = routed.row;
  const media = await deps.use(Media);
  const outcomes = await Promise.all(
    envelope.parts.map(async (part, nth) =>
      part.type === "text" ? undefined : take(deps, media, { routed, part, nth }),
    ),
  );
  const files = outcomes.flatMap((one) => (one !== undefined && "file" in one ? [one.file] : []));
  const { seesImages, provider } = await answering(deps, routed);
  const caption = envelopeText(envelope).trim();
  const { address } = envelope;
  const understood = await media.understand(files, {
    config: deps.config.current(),
    agentId: routed.agentId,
    sessionKey: routed.sessionKey,
    channel: address.channel,
    chatType: address.kind,
    seesImages,
    ...compact({ provider }),
    values: valuesOf(routed, caption),
    signal: deps.closing,
  });
  const shown = await Promise.all(files.map((file) => shownAs(deps, routed, { media, file, seesImages })));
  const failed = outcomes.flatMap((one) => (one !== undefined && "note" in one ? [one.note] : []));
  const notes = [...failed, ...shown.flatMap(({ note }) => note ?? [])];
  const words = caption === "" ? (understood?.transcript ?? "") : envelopeText(envelope);
  const parts: EnvelopePart[] = [
    ...(words === "" ? [] : [{ type: "text" as const, text: words }]),
    ...shown.flatMap(({ part }) => part),
  ];
  const row = { ...routed.row, envelope: { ...envelope, parts } };
  if (understood !== undefined) await tell(deps, routed, understood);
  return { ...routed, row, media: { notes, isCaptioned: caption !== "", ...compact({ understood }) } };
}

/** The message as the agent reads it; `words`: what is left of those that were written, or spoken. */
export function withMedia(words: string, { notes, isCaptioned, understood }: Gathered): string {
  const body = understood?.body(isCaptioned ? words : "") ?? words;
  return [...notes, body === "" ? words : body].filter((part) => part.trim() !== "").join("\n");
}

interface Taking {
  readonly routed: Routed;
  readonly part: Exclude<EnvelopePart, { readonly type: "text" }>;
  readonly nth: number;
}

type Taken = { readonly file: StoredMedia } | { readonly note: string };

async function take(deps: PipelineDeps, media: MediaService, { routed, part, nth }: Taking): Promise<Taken> {
  const { account, envelope } = routed.row;
  const id = derivedUuid(`media:${account}:${envelope.nativeId}:${nth}`);
  try {
    const known = await media.find(part.type === "file" && part.ref.startsWith("media://") ? part.ref : id);
    if (known) return { file: known };
    if (part.type === "image") return { file: await keepInline(media, part, { id, sessionKey: routed.sessionKey }) };
    return { file: await fetched(deps, media, { routed, part, id }) };
  } catch (error) {
    deps.closing.throwIfAborted();
    deps.platform.log
      .for("inbound")
      .warn("a file of a message was left out", { inbox: routed.row.id, error: errorText(error) });
    return { note: `[media omitted: ${errorData(error).message.replace(/\.$/, "")}]` };
  }
}

function keepInline(
  media: MediaService,
  { data, mimeType, fileName }: Extract<EnvelopePart, { readonly type: "image" }>,
  its: { readonly id: string; readonly sessionKey: string },
): Promise<StoredMedia> {
  const bytes = Buffer.from(data, "base64");
  return media.keep({ ...its, body: [bytes], maxBytes: bytes.length, told: mimeType, ...compact({ fileName }) });
}

async function fetched(
  deps: PipelineDeps,
  media: MediaService,
  { routed, part, id }: { readonly routed: Routed; readonly part: FilePart; readonly id: string },
): Promise<StoredMedia> {
  const { address } = routed.row.envelope;
  const config = deps.config.current();
  const megabytes = channelSetting(config, address, "mediaMaxMb") ?? config.at("agents.defaults.mediaMaxMb") ?? 5;
  const maxBytes = Math.floor(Number(megabytes) * MEGABYTE);
  if (part.bytes !== undefined && part.bytes > maxBytes) throw media.tooLarge(part.bytes, maxBytes);
  for (let attempt = 1; ; attempt += 1) {
    try {
      const late = new AbortController();
      const cancel = deps.platform.clock.timer(DOWNLOAD_MS, () =>
        late.abort(new Error("it took longer than a minute")),
      );
      const signal = AbortSignal.any([deps.closing, late.signal]);
      try {
        const download = await deps.outbound.download(address, part.ref, { maxBytes, signal });
        const { kind, isVoice, durationMs, mimeType } = part;
        const told = download.mimeType === "application/octet-stream" ? mimeType : (download.mimeType ?? mimeType);
        const more = compact({
          told,
          fileName: part.fileName ?? download.fileName,
          expected: kind,
          isVoice,
          durationMs,
          sessionKey: routed.sessionKey,
        });
        return await media.keep({ id, body: download.body, maxBytes, ...more });
      } finally {
        cancel();
      }
    } catch (error) {
      const again = attempt < ATTEMPTS && mayWork(error);
      if (!again) throw error;
      await deps.platform.clock.sleep(PAUSE_MS * attempt, deps.closing);
    }
  }
}

/** The connection broke, or was not there: it may be there in a moment. */
function mayWork(error: unknown): boolean {
  if (error instanceof ChannelError) return error.kind === "network" || error.kind === "rate_limit";
  return !["INBOUND_TOO_LARGE", "INBOUND_NO_MEDIA", "FETCH_TOO_LARGE"].includes(errorData(error).code);
}

interface Showing {
  readonly media: MediaService;
  readonly file: StoredMedia;
  readonly seesImages: boolean;
}

/** A picture for a model that sees; a line with its path or reference for everything else. */
async function shownAs(
  deps: PipelineDeps,
  routed: Routed,
  { media, file, seesImages }: Showing,
): Promise<{ part: readonly EnvelopePart[]; note?: string }> {
  const ref: EnvelopePart = {
    type: "file",
    ref: mediaRef(file),
    ...compact({ mimeType: file.mimeType, fileName: file.fileName, isVoice: file.isVoice }),
  };
  const about = `(${file.mimeType}, ${sizeText(file.bytes)})`;
  if (file.kind === "image" && !seesImages)
    return { part: [ref], note: `[media attached: ${mediaRef(file)} ${about}]` };
  let picture: EnvelopePart | undefined;
  let reason = "";
  if (file.kind === "image") {
    try {
      const { data, mimeType } = await media.fit(await media.read(file));
      picture = { type: "image", data: Buffer.from(data).toString("base64"), mimeType };
    } catch (error) {
      reason = `[media omitted: ${errorData(error).message.replace(/\.$/, "")}]\n`;
    }
  }
  // In a chat with this installation the picture itself stands beside the words.
  if (picture && routed.row.envelope.address.channel === "webchat") return { part: [picture] };
  const path = await staged(deps, routed, media, file);
  return { part: [picture ?? ref], note: `${reason}[media attached: ${path ?? mediaRef(file)} ${about}]` };
}

/** In the agent's workspace; undefined when it cannot be put there. */
async function staged(
  deps: PipelineDeps,
  { agentId }: Routed,
  media: MediaService,
  file: StoredMedia,
): Promise<string | undefined> {
  const config = deps.config.current();
  const agent = deps.agents.get(agentId, config) ?? deps.agents.default(config);
  try {
    await deps.agents.prepareWorkspace(agent, config);
    return await media.stage(file, agent.workspace);
  } catch (error) {
    deps.platform.log.for("inbound").warn("a file was not copied to the workspace", { error: errorText(error) });
    return undefined;
  }
}

/** For the arguments of programs. */
function valuesOf({ row, sessionKey }: Routed, caption: string): Readonly<Record<string, string | undefined>> {
  const { address, from, nativeId } = row.envelope;
  return {
    Body: caption,
    RawBody: caption,
    BodyStripped: caption,
    From: from.id,
    To: address.chat,
    MessageSid: nativeId,
    SessionId: sessionKey,
    ChatType: address.kind,
    SenderName: from.name,
    Provider: address.channel,
  };
}

/** The sender is shown what was heard, where that is wished; what came of it stands in the session for `/status`. */
async function tell(deps: PipelineDeps, routed: Routed, { line, transcript, outcomes }: Understood): Promise<void> {
  const { row, sessionKey, agentId } = routed;
  const { address, nativeId } = row.envelope;
  const { sessionId } = (await deps.sessions.ensure(sessionKey, { address })).entry;
  for (const { provider = "", model = "", usage } of outcomes) {
    const call = { at: deps.platform.clock.now(), agentId, sessionKey, sessionId, provider, model };
    if (usage) await deps.store.usage.add({ ...call, channel: address.channel, usage });
  }
  await deps.sessions.patch(sessionKey, { set: { mediaUnderstanding: line } });
  const audio = deps.config.current().at("tools.media.audio") as
    | { readonly echoTranscript?: boolean; readonly echoFormat?: string }
    | undefined;
  if (audio?.echoTranscript !== true || transcript === undefined) return;
  if (!deps.outbound.known(address.channel, address.account)) return;
  const text = (audio.echoFormat ?? '📝 "{transcript}"').replaceAll("{transcript}", () => transcript);
  await deps.outbound.say({ key: `echo:${row.id}`, address, text, replyTo: nativeId, timeoutMs: ECHO_MS });
}

/** Whether the model that will answer takes pictures (yes when nobody can tell), and whose it is. */
async function answering(
  deps: PipelineDeps,
  { agentId, sessionKey, row }: Routed,
): Promise<{ readonly seesImages: boolean; readonly provider?: string }> {
  const config = deps.config.current();
  const agent = deps.agents.get(agentId, config) ?? deps.agents.default(config);
  const models = await deps.use(Models);
  const entry = (await deps.sessions.get(sessionKey))?.entry;
  const { modelOverride: own, providerOverride: provider } = entry ?? {};
  const chosen = own === undefined ? undefined : provider === undefined ? own : `${provider}/${own}`;
  const asked = row.options?.["model"];
  const ref = typeof asked === "string" ? asked : (chosen ?? models.defaultRef(config, agent.model.primary));
  try {
    const { model, provider } = await models.resolve(ref, config, { agentId });
    return { seesImages: model.input.includes("image"), provider };
  } catch {
    return { seesImages: true };
  }
}
