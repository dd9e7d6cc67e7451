import { useApp } from "../../state/app.ts";
import type { PanelChunk } from "../../state/panel.ts";

/** The stores of what stands beside the conversation; for components that stand inside of it. */
export function usePanel(): PanelChunk {
  const chunk = useApp().panel.part.chunk.value;
  if (chunk === undefined || chunk === "failed") throw new Error("usePanel outside of the panel");
  return chunk;
}
