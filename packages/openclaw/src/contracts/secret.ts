/** Secrets in the configuration: as text, or as a reference to where they are kept. */
import { Type, choice, closed } from "./schema.ts";

/** `{source, provider, id}`; resolved before consumers see the snapshot, so that they read a string. */
export const SecretRef = closed({
  source: choice(["env", "file", "exec"]),
  provider: Type.Optional(Type.String()),
  id: Type.String({ minLength: 1 }),
});

/** A reference to a secret kept elsewhere, or the secret itself. */
export const SecretText = Type.Union([Type.String({ minLength: 1 }), SecretRef]);

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
