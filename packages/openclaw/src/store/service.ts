import { dirname } from "node:path";
import { provide } from "../contracts/service.ts";
import type { ServiceContext } from "../contracts/service.ts";
import { Migrations, SessionFilesToken, StoreToken, TranscriptsToken } from "./index.ts";
import type { Store, Transcripts } from "./index.ts";
import { databasePath } from "./_place.ts";
import { createMirror } from "./mirror.ts";
import { openSqliteStore } from "./sqlite/index.ts";
import { createTranscripts } from "./transcript/index.ts";

/** The embedded store in the state directory, with `sessions.json` beside it. */
async function makeStore({ use, platform, scope }: ServiceContext): Promise<Store> {
  const { clock, paths } = platform;
  const log = platform.log.for("store");
  const sqlite = await openSqliteStore({
    path: databasePath(paths),
    migrations: await use(Migrations),
    clock,
    log,
  });
  const files = await use(SessionFilesToken);
  const mirror = createMirror(sqlite, { state: paths.state, files, clock, log });
  scope.add("store", () => mirror.store.close());
  await mirror.takeOver();
  return mirror.store;
}

async function makeTranscripts({ use, platform: { clock, random, log } }: ServiceContext): Promise<Transcripts> {
  const files = await use(SessionFilesToken);
  const folder = (agentId: string) => dirname(files.index(agentId));
  return createTranscripts({ folder, clock, random, log: log.for("transcripts") });
}

export const services = [provide(StoreToken, makeStore), provide(TranscriptsToken, makeTranscripts)];
