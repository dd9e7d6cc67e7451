/** Variables of the product's earlier names. They are not read. */
import type { Env } from "../../../base/env.ts";

const OLD = /^(?:CLAWDBOT|MOLTBOT)_/;

/** One line about those that are set; undefined when there are none. */
export function oldVariablesWarning(env: Env): string | undefined {
  const names = Object.keys(env)
    .filter((name) => OLD.test(name) && env[name])
    .toSorted();
  if (names.length === 0) return undefined;
  const renamed = names.map((name) => `${name} → ${name.replace(OLD, "OPENCLAW_")}`);
  return `OPENCLAW_LEGACY_ENV_VARS: these variables have no effect any more, rename them: ${renamed.join(", ")}`;
}
