import { useApp } from "../../state/app.ts";
import type { SkillsStore } from "../../state/skills.ts";

/** The store of the skills; for components that stand inside of their page. */
export function useSkills(): SkillsStore {
  const chunk = useApp().page.parts.skills.chunk.value;
  if (chunk === undefined || chunk === "failed") throw new Error("useSkills outside of the skills");
  return chunk.store;
}
