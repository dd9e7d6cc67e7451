/** The door of context: what the model sees of a conversation. */
export { Contexts, fitWindow } from "./_conversations.ts";
export type { StoredMessage } from "./_conversations.ts";
export { INTERRUPTED, delegated, interrupted, isPending, repair, violations } from "./_hygiene.ts";
