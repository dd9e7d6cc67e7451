/**
 * Renewing a token. One process at a time and only once: a refresh token that is used twice ends the login at some
 * companies.
 */
import { createHash } from "node:crypto";
import { dirname, join } from "node:path";
import { withLock } from "../../base/lock-file.ts";
import { record } from "../../base/record.ts";
import { errors } from "../errors.ts";
import { flowOf } from "./flow.ts";
import type { Flow } from "./flow.ts";
import type { LoginsDeps } from "./logins.ts";
import type { Profile } from "./profile.ts";
import { profileOf } from "./profile.ts";
import { needsRenewal } from "./renewal.ts";
import type { Shelf } from "./shelf.ts";
import { askTokens, factsOf, tokensOf } from "./token-endpoint.ts";

const WAIT_MS = 45_000;

export interface Renewal {
  readonly profile: Profile;
  readonly shelf: Shelf;
  readonly provider: string;
  /** It was refused although its time is not over. */
  readonly refused: boolean;
}

export type Renew = (renewal: Renewal) => Promise<Profile>;

/** Runs that need the same login at the same time wait for one renewal. */
export function makeRenew({ platform, flows }: LoginsDeps): Renew {
  const running = new Map<string, Promise<Profile>>();
  return (renewal) => {
    const { profile, shelf } = renewal;
    const name = `${shelf.file.path} ${profile.id}`;
    const known = running.get(name);
    if (known) return known;
    const work = alone(renewal, async () => renewed(renewal, platform, await flows()), platform.clock).finally(() =>
      running.delete(name),
    );
    running.set(name, work);
    return work;
  };
}

function alone(
  { profile, shelf, provider }: Renewal,
  work: () => Promise<Profile>,
  clock: LoginsDeps["platform"]["clock"],
): Promise<Profile> {
  const name = createHash("sha256").update(profile.id).digest("hex").slice(0, 16);
  const lock = join(dirname(shelf.file.path), `.oauth-${name}.lock`);
  const late = () =>
    errors.OAUTH_REFRESH_FAILED({
      provider,
      profile: profile.id,
      reason: "another program has been at it for too long",
    });
  return withLock(lock, { clock, waitMs: WAIT_MS, late }, work);
}

/** Inside the lock: whoever held it before may have done it. */
async function renewed(
  { profile, shelf, provider, refused }: Renewal,
  { clock, env, fetch }: LoginsDeps["platform"],
  flows: readonly Flow[],
): Promise<Profile> {
  const fail = (reason: string) => errors.OAUTH_REFRESH_FAILED({ provider, profile: profile.id, reason });
  const now = (await shelf.file.fresh()).profiles.get(profile.id);
  if (!now?.refresh) throw fail("the login is gone");
  const isOther = !sameText(now.secret, profile.secret);
  if (isOther || (!refused && !needsRenewal(now, clock.now()))) return now;
  const flow = flowOf(flows, provider);
  const clientId = flow?.clientId(env);
  if (!flow || clientId === undefined) throw fail("nobody knows how to renew it");
  const secret = flow.clientSecret?.(env);
  const params = {
    grant_type: "refresh_token",
    refresh_token: now.refresh,
    client_id: clientId,
    ...(secret ? { client_secret: secret } : {}),
  };
  const answer = await askTokens(fetch, { url: flow.tokenUrl, params, headers: flow.headers });
  if ("error" in answer) throw fail(answer.reason);
  const tokens = tokensOf(answer.body, clock.now());
  if (!tokens) throw fail("no token came back");
  const { access, refresh = now.refresh, expires } = tokens;
  const file = await shelf.file.update((raw) => {
    const profiles = record(raw["profiles"]);
    const { expires: _old, ...kept } = record(profiles[profile.id]);
    const next = { ...kept, ...factsOf(tokens), access, refresh, ...(expires === undefined ? {} : { expires }) };
    return { ...raw, profiles: { ...profiles, [profile.id]: next } };
  });
  return file.profiles.get(profile.id) ?? profileOf(profile.id, {}) ?? now;
}

function sameText(a: string | undefined, b: string | undefined): boolean {
  return new Set([a, b]).size === 1;
}
