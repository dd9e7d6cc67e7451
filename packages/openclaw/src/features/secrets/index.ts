/** The door of secrets: what a configuration refers to, fetched from where it is kept. */
export { createSecretResolver } from "./_resolve.ts";
export type { ResolveOptions } from "./_resolve.ts";
