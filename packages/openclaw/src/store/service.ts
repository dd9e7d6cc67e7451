import { join } from "node:path";
import { provide } from "../contracts/service.ts";
import type { ServiceContext } from "../contracts/service.ts";
import { Migrations, StoreToken, TranscriptsToken } from "./index.ts";
import type { Store, Transcripts } from "./index.ts";
import { createMirror } from "./mirror.ts";
import { openSqliteStore } from "./sqlite/index.ts";
import { createTranscripts } from "./transcripts.ts";

/** The embedded store in the state directory, with `sessions.json` beside it. */
async function makeStore({ use, platform, scope }: ServiceContext): Promise<Store> {
  const { clock, paths } = platform;
  const log = platform.log.for("store");
  const sqlite = await openSqliteStore({
    path: join(paths.state, "openclaw.sqlite"),
    migrations: await use(Migrations),
    clock,
    log,
  });
  const mirror = createMirror(sqlite, { state: paths.state, clock, log });
  scope.add("store", () => mirror.store.close());
  await mirror.importMissing();
  return mirror.store;
}

function makeTranscripts({ platform: { clock, random, log, paths } }: ServiceContext): Transcripts {
  return createTranscripts({ state: paths.state, clock, random, log: log.for("transcripts") });
}

export const services = [provide(StoreToken, makeStore), provide(TranscriptsToken, makeTranscripts)];
