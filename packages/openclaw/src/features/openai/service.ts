import { provide } from "../../contracts/service.ts";
import type { ServiceContext } from "../../contracts/service.ts";
import { StoreToken } from "../../store/index.ts";
import { OneOffSessions, Sessions } from "../sessions/index.ts";
import { errors } from "./errors.ts";
import { OpenAi } from "./index.ts";
import { isOnce } from "./_target.ts";

const MOST_AT_ONCE = 1000;
/** When a client that found no place may come again. */
const RETRY_MS = 5000;

export const services = [
  provide(OpenAi, async ({ use, platform }: ServiceContext) => {
    const [store, sessions] = await Promise.all([use(StoreToken), use(Sessions)]);
    const kinds = [":openai:", ":openresponses:"].map((search) => ({ search, isOneOff: isOnce }));
    const oneOffs = new OneOffSessions({ platform, store, sessions, kinds });
    let under = 0;
    return {
      enter() {
        if (under >= MOST_AT_ONCE) throw errors.API_TOO_MANY({ max: MOST_AT_ONCE }).with({ retryAfterMs: RETRY_MS });
        under += 1;
        return () => void (under -= 1);
      },
      tidy: () => oneOffs.tidy(),
    };
  }),
];
