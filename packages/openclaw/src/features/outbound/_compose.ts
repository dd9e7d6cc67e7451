/** Hop 9: texts become posts. Directives are taken out, long texts are cut to what the channel takes. */
import type { ReplyRoute } from "../../contracts/envelope.ts";
import type { NewPost } from "../../store/index.ts";

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

const REPLY_TAG = /\[\[\s*reply_to(?:_current|:\s*([^[\]\s]{1,256}))\s*\]\]/gi;

/**
 * One post per piece, keyed `<prefix>:<n>` so that composing twice posts once. `[[reply_to_current]]`
 * and `[[reply_to:<id>]]` set what the first piece answers.
 */
export function compose(
  texts: readonly string[],
  route: ReplyRoute,
  options: ComposeOptions & { readonly chunk: Chunker },
): NewPost[] {
  const posts: NewPost[] = [];
  for (const text of texts) {
    const { body, replyTo } = options.literal ? { body: text, replyTo: undefined } : takeReplyTag(text, route.replyTo);
    for (const [i, piece] of (body === "" ? [] : options.chunk(body)).entries()) {
      posts.push({
        key: `${options.keyPrefix}:${posts.length}`,
        address: route.address,
        text: piece,
        at: options.at,
        ...(i === 0 && replyTo !== undefined ? { replyTo } : {}),
        ...(route.native === undefined ? {} : { native: route.native }),
        ...(options.turnId === undefined ? {} : { turnId: options.turnId }),
        ...(route.address.channel === "webchat" ? { delivered: true } : {}),
      });
    }
  }
  return posts;
}

function takeReplyTag(text: string, current: string | undefined): { body: string; replyTo: string | undefined } {
  let replyTo: string | undefined;
  const body = text
    .replace(REPLY_TAG, (_tag, id: string | undefined) => {
      replyTo ??= id ?? current;
      return "";
    })
    .trim();
  return { body, replyTo };
}
