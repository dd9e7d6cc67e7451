import type { Compaction } from "openclaw/client";
import { useState } from "preact/hooks";
import { Icon } from "../icons/index.tsx";
import { t } from "../i18n/index.ts";
import { exactTime } from "../lib/time.ts";
import { Markdown } from "./markdown.tsx";

/** Where the model knows what came before by a summary; it opens into that. */
export function CompactionRow({ compaction }: { readonly compaction: Compaction }) {
  const [open, setOpen] = useState(false);
  return (
    <div class="row compaction">
      <button
        type="button"
        class="mark"
        aria-expanded={open}
        title={exactTime(compaction.at)}
        onClick={() => setOpen(!open)}
      >
        <span>
          <Icon name="chevron" size={13} /> {t("message.summarised")}
        </span>
      </button>
      {open && (
        <div class="compaction-body">
          <Markdown text={compaction.summary} />
        </div>
      )}
    </div>
  );
}
