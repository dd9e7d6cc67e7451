import { useState } from "preact/hooks";
import { Icon } from "../icons/index.tsx";
import { t } from "../i18n/index.ts";

/** What the model thought, folded. */
export function ThinkingRow({ text, live }: { readonly text: string; readonly live: boolean }) {
  const [open, setOpen] = useState(false);
  return (
    <div class="row fold">
      <button type="button" class="fold-head" aria-expanded={open} onClick={() => setOpen(!open)}>
        <Icon name="chevron" size={14} />
        <span>{t(live ? "message.thinking" : "message.thought")}</span>
        {!open && <span class="fold-peek">{peek(text)}</span>}
      </button>
      {open && <div class="fold-body thinking">{text}</div>}
    </div>
  );
}

function peek(text: string): string {
  return text.trim().split("\n").at(-1)?.slice(0, 160) ?? "";
}
