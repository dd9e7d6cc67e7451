/** Makes a login ready to be sent: fetches what it refers to, renews what has expired, exchanges what is not sent itself. */
import { isRecord } from "../../base/record.ts";
import type { ConfigSnapshot } from "../../contracts/config.ts";
import { errors } from "../errors.ts";
import type { Candidate } from "./candidates.ts";
import type { Chosen, LoginsDeps } from "./logins.ts";
import { keyText } from "./secret-text.ts";
import type { Shelf } from "./shelf.ts";
import { makeExchange } from "./exchange.ts";
import type { Profile } from "./profile.ts";
import { makeRenew } from "./refresh.ts";
import { EXCHANGED, needsRenewal } from "./renewal.ts";

export interface ReadyQuestion {
  readonly candidate: Candidate;
  readonly shelf: Shelf;
  readonly config: ConfigSnapshot;
  readonly provider: string;
  /** The token was refused although its time is not over. */
  readonly renew: boolean;
}

/** Throws `MODEL_KEY_UNUSABLE` or `OAUTH_REFRESH_FAILED`. */
export type Ready = (question: ReadyQuestion) => Promise<Omit<Chosen, "login">>;

export function makeReady(deps: LoginsDeps): Ready {
  const fetched = new Map<string, string>();
  const renew = makeRenew(deps);
  const exchange = makeExchange(deps.platform.fetch, deps.platform.clock);
  return async (question) => {
    const { candidate, provider, shelf } = question;
    const { profile } = candidate;
    if (profile?.ref) return sent(await fromReference(deps, question, fetched), profile, provider);
    if (profile && (question.renew || needsRenewal(profile, deps.platform.clock.now()))) {
      const now = await renew({ profile, shelf, provider, refused: question.renew });
      return sent(now.secret ?? "", now, provider);
    }
    return sent(candidate.secret ?? "", profile, provider);
  };

  async function sent(secret: string, profile: Profile | undefined, provider: string): Promise<Omit<Chosen, "login">> {
    if (!EXCHANGED.has(provider)) return { secret };
    const { secret: short, baseUrl } = await exchange(secret, profile?.id ?? provider);
    return { secret: short, ...(baseUrl === undefined ? {} : { baseUrl }) };
  }
}

/** Resolved as if it stood at a provider's `apiKey`; kept as long as the configuration stands. */
async function fromReference(
  { secrets }: LoginsDeps,
  { candidate, config, provider }: ReadyQuestion,
  fetched: Map<string, string>,
): Promise<string> {
  const name = `${config.hash} ${JSON.stringify(candidate.profile?.ref)}`;
  const known = fetched.get(name);
  if (known !== undefined) return known;
  const problem = (text: string) => errors.MODEL_KEY_UNUSABLE({ provider, source: candidate.shown, problem: text });
  const root = { secrets: config.at("secrets"), models: { providers: { login: { apiKey: candidate.profile?.ref } } } };
  const resolved = await secrets(root).catch(() => undefined);
  const value = resolved && at(resolved, ["models", "providers", "login", "apiKey"]);
  if (typeof value !== "string") throw problem("what it refers to cannot be had");
  const read = keyText(value);
  if ("problem" in read) throw problem(read.problem);
  if (fetched.size > 100) fetched.clear();
  fetched.set(name, read.key);
  return read.key;
}

function at(root: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>((value, key) => (isRecord(value) ? value[key] : undefined), root);
}
