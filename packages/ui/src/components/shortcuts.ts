import { useEffect } from "preact/hooks";
import { useApp } from "../state/app.ts";

/** Keys that work anywhere: ⌘K or Ctrl+K, Esc. */
export function useShortcuts(): void {
  const { ui, conversation, page, panel, narrow } = useApp();
  useEffect(() => {
    function onKey(event: KeyboardEvent): void {
      if ((event.metaKey || event.ctrlKey) && !event.shiftKey && event.key.toLowerCase() === "k") {
        event.preventDefault();
        ui.palette.value = !ui.palette.value;
        return;
      }
      if (
        event.key !== "Escape" ||
        event.defaultPrevented ||
        document.querySelector("dialog[open], :popover-open") !== null
      )
        return;
      const beside = document.activeElement?.closest(".panel") != null || narrow.value;
      if (ui.drawer.value) ui.drawer.value = false;
      else if (panel.place.value !== undefined && beside) panel.close();
      else if (ui.renaming.value === undefined && page.settings.value === undefined) conversation.stop();
    }
    addEventListener("keydown", onKey);
    return () => removeEventListener("keydown", onKey);
  }, [ui, conversation, page, panel, narrow]);
}
