/**
 * Templates of mappings. `{{a.b[0].c}}` reads what was sent; `{{headers.x}}`, `{{query.x}}`, `{{path}}`, `{{now}}` and
 * `{{payload}}` the request. What is missing is empty, an object is JSON. Nothing is inherited: `constructor` and
 * the like are missing too.
 */
import { cut } from "../../base/text.ts";

/** What templates and transforms see of a request. Never the token. */
export interface HookRequest {
  readonly payload: unknown;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, string>>;
  /** Below `hooks.path`. */
  readonly path: string;
  /** ISO 8601. */
  readonly now: string;
}

const MAX_RESULT = 512 * 1024;
const PLACE = /\{\{\s*([^{}]{1,256}?)\s*\}\}/g;

export function fill(template: string, request: HookRequest): string {
  let size = 0;
  const filled = template.replace(PLACE, (_, expression: string) => {
    if (size > MAX_RESULT) return "";
    const text = asText(read(expression, request));
    size += text.length;
    return text;
  });
  return cut(filled, MAX_RESULT);
}

/** Whether anything in it comes from the request. */
export function isTemplate(text: string): boolean {
  return text.search(PLACE) >= 0;
}

function read(expression: string, request: HookRequest): unknown {
  if (expression === "path") return request.path;
  if (expression === "now") return request.now;
  const steps = stepsOf(expression);
  if (steps === undefined) return undefined;
  const [first, ...rest] = steps;
  if (first === "headers") return follow(request.headers, [rest.join(".").toLowerCase()]);
  if (first === "query") return follow(request.query, rest);
  if (first === "payload") return follow(request.payload, rest);
  return follow(request.payload, steps);
}

/** `a.b[0].c` → `a`, `b`, `0`, `c`; undefined for anything else. */
function stepsOf(expression: string): string[] | undefined {
  const steps = expression.replace(
    /\[(\d{1,9}|"[^"[\]]*"|'[^'[\]]*')\]/g,
    (_, key: string) => `.${key.replace(/["']/g, "")}`,
  );
  return /[[\]\s]/.test(steps) ? undefined : steps.replace(/^\./, "").split(".");
}

function follow(from: unknown, steps: readonly string[]): unknown {
  let at = from;
  for (const step of steps) {
    if (at === null || typeof at !== "object" || !Object.hasOwn(at, step) || REFUSED.has(step)) return undefined;
    at = (at as Record<string, unknown>)[step];
  }
  return at;
}

const REFUSED = new Set(["__proto__", "prototype", "constructor"]);

function asText(value: unknown): string {
  if (value === undefined || value === null) return "";
  return typeof value === "object" ? JSON.stringify(value) : String(value as string | number | boolean);
}
