/** The tools `video_generate` and `music_generate`: they begin work and answer at once. */
import { record } from "../../../base/record.ts";
import type { Static } from "../../../contracts/schema.ts";
import { text } from "../../../contracts/tool.ts";
import type { ToolBody, ToolContext, ToolResult } from "../../../contracts/tool.ts";
import { compact } from "../../../base/text.ts";
import { Config } from "../../config/index.ts";
import { Generate } from "../index.ts";
import type { Kind, Wishes } from "../index.ts";
import type { musicParams, videoParams } from "../tools.ts";
import { givenIn, referencesIn } from "./references.ts";
import type { Given } from "./references.ts";
import { listed, placeFor, preview, stateOf, taskLine } from "./shared.ts";
import type { Common } from "./shared.ts";

type VideoParams = Static<typeof videoParams>;
type MusicParams = Static<typeof musicParams>;

/** The lower end of a wait for music. */
const MUSIC_MS = 120_000;

export const videoGenerate = later<VideoParams>("video", {
  files: (params) => [
    { kind: "image", what: "pictures", one: params.image, more: params.images, roles: params.imageRoles, most: 9 },
    { kind: "video", what: "videos", one: params.video, more: params.videos, roles: params.videoRoles, most: 4 },
    { kind: "audio", what: "sounds", one: params.audioRef, more: params.audioRefs, roles: params.audioRoles, most: 3 },
  ],
  wishes: ({
    prompt = "",
    size,
    aspectRatio,
    resolution,
    durationSeconds,
    audio,
    watermark,
    providerOptions: own,
  }) => ({
    prompt,
    ...compact({ size, aspectRatio, resolution, durationSeconds, audio, watermark }),
    ...(own === undefined ? {} : { providerOptions: record(own) }),
  }),
});

export const musicGenerate = later<MusicParams>("music", {
  files: ({ image, images }) => [{ kind: "image", what: "pictures", one: image, more: images, most: 10 }],
  wishes: ({ prompt = "", lyrics, instrumental, durationSeconds, outputFormat: format }) => ({
    prompt,
    ...compact({ lyrics, instrumental, durationSeconds, format }),
  }),
});

interface Parts<P> {
  readonly files: (params: P) => readonly Given[];
  readonly wishes: (params: P) => Wishes;
}

function later<P extends Common & { readonly timeoutMs?: number; readonly filename?: string }>(
  kind: Kind,
  parts: Parts<P>,
): ToolBody<P> {
  return {
    preview: (params, context) => preview(kind, params, parts.files(params).flatMap(givenIn), context),

    async run(params, context) {
      if (params.action === "list") return listed(kind, context);
      if (params.action === "status") return stateOf(kind, context);
      return started(kind, { params, parts, context });
    },
  };
}

async function started<P extends Common & { readonly timeoutMs?: number; readonly filename?: string }>(
  kind: Kind,
  { params, parts, context }: { readonly params: P; readonly parts: Parts<P>; readonly context: ToolContext },
): Promise<ToolResult> {
  const { agentId, principal, replyTo, sessionKey, use } = context;
  const [config, generate] = await Promise.all([use(Config), use(Generate)]);
  const { timeoutMs } = params;
  const task = await generate.start({
    kind,
    config: config.current(),
    agentId,
    sessionKey,
    principal,
    wishes: parts.wishes(params),
    references: await referencesIn(parts.files(params), context),
    ...placeFor(context),
    ...compact({
      replyTo,
      model: params.model,
      filename: params.filename,
      timeoutMs: kind === "music" && timeoutMs !== undefined ? Math.max(MUSIC_MS, timeoutMs) : timeoutMs,
    }),
  });
  const { fresh, ...view } = task;
  const said = fresh
    ? "It is begun and takes some minutes. You are told when it is over: wait for nothing, and do not call this again."
    : "One of this kind is under way in this session already; nothing new was begun.";
  return text(`${taskLine(view)}\n${said}`, { taskId: view.taskId, status: view.status, task: view });
}
