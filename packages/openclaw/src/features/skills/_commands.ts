/** Skills as slash commands: names that every network takes. */
import { shortened } from "../../base/text.ts";
import type { Skill, SkillCommand } from "./index.ts";

const MAX_NAME = 32;
const MAX_DESCRIPTION = 100;

/** One command for each skill that people may call, in their order. Names of others are left alone. */
export function commandsOf(skills: readonly Skill[], reserved: Iterable<string>): readonly SkillCommand[] {
  const taken = new Set([...reserved].map((name) => name.toLowerCase()));
  return skills
    .filter((skill) => skill.userInvocable)
    .map((skill) => {
      const name = freeName(skill.name, taken);
      taken.add(name);
      return { name, description: shortened(skill.description, MAX_DESCRIPTION), skill };
    });
}

function freeName(wanted: string, taken: ReadonlySet<string>): string {
  const base =
    wanted
      .toLowerCase()
      .replace(/[^a-z0-9_]+/g, "_")
      .replace(/^_+|_+$/g, "")
      .slice(0, MAX_NAME) || "skill";
  for (let at = 1; ; at += 1) {
    const ending = at === 1 ? "" : `_${at}`;
    const name = base.slice(0, MAX_NAME - ending.length) + ending;
    if (!taken.has(name)) return name;
  }
}
