/** The door of the store: ports, their tokens, and nothing of the adapter. */
import { token } from "../contracts/service.ts";
import type { Migration } from "../contracts/migration.ts";
import type { Store, Transcripts } from "./ports/index.ts";

export type * from "./ports/index.ts";
export { SessionFilesToken, documentedFiles } from "./session-files.ts";
export type { SessionFiles } from "./session-files.ts";

export const StoreToken = token<Store>("store");
export const TranscriptsToken = token<Transcripts>("transcripts");
/** Every table's history in this build, in order of id; provided by the composition root. */
export const Migrations = token<readonly Migration[]>("migrations");
