/** Hiding secrets in what leaves for clients. */
import type { ConfigSection } from "../../../contracts/config.ts";
import type { Segment } from "../_path.ts";
import { redact as masked } from "../../../base/redact.ts";
import { isReference } from "../_load/substitute.ts";

export const REDACTED = "__OPENCLAW_REDACTED__";

/** Keys of settings that no section declares, but that look like secrets. */
const SUSPICIOUS = /(?:token|secret|password|passphrase|passwd|api[-_]?key|private[-_]?key|authorization|cookie)$/i;

/** Whether the text at a path must be hidden. */
export type IsSecret = (path: readonly Segment[]) => boolean;

/** Judges by the sections' `secrets` (where `*` is any one segment) and by the look of the key. */
export function secretsOf(sections: readonly ConfigSection[]): IsSecret {
  const patterns = sections.flatMap((section) =>
    (section.secrets ?? []).map((below) => [...section.path.split("."), ...below.split(".").flatMap(star)]),
  );
  return (path) => patterns.some((pattern) => matches(pattern, path)) || SUSPICIOUS.test(lastName(path));
}

/** The value with every secret text (and number) replaced. A bare `${VAR}` stays: it names a secret without being one. */
export function redact(value: unknown, isSecret: IsSecret, path: readonly Segment[] = []): unknown {
  if (typeof value === "string" || typeof value === "number") return hides(value, path, isSecret) ? REDACTED : value;
  if (Array.isArray(value)) return value.map((item, at) => redact(item, isSecret, [...path, at]));
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, redact(item, isSecret, [...path, key])]));
}

/** The text of the file with every secret replaced; null when it cannot be read and so nothing in it can be judged. */
export async function redactText(text: string, isSecret: IsSecret): Promise<string | null> {
  if (text.trim() === "") return text;
  const { eachScalar, syntaxTree } = await import("../_syntax.ts");
  const tree = syntaxTree(text);
  if (!tree) return null;
  const cuts: { start: number; end: number }[] = [];
  eachScalar(tree, (path, value, range) => {
    if (hides(value, path, isSecret)) cuts.push(range);
  });
  return cuts
    .toReversed()
    .reduce((out, { start, end }) => out.slice(0, start) + JSON.stringify(REDACTED) + out.slice(end), text);
}

/** By its place, or because it looks like a secret wherever it stands: a key, an address with a password. */
function hides(value: string | number, path: readonly Segment[], isSecret: IsSecret): boolean {
  if (typeof value === "number") return isSecret(path);
  if (value === "" || isReference(value)) return false;
  if (isSecret(path)) return true;
  const plain = value.replace(/\$\{\w{1,128}\}/g, "");
  return masked(plain) !== plain;
}

function matches(pattern: readonly string[], path: readonly Segment[]): boolean {
  return pattern.length === path.length && pattern.every((part, at) => part === "*" || part === String(path[at]));
}

/** `list[]` and `list[*]` are a list and any item of it. */
function star(part: string): string[] {
  const name = part.replace(/\[\*?\]$/, "");
  return name === part ? [part] : [name, "*"];
}

function lastName(path: readonly Segment[]): string {
  const name = path.findLast((segment) => typeof segment === "string");
  return typeof name === "string" ? name : "";
}
