/** Variables that skills bring along for the child processes of a run. They never enter this process's own. */
import { forbiddenChildVariables, type Env } from "../../base/env.ts";
import { entryOf } from "./_eligible.ts";
import { mayTake } from "./_secret-names.ts";
import type { Entry } from "./_settings.ts";
import type { Skill } from "./index.ts";

/** The gateway's own: no skill may ask for them. */
const OWN = /^OPENCLAW_/i;

/**
 * For each skill the variables of its entry, its key, and of this process those that it declares; what this
 * process has set wins. The skill of higher precedence comes first where two set the same. A skill of a workspace gets
 * no secret of this process that its entry does not name.
 */
export function envOf(
  skills: readonly Skill[],
  { env, entries }: { readonly env: Env; readonly entries: Readonly<Record<string, Entry>> },
): Readonly<Record<string, string>> {
  const all = new Map<string, string>();
  const give = (name: string, value: unknown, inForce = env[name] ?? ""): void => {
    const text = inForce === "" ? value : inForce;
    if (typeof text === "string" && text !== "" && !all.has(name)) all.set(name, text);
  };
  for (const skill of skills) {
    const entry = entryOf(skill, { entries });
    for (const [name, value] of Object.entries(entry?.env ?? {})) give(name, value);
    const own = (name: string) => (mayTake(skill, name, { env, entry }) ? (env[name] ?? "") : "");
    if (skill.primaryEnv !== undefined) give(skill.primaryEnv, entry?.apiKey, own(skill.primaryEnv));
    for (const name of skill.requires.env) give(name, undefined, own(name));
  }
  const found = Object.fromEntries(all);
  const refused = new Set(forbiddenChildVariables(found));
  return Object.fromEntries([...all].filter(([name]) => !refused.has(name) && !OWN.test(name)));
}
