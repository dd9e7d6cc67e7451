/** The one place where patterns from configuration become matchers. */

/** Text as a literal inside a regular expression. */
export function escapePattern(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}

/** A case-insensitive matcher where `*` stands for any run of characters; no other character is special. */
export function wildcard(pattern: string): (text: string) => boolean {
  if (!pattern.includes("*")) {
    const wanted = pattern.toLowerCase();
    return (text) => text.toLowerCase() === wanted;
  }
  const expression = new RegExp(`^${pattern.split("*").map(escapePattern).join(".*")}$`, "is");
  return (text) => expression.test(text);
}

/**
 * A user's regular expression (`/source/flags` or bare source, then flags `gi`).
 * Undefined when it does not compile or is longer than 512 characters.
 */
export function userPattern(text: string): RegExp | undefined {
  if (text.length > 512) return undefined;
  const delimited = /^\/(.+)\/([a-z]*)$/s.exec(text);
  try {
    return delimited ? new RegExp(delimited[1] ?? "", delimited[2]) : new RegExp(text, "gi");
  } catch {
    return undefined;
  }
}

/** The same pattern, finding every match instead of the first. */
export function matchAllOf(pattern: RegExp): RegExp {
  return pattern.global ? pattern : new RegExp(pattern.source, `${pattern.flags}g`);
}
