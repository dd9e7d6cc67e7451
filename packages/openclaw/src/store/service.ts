import { errorText } from "../base/errors.ts";
import { provide } from "../contracts/service.ts";
import type { ServiceContext } from "../contracts/service.ts";
import { Migrations, StoreToken, TranscriptsToken } from "./index.ts";
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
  const mirror = createMirror(sqlite, { state: paths.state, clock, log });
  scope.add("store", () => mirror.store.close());
  await mirror.importMissing();
  keepSmall(mirror.store, { use, platform, scope });
  return mirror.store;
}

/** How long answered messages, ended turns and delivered posts are kept beside the transcripts. */
const KEPT_MS = 7 * 86_400_000;
const FIRST_TIDY_MS = 60_000;
const TIDY_EVERY_MS = 3_600_000;
const TIDY_ROWS = 2000;

/** Removes what is no longer needed, a little at a time, as long as the scope lasts. */
function keepSmall(store: Store, { platform: { clock, log }, scope }: ServiceContext): void {
  const tidy = async () => {
    while (!scope.closed && (await store.turns.prune(clock.now() - KEPT_MS, TIDY_ROWS)) === TIDY_ROWS);
  };
  const later = (ms: number) => {
    const cancel = clock.timer(ms, () => {
      void tidy()
        .catch((error: unknown) => log.for("store").warn("old rows were not removed", { reason: errorText(error) }))
        .then(() => scope.closed || later(TIDY_EVERY_MS));
    });
    cancelTimer = cancel;
  };
  let cancelTimer = () => {};
  scope.add("tidying of the store", () => cancelTimer());
  later(FIRST_TIDY_MS);
}

function makeTranscripts({ platform: { clock, random, log, paths } }: ServiceContext): Transcripts {
  return createTranscripts({ state: paths.state, clock, random, log: log.for("transcripts") });
}

export const services = [provide(StoreToken, makeStore), provide(TranscriptsToken, makeTranscripts)];
