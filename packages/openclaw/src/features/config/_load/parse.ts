/** Step 2 of loading: text to data. */
import type { ConfigIssue } from "../index.ts";

const MAX_DEPTH = 100;

type Refused = { readonly ok: false; readonly issue: ConfigIssue };
export type Parsed = { readonly ok: true; readonly value: Readonly<Record<string, unknown>> } | Refused;
export type ParsedValue = { readonly ok: true; readonly value: unknown } | Refused;

/** JSON5 whose root is an object. Empty text counts as `{}`, a byte order mark is skipped. */
export async function parseConfig(text: string): Promise<Parsed> {
  const parsed = await parseDocument(text);
  if (!parsed.ok) return parsed;
  const { value } = parsed;
  if (value === null || typeof value !== "object" || Array.isArray(value)) {
    return { ok: false, issue: { path: "", message: "the file must hold one object in braces", line: 1, column: 1 } };
  }
  return { ok: true, value: value as Readonly<Record<string, unknown>> };
}

/** JSON5 of any kind. Empty text counts as `{}`, a byte order mark is skipped. */
export async function parseDocument(text: string): Promise<ParsedValue> {
  const body = text.startsWith("\uFEFF") ? text.slice(1) : text;
  if (body.trim() === "") return { ok: true, value: {} };
  const parsed = await parseAny(body);
  if ("issue" in parsed) return { ok: false, issue: parsed.issue };
  const { value } = parsed;
  if (value !== null && typeof value === "object" && tooDeep(value, MAX_DEPTH))
    return { ok: false, issue: { path: "", message: `nested deeper than ${MAX_DEPTH} levels` } };
  return { ok: true, value };
}

/** Plain JSON is read by the built-in parser; only what it refuses costs loading another. */
async function parseAny(text: string): Promise<{ value: unknown } | { issue: ConfigIssue }> {
  try {
    return { value: JSON.parse(text) };
  } catch {
    const { default: json5 } = await import("json5");
    try {
      return { value: json5.parse(text) };
    } catch (error) {
      return { issue: syntaxIssue(error) };
    }
  }
}

/** A value given on a command line: JSON5 where it parses, else the text itself. */
export async function parseLoose(text: string): Promise<unknown> {
  const parsed = await parseAny(text);
  return "value" in parsed ? parsed.value : text;
}

/** A value that must be JSON5; undefined otherwise. */
export async function parseStrict(text: string): Promise<{ readonly value: unknown } | undefined> {
  const parsed = await parseAny(text);
  return "value" in parsed ? parsed : undefined;
}

/** json5 carries the place in `lineNumber` and `columnNumber`, and repeats it in its message. */
function syntaxIssue(error: unknown): ConfigIssue {
  const place = error as { message?: unknown; lineNumber?: unknown; columnNumber?: unknown };
  const message = String(place.message ?? error)
    .replace(/^JSON5: /, "")
    .replace(/ at \d+:\d+$/, "");
  return {
    path: "",
    message: `not JSON5: ${message}`,
    ...(typeof place.lineNumber === "number" ? { line: place.lineNumber } : {}),
    ...(typeof place.columnNumber === "number" ? { column: place.columnNumber } : {}),
  };
}

function tooDeep(root: object, limit: number): boolean {
  let level: object[] = [root];
  for (let depth = 0; level.length > 0; depth += 1) {
    if (depth >= limit) return true;
    level = level.flatMap((value) =>
      Object.values(value).filter((child): child is object => child !== null && typeof child === "object"),
    );
  }
  return false;
}
