/** References to secrets as data; apart from their schema, because whoever looks for one needs no schemas. */

/** A reference as it stands in data. */
export interface SecretReference {
  readonly source: "env" | "file" | "exec";
  readonly provider?: string;
  readonly id: string;
}

const SOURCES: ReadonlySet<unknown> = new Set(["env", "file", "exec"]);
const KEYS: ReadonlySet<string> = new Set(["source", "provider", "id"]);

/** Whether a value has the form of a reference; where it stands decides whether it is one. */
export function isSecretRef(value: unknown): value is SecretReference {
  if (value === null || typeof value !== "object" || Array.isArray(value)) return false;
  const { source, provider, id } = value as Readonly<Record<string, unknown>>;
  if (!SOURCES.has(source) || typeof id !== "string") return false;
  return (provider === undefined || typeof provider === "string") && Object.keys(value).every((key) => KEYS.has(key));
}
