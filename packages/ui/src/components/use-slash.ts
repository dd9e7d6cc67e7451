import { useEffect, useState } from "preact/hooks";
import { commandIn, suggestionsFor } from "../model/slash.ts";
import type { Suggestion } from "../model/slash.ts";
import { useApp } from "../state/app.ts";

export interface Slash {
  readonly items: readonly Suggestion[];
  readonly chosen: number;
  choose(item: Suggestion): void;
  look(index: number): void;
  /** Whether the key was meant for the menu. */
  onKey(event: KeyboardEvent): boolean;
}

/** Suggestions for a message that begins with a slash. Enter sends what is complete, and completes what is not. */
export function useSlash(text: string, write: (next: string) => void): Slash {
  const { slash, conversation } = useApp();
  const [at, setAt] = useState(0);
  const [dismissed, setDismissed] = useState<string>();
  const begins = text.startsWith("/");
  const key = conversation.key.value;
  const commands = slash.commands.value;
  const items = begins && text !== dismissed ? suggestionsFor(text, commands) : [];
  const chosen = Math.min(at, Math.max(0, items.length - 1));

  useEffect(() => {
    if (begins) slash.load(key);
  }, [begins, key]);
  useEffect(() => setAt(0), [text]);

  const choose = (item: Suggestion) => write(item.insert);
  const isWhole = () => !text.includes(" ") && commandIn(text, commands) !== undefined;

  return {
    items,
    chosen,
    choose,
    look: setAt,
    onKey(event) {
      const item = items[chosen];
      if (item === undefined) return false;
      const step = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
      const completes = event.key === "Tab" || (event.key === "Enter" && !event.shiftKey && !isWhole());
      // `/think ` is complete too: its choices may be passed over.
      const sends = event.key === "Enter" && text.endsWith(" ");
      if (step === 0 && event.key !== "Escape" && (!completes || sends)) return false;
      event.preventDefault();
      if (step !== 0) setAt((chosen + step + items.length) % items.length);
      else if (event.key === "Escape") setDismissed(text);
      else choose(item);
      return true;
    },
  };
}
