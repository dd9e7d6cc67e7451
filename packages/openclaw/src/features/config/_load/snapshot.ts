/** Step 9 of loading: the immutable snapshot. */
import type { ConfigSection, ConfigSnapshot } from "../../../contracts/config.ts";
import type { Static, TSchema } from "../../../contracts/schema.ts";
import { check } from "./check.ts";
import { valueAt } from "../_path.ts";
import type { Schema } from "../_schema/schema.ts";

/** Paths whose value is remembered: every turn asks for the same ones. */
const MAX_KNOWN = 512;

/** `root` is frozen; it must be validated and have its defaults. */
export function makeSnapshot(root: Readonly<Record<string, unknown>>, hash: string): ConfigSnapshot {
  freeze(root);
  const known = new Map<string, unknown>();
  const at = (path: string): unknown => {
    if (known.has(path)) return known.get(path);
    const value = valueAt(root, path);
    if (known.size < MAX_KNOWN) known.set(path, value);
    return value;
  };
  return {
    root,
    hash,
    at,
    section: <S extends TSchema>(section: ConfigSection<S>) =>
      (valueAt(root, section.path.split(".")) ?? defaultsOf(section)) as Static<S>,
  };
}

/** For a section that the file was not validated with. */
function defaultsOf(section: ConfigSection): unknown {
  return freeze(check(section.schema as unknown as Schema, {}).value);
}

function freeze<T>(value: T): T {
  if (value === null || typeof value !== "object" || Object.isFrozen(value)) return value;
  Object.values(value).forEach(freeze);
  return Object.freeze(value);
}
