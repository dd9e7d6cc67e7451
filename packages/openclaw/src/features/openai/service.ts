import { errorText } from "../../base/errors.ts";
import { remove } from "../../base/files.ts";
import { provide } from "../../contracts/service.ts";
import type { ServiceContext } from "../../contracts/service.ts";
import { StoreToken } from "../../store/index.ts";
import { Sessions } from "../sessions/index.ts";
import type { SessionsService } from "../sessions/index.ts";
import type { Store } from "../../store/index.ts";
import { errors } from "./errors.ts";
import { OpenAi } from "./index.ts";
import { isOnce } from "./_target.ts";

const MOST_AT_ONCE = 1000;
/** When a client that found no place may come again. */
const RETRY_MS = 5000;
const TIDY_EVERY_MS = 3_600_000;
const KEPT_MS = 24 * 3_600_000;
const PAGE = 200;

export const services = [
  provide(OpenAi, async ({ use, platform }: ServiceContext) => {
    const [store, sessions] = await Promise.all([use(StoreToken), use(Sessions)]);
    let under = 0;
    let tidied = Number.NEGATIVE_INFINITY;
    return {
      enter() {
        if (under >= MOST_AT_ONCE) throw errors.API_TOO_MANY({ max: MOST_AT_ONCE }).with({ retryAfterMs: RETRY_MS });
        under += 1;
        return () => void (under -= 1);
      },
      tidy() {
        const now = platform.clock.monotonic();
        if (now - tidied < TIDY_EVERY_MS) return;
        tidied = now;
        removeOld({ store, sessions, before: platform.clock.now() - KEPT_MS }).catch((error: unknown) =>
          platform.log.for("openai").warn("old sessions were not removed", { error: errorText(error) }),
        );
      },
    };
  }),
];

/** Sessions of single requests, with what was said in them. */
async function removeOld(deps: { store: Store; sessions: SessionsService; before: number }): Promise<void> {
  for (const search of [":openai:", ":openresponses:"]) {
    for (;;) {
      const { rows } = await deps.store.sessions.list({
        search,
        updatedBefore: deps.before,
        archived: "all",
        limit: PAGE,
        offset: 0,
      });
      const old = rows.filter(({ key }) => isOnce(key));
      for (const { key } of old) {
        const { archived } = await deps.sessions.delete(key, { deleteTranscript: true });
        for (const path of archived) await remove(path);
      }
      if (old.length === 0 || rows.length < PAGE) break;
    }
  }
}
