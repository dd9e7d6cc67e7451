/** The door of voice: what a device that listens is told when it comes. */
export { readTriggers } from "./_triggers.ts";

/** Which agent each word wakes: always the one in use. */
export const WAKE_ROUTING = { version: 1, defaultTarget: { mode: "current" }, routes: [], updatedAtMs: 0 } as const;
