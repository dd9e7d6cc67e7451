import { useEffect } from "preact/hooks";
import { t } from "../i18n/index.ts";
import type { Suggestion } from "../model/slash.ts";

interface SlashMenuProps {
  readonly items: readonly Suggestion[];
  readonly chosen: number;
  readonly onChoose: (item: Suggestion) => void;
  readonly onLook: (index: number) => void;
}

/** What a message that begins with a slash may go on with, above the box that it is typed in. */
export function SlashMenu({ items, chosen, onChoose, onLook }: SlashMenuProps) {
  useEffect(() => document.getElementById(`slash-${chosen}`)?.scrollIntoView({ block: "nearest" }), [chosen]);
  if (items.length === 0) return null;
  return (
    <div id="slash" class="slash" role="listbox" aria-label={t("composer.commands")}>
      {items.map((item, index) => (
        <div
          key={item.insert}
          id={`slash-${index}`}
          role="option"
          class="choice"
          aria-selected={index === chosen}
          onMouseDown={(event) => event.preventDefault()}
          onClick={() => onChoose(item)}
          onPointerMove={() => onLook(index)}
        >
          <code>{item.label}</code>
          <span class="slash-hint">{item.hint}</span>
        </div>
      ))}
    </div>
  );
}
