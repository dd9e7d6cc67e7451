import { useMemo, useRef } from "preact/hooks";
import { cutBlocks } from "../lib/blocks.ts";
import type { Cut } from "../lib/blocks.ts";
import { toHtml } from "../lib/markdown.ts";

/** Markdown that may still be growing: finished blocks keep their elements. */
export function Markdown({ text }: { readonly text: string }) {
  const before = useRef<Cut | undefined>(undefined);
  const cut = cutBlocks(text, before.current);
  before.current = cut;
  return (
    <div class="md">
      {cut.blocks.map((block) => (
        <Block key={block.at} raw={block.raw} />
      ))}
    </div>
  );
}

function Block({ raw }: { readonly raw: string }) {
  const html = useMemo(() => toHtml(raw), [raw]);
  return useMemo(() => <div class="block" dangerouslySetInnerHTML={{ __html: html }} />, [html]);
}
