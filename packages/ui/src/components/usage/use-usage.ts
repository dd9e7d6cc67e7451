import { useApp } from "../../state/app.ts";
import type { UsageStore } from "../../state/usage.ts";

/** The store of the usage; for components that stand inside of their page. */
export function useUsage(): UsageStore {
  const chunk = useApp().page.parts.usage.chunk.value;
  if (chunk === undefined || chunk === "failed") throw new Error("useUsage outside of the usage");
  return chunk.store;
}
