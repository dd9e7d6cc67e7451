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
