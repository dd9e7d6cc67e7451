/** Copilot: a GitHub login is exchanged for a token that holds for minutes and says where its account is served. */
import type { Fetch } from "../../base/fetch.ts";
import { record } from "../../base/record.ts";
import type { Clock } from "../../base/time.ts";
import { errors } from "../errors.ts";
import type { Chosen } from "./logins.ts";
import { EARLY_MS } from "./renewal.ts";

const URL_OF = "https://api.github.com/copilot_internal/v2/token";
const DEADLINE_MS = 20_000;

type Exchanged = Pick<Chosen, "secret" | "baseUrl"> & { readonly until: number };

/** Kept until shortly before it ends. Throws `OAUTH_REFRESH_FAILED`. */
export function makeExchange(fetch: Fetch, clock: Clock, url = URL_OF) {
  const known = new Map<string, Promise<Exchanged>>();
  return async (secret: string, profile: string): Promise<Exchanged> => {
    const before = await known.get(secret)?.catch(() => undefined);
    if (before && before.until - EARLY_MS > clock.now()) return before;
    const work = ask(secret, profile);
    if (known.size > 50) known.clear();
    known.set(secret, work);
    return work;
  };

  async function ask(secret: string, profile: string): Promise<Exchanged> {
    const fail = (reason: string) => errors.OAUTH_REFRESH_FAILED({ provider: "github-copilot", profile, reason });
    const headers = {
      accept: "application/json",
      authorization: `Bearer ${secret}`,
      "user-agent": "GitHubCopilotChat/0.35.0",
    };
    const options = {
      headers,
      connectTimeoutMs: DEADLINE_MS,
      maxBytes: 262_144,
      signal: AbortSignal.timeout(DEADLINE_MS),
    };
    const response = await fetch(url, { ...options, egress: { origin: new URL(url).origin } }).catch(() => undefined);
    if (!response) throw fail("GitHub cannot be reached");
    const body = record(await response.json().catch(() => undefined));
    const { token, expires_at: ends, endpoints } = body;
    if (!response.ok || typeof token !== "string") throw fail(`GitHub answered HTTP ${response.status}`);
    const api = record(endpoints)["api"];
    const until = Number(ends) > 0 ? Number(ends) * 1000 : clock.now() + 20 * 60_000;
    return {
      secret: token,
      until,
      ...(typeof api === "string" && /^https:\/\/[\w.-]+\.(?:githubcopilot|ghe)\.com$/.test(api)
        ? { baseUrl: api }
        : {}),
    };
  }
}
