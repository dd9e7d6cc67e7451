/** Steps 7 and 8 of loading: strict validation over all sections, then defaults. */
import type { ConfigRule, ConfigSection } from "../../../contracts/config.ts";
import type { TSchema } from "../../../contracts/schema.ts";
import { errorText } from "../../../base/errors.ts";
import { check, type Issue } from "./check.ts";
import { unknownKey } from "../_wording.ts";
import { formatPath, parsePath, valueAt, type Segment } from "../_path.ts";
import { REDACTED } from "../_schema/redact.ts";
import { composeSchema } from "../_schema/schema.ts";

export interface Validated {
  /** With defaults; complete only when there is no issue. */
  readonly root: Readonly<Record<string, unknown>>;
  readonly issues: readonly Issue[];
  /** What is worth saying about a file without issues. */
  readonly warnings: readonly Issue[];
}

/** Holds the file's data (variables put in) against every section. Never throws. */
export function validate(resolved: unknown, sections: readonly ConfigSection[]): Validated {
  const { value, issues } = check(composeSchema(sections.map((section) => asNeeded(section, resolved))), resolved);
  const root = value as Readonly<Record<string, unknown>>;
  const named = new Set(issues.map(({ path }) => formatPath(path)));
  const found = [...issues, ...unfit(resolved).filter(({ path }) => !named.has(formatPath(path)))];
  const broken = sections.flatMap((section) => judged(section, section.rules, root, resolved, found));
  const all = [...found, ...broken];
  const warnings =
    all.length > 0 ? [] : sections.flatMap((section) => judged(section, section.warnings, root, resolved, found));
  return { root, issues: all, warnings };
}

/** Schemas that are made on demand are made for sections that the file has; the others only have a name. */
function asNeeded(section: ConfigSection, resolved: unknown): ConfigSection {
  const { path, summary, reload, onDemand } = section;
  if (onDemand !== true || valueAt(resolved, path.split(".")) !== undefined) return section;
  return { path, summary, reload, schema: {} as TSchema };
}

/** What a rule of the section says, when the file has the section and the schema found nothing in it. */
function judged(
  section: ConfigSection,
  rule: ConfigRule | undefined,
  root: Readonly<Record<string, unknown>>,
  resolved: unknown,
  found: readonly Issue[],
): Issue[] {
  const at = section.path.split(".");
  if (!rule || valueAt(resolved, at) === undefined || found.some(({ path }) => startsWith(path, at))) return [];
  try {
    return rule(valueAt(root, at), root).map(({ path, message }) => ({
      path: [...at, ...(parsePath(path) ?? [path])],
      message,
    }));
  } catch (error) {
    return [{ path: at, message: `could not be checked: ${errorText(error)}` }];
  }
}

/** Names through which code reaches what all objects share. */
const RESERVED: ReadonlySet<string> = new Set(["__proto__", "constructor", "prototype"]);
const MARKER = /^secretref-env:([A-Z][A-Z0-9_]*)$/;

/** What may stand nowhere, whatever a section allows. */
function unfit(value: unknown, path: readonly Segment[] = []): Issue[] {
  if (typeof value === "string") return unfitText(value, path);
  if (Array.isArray(value)) return value.flatMap((item, at) => unfit(item, [...path, at]));
  if (value === null || typeof value !== "object") return [];
  return Object.entries(value).flatMap(([key, item]) =>
    RESERVED.has(key) ? [{ path: [...path, key], message: unknownKey(key, []) }] : unfit(item, [...path, key]),
  );
}

function unfitText(text: string, path: readonly Segment[]): Issue[] {
  if (text === REDACTED) return [{ path, message: "holds the placeholder of a hidden value; write the value itself" }];
  const name = MARKER.exec(text)?.[1];
  if (name === undefined) return [];
  return [{ path, message: `names a secret in an old way; write { source: "env", id: ${JSON.stringify(name)} }` }];
}

function startsWith(path: readonly Segment[], prefix: readonly Segment[]): boolean {
  return prefix.every((segment, at) => path[at] === segment);
}
