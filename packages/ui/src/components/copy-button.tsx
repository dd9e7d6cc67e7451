import { useState } from "preact/hooks";
import { Icon } from "../icons/index.tsx";
import { t } from "../i18n/index.ts";
import type { TextKey } from "../i18n/index.ts";
import { copyText } from "../lib/clipboard.ts";

export function CopyButton({ text, label = "code.copy" }: { readonly text: string; readonly label?: TextKey }) {
  const [done, setDone] = useState(false);
  const copy = async () => {
    setDone(await copyText(text));
    setTimeout(() => setDone(false), 1500);
  };
  return (
    <button
      type="button"
      class="icon-button copy"
      aria-label={t(done ? "code.copied" : label)}
      title={t(label)}
      onClick={() => void copy()}
    >
      <Icon name={done ? "check" : "copy"} size={14} />
    </button>
  );
}
