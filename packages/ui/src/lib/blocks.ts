/** Markdown cut into top-level blocks, so that a stream re-renders only its last one. */
import { marked } from "marked";

export interface Block {
  /** Offset in the text: a stable key while the text grows. */
  readonly at: number;
  readonly raw: string;
}

export interface Cut {
  readonly text: string;
  readonly blocks: readonly Block[];
}

/** The newest block can still join the one before it: `2` below a list is a paragraph until its dot arrives. */
const OPEN = 2;

/**
 * The blocks of `text`. With the cut of a shorter text that this one continues, only its last blocks are read again;
 * earlier ones keep their identity.
 */
export function cutBlocks(given: string, before?: Cut): Cut {
  const text = given.replaceAll(/\r\n?/g, "\n");
  const open = before?.blocks.at(-OPEN);
  if (before === undefined || open === undefined || !text.startsWith(before.text))
    return { text, blocks: lex(text, 0) };
  const done = before.blocks.slice(0, -OPEN);
  return { text, blocks: [...done, ...kept(before.blocks.slice(-OPEN), lex(text.slice(open.at), open.at))] };
}

/** The new blocks, with the old ones in place of their equals. */
function kept(old: readonly Block[], fresh: readonly Block[]): Block[] {
  return fresh.map((block) => old.find((other) => other.at === block.at && other.raw === block.raw) ?? block);
}

function lex(text: string, from: number): Block[] {
  const blocks: Block[] = [];
  let at = from;
  for (const token of marked.lexer(text)) {
    if (token.type !== "space") blocks.push({ at, raw: token.raw });
    at += token.raw.length;
  }
  return blocks;
}
