/** Step 4 of loading: the `env` block gives variables to a process that lacks them. */
import { record } from "../../../base/record.ts";
import type { Env } from "../../../base/env.ts";
import { withMissing } from "./with-missing.ts";
import type { Segment } from "../_path.ts";
import { substitute, type MissingVariable } from "./substitute.ts";

/** Keys of the block that are no variables. */
const SETTINGS = new Set(["vars", "shellEnv"]);

export interface EnvBlock {
  /** What the block adds to `env`. */
  readonly added: Env;
  readonly missing: readonly MissingVariable[];
}

/** `env.vars.<NAME>` wins over `env.<NAME>`. Values may refer to variables that are set already. */
export function envBlock(root: Readonly<Record<string, unknown>>, env: Env): EnvBlock {
  const block = record(root["env"]);
  const entries = [
    ...Object.entries(record(block["vars"])).map(([name, value]) => ({
      name,
      value,
      path: ["env", "vars", name] as Segment[],
    })),
    ...Object.entries(block).flatMap(([name, value]) =>
      SETTINGS.has(name) ? [] : [{ name, value, path: ["env", name] as Segment[] }],
    ),
  ];
  const added: Record<string, string> = {};
  const missing: MissingVariable[] = [];
  for (const { name, value, path } of entries) {
    if (typeof value !== "string" || env[name] || Object.hasOwn(added, name)) continue;
    const resolved = substitute(value, withMissing(env, added));
    missing.push(...resolved.missing.map((each) => ({ ...each, path })));
    if (resolved.missing.length === 0) added[name] = String(resolved.value);
  }
  return { added, missing };
}
