/** Operator scopes: what holding one allows, and what a connection ends up with. */

/** What each scope includes besides itself. Admin is not here: it includes every `operator.*`. */
const INCLUDES: Readonly<Record<string, readonly string[]>> = {
  "operator.write": ["operator.read", "operator.talk"],
};

/** Whether `held` allows `needed`. A name that nobody declared needs an exact match or admin. */
export function allows(held: readonly string[], needed: string): boolean {
  if (held.includes(needed)) return true;
  if (held.includes("operator.admin")) return needed.startsWith("operator.");
  return held.some((scope) => INCLUDES[scope]?.includes(needed) ?? false);
}

/** Whether every scope of `wanted` is allowed by `held`. */
export function covers(held: readonly string[], wanted: readonly string[]): boolean {
  return wanted.every((scope) => allows(held, scope));
}

/** Both lists as one, sorted, without repeats. */
export function union(a: readonly string[], b: readonly string[]): string[] {
  return [...new Set([...a, ...b])].sort();
}

/**
 * Scopes of a client that proved no device but sent the shared secret: command line and backend
 * helpers on this machine get what they ask for, everybody else nothing.
 */
export function scopesWithoutDevice(client: {
  readonly id: string;
  readonly mode: string;
  readonly local: boolean;
  readonly requested: readonly string[];
}): readonly string[] {
  return client.local && isLocalTool(client) ? client.requested : [];
}

function isLocalTool(client: { readonly id: string; readonly mode: string }): boolean {
  return (
    (client.id === "gateway-client" && client.mode === "backend") || (client.id === "cli" && client.mode === "cli")
  );
}
