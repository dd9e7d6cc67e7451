import { useApp } from "../../state/app.ts";
import type { SettingsStore } from "../../state/settings.ts";

/** The store of the settings; for components that stand inside of their page. */
export function useSettings(): SettingsStore {
  const chunk = useApp().page.chunk.value;
  if (chunk === undefined || chunk === "failed") throw new Error("useSettings outside of the settings");
  return chunk.store;
}

/** Whether fields may be edited now. */
export function useEditable(): boolean {
  const { mayWrite, file, text, saving } = useSettings();
  const stored = file.value;
  const isReadable = stored !== undefined && (stored.raw !== null || !stored.exists);
  return mayWrite.value && !saving.value && text.value === undefined && isReadable;
}
