/** Holds a value against a schema, collects every issue with its path, and fills defaults on the way. */
import { isRecord } from "../../../base/record.ts";
import { problems, type TSchema } from "../../../contracts/schema.ts";
import { nearest } from "../../../base/text.ts";
import type { Segment } from "../_path.ts";
import { propertiesOf, type Schema } from "../_schema/schema.ts";
import { describeEnum, describeSchema, describeValue, kindFits, quoteShort, unknownKey } from "../_wording.ts";

export interface Issue {
  readonly path: readonly Segment[];
  readonly message: string;
}

const ANY_KEY = "^.*$";
const MAX_ISSUES = 50;
/** Keywords that say nothing about a value whose type is known to fit. */
const NOT_LIMITS = new Set(["type", "default", "description", "title", "const", "readAs", "hint"]);

/** The value with defaults, and what is wrong with it. Never throws, whatever the value is. */
export function check(
  schema: Schema,
  value: unknown,
  path: readonly Segment[] = [],
): { readonly value: unknown; readonly issues: readonly Issue[] } {
  const issues: Issue[] = [];
  const filled = visit(schema, value, path, (issue) => {
    if (issues.length < MAX_ISSUES) issues.push(issue);
  });
  return { value: filled, issues };
}

type Report = (issue: Issue) => void;

function visit(schema: Schema, value: unknown, path: readonly Segment[], report: Report): unknown {
  if (Array.isArray(schema["anyOf"])) {
    const taken = visitUnion(schema["anyOf"] as Schema[], value, path, report);
    return schema["readAs"] === "string" && Number.isSafeInteger(taken) ? String(taken) : taken;
  }
  if (!kindFits(schema, value)) {
    report({ path, message: `expected ${describeSchema(schema)}, got ${describeValue(value)}` });
    return value;
  }
  if (Array.isArray(schema["enum"])) return visitEnum(schema["enum"], value, path, report);
  if (isObjectSchema(schema) && isRecord(value)) return visitObject(schema, value, path, report);
  if (Array.isArray(value) && isRecord(schema["items"])) {
    const { items: item, ...own } = schema as { readonly items: Schema };
    checkLimits(own, value, path, report);
    return value.map((each, at) => visit(item, each, [...path, at], report));
  }
  checkLimits(schema, value, path, report);
  return schema["readAs"] === "lowercase" && typeof value === "string" ? value.toLowerCase() : value;
}

/** Limits of lengths, numbers and patterns: what TypeBox knows about one value alone. */
function checkLimits(schema: Schema, value: unknown, path: readonly Segment[], report: Report): void {
  if (Object.keys(schema).every((keyword) => NOT_LIMITS.has(keyword))) return;
  const [problem] = problems(schema as unknown as TSchema, value, 1);
  const hint = problem?.message.startsWith("must match pattern") ? schema["hint"] : undefined;
  if (problem) report({ path, message: hint === undefined ? problem.message : `expected ${String(hint)}` });
}

function visitEnum(allowed: readonly unknown[], value: unknown, path: readonly Segment[], report: Report): unknown {
  if (allowed.includes(value)) return value;
  const near =
    typeof value === "string"
      ? nearest(
          value,
          allowed.filter((each) => typeof each === "string"),
        )
      : undefined;
  report({
    path,
    message: `expected ${describeEnum(allowed)}, got ${quoteShort(value)}${near === undefined ? "" : ` (did you mean ${JSON.stringify(near)}?)`}`,
  });
  return value;
}

function visitObject(
  schema: Schema,
  value: Readonly<Record<string, unknown>>,
  path: readonly Segment[],
  report: Report,
): unknown {
  const properties = propertiesOf(schema);
  const entries: [string, unknown][] = [];
  for (const [key, item] of Object.entries(value)) {
    const child = Object.hasOwn(properties, key) ? properties[key] : otherKeys(schema, key);
    if (child) entries.push([key, visit(child, item, [...path, key], report)]);
    else report({ path: [...path, key], message: unknownKey(key, Object.keys(properties)) });
  }
  for (const [key, child] of Object.entries(properties)) {
    if (!Object.hasOwn(value, key) && child["default"] !== undefined) entries.push([key, defaultOf(child)]);
  }
  for (const key of (schema["required"] ?? []) as string[]) {
    if (!Object.hasOwn(value, key) && properties[key]?.["default"] === undefined)
      report({ path: [...path, key], message: "this key is required" });
  }
  return Object.fromEntries(entries);
}

/** The default of a key with those below it. Schemas are trusted to declare defaults that fit. */
function defaultOf(schema: Schema): unknown {
  const value = schema["default"];
  if (value === null || typeof value !== "object") return value;
  if (!isRecord(value) || Object.keys(value).length > 0) return visit(schema, structuredClone(value), [], () => {});
  const filled: Record<string, unknown> = {};
  const properties = propertiesOf(schema);
  for (const key of Object.keys(properties)) {
    const child = properties[key];
    if (child?.["default"] !== undefined) filled[key] = defaultOf(child);
  }
  return filled;
}

/** The schema of keys that are not named: by pattern, or any; undefined for a key that may not stand here. */
function otherKeys(schema: Schema, key: string): Schema | undefined {
  for (const [pattern, child] of Object.entries(
    (schema["patternProperties"] ?? {}) as Readonly<Record<string, Schema>>,
  )) {
    if (pattern === ANY_KEY || problems({ type: "string", pattern } as unknown as TSchema, key, 1).length === 0)
      return child;
  }
  const others = schema["additionalProperties"];
  if (isRecord(others)) return others;
  return others === false || schema["patternProperties"] !== undefined ? undefined : {};
}

/** Accepts what any branch accepts; otherwise reports the branch that was most likely meant. */
function visitUnion(branches: readonly Schema[], value: unknown, path: readonly Segment[], report: Report): unknown {
  const tried = branches
    .filter((branch) => branch["anyOf"] !== undefined || kindFits(branch, value))
    .map((branch) => ({ branch, ...check(branch, value, path) }));
  const fitting = tried.find(({ issues }) => issues.length === 0);
  if (fitting) return fitting.value;
  const meant = tried
    .filter(({ branch }) => isRecord(value) || Array.isArray(value) || branch["enum"] === undefined)
    .toSorted((a, b) => weight(a.branch, a.issues, value) - weight(b.branch, b.issues, value))[0];
  if (meant && (isRecord(value) || Array.isArray(value) || tried.length === 1)) meant.issues.forEach(report);
  else
    report({
      path,
      message: `expected ${[...new Set(branches.map(describeSchema))].join(" or ")}, got ${describeValue(value)}`,
    });
  return value;
}

/** Lightest is the branch that was meant: of the kind that the value names, with the fewest issues. */
function weight(branch: Schema, issues: readonly Issue[], value: unknown): number {
  const named = Object.entries(propertiesOf(branch)).filter(
    ([, { enum: one }]) => Array.isArray(one) && one.length === 1,
  );
  const other = isRecord(value) && named.some(([key, { enum: one }]) => !(one as unknown[]).includes(value[key]));
  return issues.length + (other ? MAX_ISSUES : 0);
}

function isObjectSchema(schema: Schema): boolean {
  return schema["type"] === "object" || schema["properties"] !== undefined;
}
