/** What an assistant says in a run becomes posts: directions followed, files taken along, prefix put before. */
import type { Log } from "../../base/log.ts";
import { errorText } from "../../base/errors.ts";
import type { ConfigSnapshot } from "../../contracts/config.ts";
import type { OutboundMedia, ReplyRoute } from "../../contracts/envelope.ts";
import type { Platform } from "../../contracts/service.ts";
import type { NewPost } from "../../store/index.ts";
import { postsOf, type Fitting, type Item } from "./_compose.ts";
import { takeDirections } from "./_directives.ts";
import { apology, stage } from "./_media.ts";
import type { Staging } from "./_media.ts";
import { channelSetting } from "./_settings.ts";
import type { AnswerOptions, Payload } from "./index.ts";

export interface AnswerDeps {
  readonly platform: Platform;
  readonly log: Log;
  readonly config: ConfigSnapshot;
  readonly fitting: Fitting;
  readonly mode: "off" | "first" | "all" | "batched";
  readonly takesMedia: boolean;
  readonly media: Staging["media"];
}

const MEGABYTE = 1024 * 1024;

export async function answer(
  deps: AnswerDeps,
  payloads: readonly Payload[],
  route: ReplyRoute,
  options: AnswerOptions,
): Promise<NewPost[]> {
  const items: Item[] = [];
  for (const [i, payload] of payloads.entries()) {
    const { text, media, asVoice, replyTo } = payload.plain
      ? { text: payload.text, media: [], asVoice: false, replyTo: undefined, ...payload.directions }
      : takeDirections(payload.text);
    const { files, notes } = await filesOf(deps, media, {
      address: route.address,
      workspace: options.workspace,
      ...(options.forGuest === undefined ? {} : { forGuest: options.forGuest }),
      ...(options.withoutNotes === undefined ? {} : { withoutNotes: options.withoutNotes }),
      key: `${options.keyPrefix}:${(options.first ?? 0) + i}`,
      asVoice,
    });
    const whole = [text, ...notes].filter((part) => part.trim() !== "").join("\n\n");
    if (whole === "" && files.length === 0) continue;
    items.push({
      text: prefixed(whole, options.prefix),
      files,
      ...(replyTo === undefined ? {} : { replyTo }),
      ...(payload.part === undefined ? {} : { part: payload.part }),
    });
  }
  const posts = postsOf(items, route, {
    ...options,
    ...deps.fitting,
    threading: { mode: deps.mode, begun: options.quoted === true },
  });
  const { notBefore } = options;
  return notBefore === undefined ? posts : posts.map((post) => ({ ...post, notBefore }));
}

function prefixed(text: string, prefix: string | undefined): string {
  if (prefix === undefined || prefix === "" || text === "" || text.startsWith(prefix)) return text;
  return `${prefix} ${text}`;
}

async function filesOf(
  deps: AnswerDeps,
  sources: readonly string[],
  at: {
    readonly address: ReplyRoute["address"];
    readonly workspace: string;
    readonly forGuest?: boolean;
    readonly withoutNotes?: boolean;
    readonly key: string;
    readonly asVoice: boolean;
  },
): Promise<{ files: readonly OutboundMedia[]; notes: readonly string[] }> {
  const files: OutboundMedia[] = [];
  const notes: string[] = [];
  const megabytes = Number(
    channelSetting(deps.config, at.address, "mediaMaxMb") ?? deps.config.at("agents.defaults.mediaMaxMb") ?? 5,
  );
  for (const [i, source] of sources.entries()) {
    if (!deps.takesMedia) {
      notes.push(`📎 ${source}`);
      continue;
    }
    try {
      const staging: Staging = {
        ...at,
        media: deps.media,
        key: `${at.key}:${i}`,
        maxBytes: Math.floor(megabytes * MEGABYTE),
      };
      files.push(await stage(deps.platform, source, staging));
    } catch (error) {
      deps.log.warn("a file of an answer could not be attached", { source, error: errorText(error) });
      notes.push(apology(source, error));
    }
  }
  return { files, notes };
}
