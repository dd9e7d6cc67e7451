/** Keys of a provider in the environment, in the order in which they are tried. Pure. */
import type { Env } from "../../base/env.ts";

export interface EnvKey {
  /** Variable; with `#2` for the second of a list. */
  readonly name: string;
  readonly text: string;
}

/**
 * `OPENCLAW_LIVE_<P>_KEY` alone where it is set; else for every base name `X_API_KEY`: the list `X_API_KEYS`, `X_API_KEY`
 * itself, then `X_API_KEY_*` by name. The same key counts once.
 */
export function envKeys(provider: string, keyEnv: readonly string[], env: Env): readonly EnvKey[] {
  const stem = provider.toUpperCase().replace(/[^A-Z0-9]+/g, "_");
  const live = `OPENCLAW_LIVE_${stem}_KEY`;
  if (env[live]?.trim()) return [{ name: live, text: env[live] }];
  const bases = [...new Set([...keyEnv, ...(keyEnv.length === 0 ? [`${stem}_API_KEY`] : [])])];
  const found = bases.flatMap((base) => ofBase(base, env));
  const seen = new Set<string>();
  return found.filter(({ text }) => {
    const key = text.trim();
    if (key === "" || seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}

function ofBase(base: string, env: Env): EnvKey[] {
  const own = env[base] === undefined ? [] : [{ name: base, text: env[base] }];
  if (!base.endsWith("_API_KEY")) return own;
  const list = (env[`${base}S`] ?? "").split(/[,;\n]/).filter((text) => text.trim() !== "");
  const numbered = Object.keys(env)
    .filter((name) => name.startsWith(`${base}_`))
    .toSorted();
  return [
    ...list.map((text, at) => ({ name: at === 0 ? `${base}S` : `${base}S#${at + 1}`, text })),
    ...own,
    ...numbered.map((name) => ({ name, text: env[name] ?? "" })),
  ];
}
