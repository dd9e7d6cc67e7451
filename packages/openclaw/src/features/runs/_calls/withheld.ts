/** Secrets that commands of a run are given in variables: neither the model nor the transcript gets them back. Pure. */
import type { ToolResult } from "../../../contracts/tool.ts";

/** Variables that hold secrets, by their names. */
const SECRET_NAME = /(?:^|_|API)KEY(?:$|_)|TOKEN|SECRET|PASS(?:WORD|WD|PHRASE)|CREDENTIAL/i;
/** A value that short may stand anywhere by chance. */
const LEAST = 8;

/** A result without the values of these variables: in place of each stands the name of its variable. */
export function withholding(
  env: Readonly<Record<string, string>>,
): <T extends Pick<ToolResult, "content" | "details">>(result: T) => T {
  const secrets = Object.entries(env)
    .filter(([name, value]) => SECRET_NAME.test(name) && value.length >= LEAST)
    .toSorted(([, a], [, b]) => b.length - a.length);
  if (secrets.length === 0) return (result) => result;
  const clean = (text: string): string =>
    secrets.reduce((left, [name, value]) => left.replaceAll(value, `(${name} withheld)`), text);
  const deep = (value: unknown): unknown => {
    if (typeof value === "string") return clean(value);
    if (Array.isArray(value)) return value.map(deep);
    if (value === null || typeof value !== "object") return value;
    return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, deep(inner)]));
  };
  return (result) => ({
    ...result,
    content: result.content.map((part) => (part.type === "text" ? { ...part, text: clean(part.text) } : part)),
    ...(result.details === undefined ? {} : { details: deep(result.details) }),
  });
}
