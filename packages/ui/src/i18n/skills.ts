import { enSkills } from "./en-skills.ts";
import type { SkillsKey } from "./en-skills.ts";
import { fill } from "./index.ts";

/** A text of the skills. */
export function t(key: SkillsKey, parameters: Readonly<Record<string, string | number>> = {}): string {
  return fill(enSkills[key], parameters);
}
