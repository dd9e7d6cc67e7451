import { join } from "node:path";
import type { Paths } from "../contracts/service.ts";

/** The file of the embedded database. */
export function databasePath({ state }: Pick<Paths, "state">): string {
  return join(state, "openclaw.sqlite");
}
