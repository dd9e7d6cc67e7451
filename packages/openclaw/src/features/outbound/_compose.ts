/** Hop 9: texts become posts. Directions are taken out, long texts are cut to what the channel takes. */
import type { OutboundMedia, ReplyRoute } from "../../contracts/envelope.ts";
import type { NewPost, PostPart } from "../../store/index.ts";
import { takeDirections, type Directions } from "./_directives.ts";

export interface Chunker {
  /** Pieces of a Markdown text that fit into one message each. */
  (markdown: string): readonly string[];
}

export interface ComposeOptions {
  readonly keyPrefix: string;
  readonly turnId?: string;
  readonly at: number;
  /** Nothing in the texts is a direction. */
  readonly literal?: true;
}

/** One thing to be said: a text, files, or both. */
export interface Item extends Pick<Directions, "text" | "replyTo"> {
  readonly files: readonly OutboundMedia[];
  readonly part?: PostPart;
}

export interface Threading {
  /** Which posts answer the message of the route, without being told to. */
  readonly mode: "off" | "first" | "all" | "batched";
  /** Something of this answer quotes it already. */
  readonly begun?: boolean;
}

/** What the channel can hold. */
export interface Fitting {
  readonly chunk: Chunker;
  /** Pieces of a text that goes with a file: the first is its caption. */
  readonly caption?: Chunker;
}

/**
 * One post per piece, keyed `<prefix>:<n>` so that composing twice posts once. `[[reply_to_current]]`
 * and `[[reply_to:<id>]]` set what the first piece answers.
 */
export function compose(
  texts: readonly string[],
  route: ReplyRoute,
  options: ComposeOptions & Fitting & { readonly threading?: Threading },
): NewPost[] {
  const items = texts.map((text): Item => {
    if (options.literal) return { text, files: [] };
    const { text: shown, replyTo } = takeDirections(text);
    return { text: shown, files: [], ...(replyTo === undefined ? {} : { replyTo }) };
  });
  return postsOf(items, route, options);
}

/** The posts of these items, in order; `first` is the number of the first key. */
export function postsOf(
  items: readonly Item[],
  route: ReplyRoute,
  options: ComposeOptions & Fitting & { readonly threading?: Threading; readonly first?: number },
): NewPost[] {
  const { mode, begun } = options.threading ?? { mode: "off" };
  const posts: NewPost[] = [];
  for (const item of items) {
    const pieces = piecesOf(item, options);
    for (const [i, { text, media }] of pieces.entries()) {
      const asked = item.replyTo === "current" ? route.replyTo : item.replyTo?.id;
      const implicit = mode === "all" || (mode === "first" && posts.length === 0 && begun !== true);
      const replyTo = (i === 0 ? asked : undefined) ?? (implicit ? route.replyTo : undefined);
      posts.push({
        key: `${options.keyPrefix}:${(options.first ?? 0) + posts.length}`,
        address: route.address,
        text,
        at: options.at,
        ...(media === undefined ? {} : { media }),
        ...(replyTo === undefined ? {} : { replyTo }),
        ...(route.native === undefined ? {} : { native: route.native }),
        ...(options.turnId === undefined ? {} : { turnId: options.turnId }),
        ...(route.address.channel === "webchat" ? { delivered: true } : {}),
        // Only the last piece has said it all.
        ...(item.part !== undefined && i === pieces.length - 1 ? { part: item.part } : {}),
      });
    }
  }
  return posts;
}

interface Piece {
  readonly text: string;
  readonly media?: OutboundMedia;
}

/** A text that fits as a caption goes with the first file, a longer one before it. */
function piecesOf({ text, files }: Item, { chunk, caption }: Fitting): Piece[] {
  const texts = text === "" ? [] : chunk(text);
  const [first, ...others] = files;
  if (!first) return texts.map((piece) => ({ text: piece }));
  const captions = text === "" || !caption ? [] : caption(text);
  const rest = others.map((media) => ({ text: "", media }));
  if (captions.length === 1) return [{ text: captions[0] ?? "", media: first }, ...rest];
  return [...texts.map((piece) => ({ text: piece })), { text: "", media: first }, ...rest];
}
