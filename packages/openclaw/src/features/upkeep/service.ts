/**
 * Rows that nobody needs any more, removed a few at a time so that no turn waits; and `session.maintenance`. The
 * first pass comes a while after the start: a start has better things to do.
 */
import { errorText } from "../../base/errors.ts";
import { provide } from "../../contracts/service.ts";
import type { ServiceContext } from "../../contracts/service.ts";
import { StoreToken } from "../../store/index.ts";
import { Config } from "../config/index.ts";
import { Media } from "../media/index.ts";
import { Voice } from "../voice/index.ts";
import { maintainAll } from "./_sessions.ts";
import { pruneRows } from "./_rows.ts";
import { Upkeep } from "./index.ts";
import type { UpkeepService } from "./index.ts";

export const services = [provide(Upkeep, makeUpkeep)];

const FIRST_AFTER_MS = 60_000;
const EVERY_MS = 3_600_000;

async function makeUpkeep({ use, platform, scope }: ServiceContext): Promise<UpkeepService> {
  const log = platform.log.for("upkeep");
  let passes = 0;
  let cancel = () => {};
  scope.add("upkeep", () => cancel());

  const step = async (what: string, work: () => Promise<void>): Promise<void> => {
    if (scope.signal.aborted) return;
    await work().catch((error: unknown) => log.warn("upkeep did not succeed", { what, error: errorText(error) }));
  };
  const pass = async (): Promise<void> => {
    const store = await use(StoreToken);
    await step("rows", () => pruneRows({ store, clock: platform.clock, log, signal: scope.signal }));
    await step("media", async () => {
      const removed = await (await use(Media)).sweep();
      if (removed > 0) log.info("old files were removed", { removed });
    });
    await step("sounds", async () => {
      const removed = await (await use(Voice)).sweep();
      if (removed > 0) log.info("old sounds were removed", { removed });
    });
    passes += 1;
    if (passes % 24 !== 1) return;
    await step("sessions", async () => maintainAll({ use, platform, log, config: (await use(Config)).current() }));
  };
  const later = (ms: number): void => {
    cancel = platform.clock.timer(ms, () => void pass().finally(() => later(EVERY_MS)));
  };
  later(FIRST_AFTER_MS);
  return { pass };
}
