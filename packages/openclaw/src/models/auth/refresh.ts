/**
 * Renewing a token. One process at a time and only once: a refresh token that is used twice ends the login at some
 * companies.
 */
import { createHash } from "node:crypto";
import { dirname, join } from "node:path";
import { withLock } from "../../base/lock-file.ts";
import { Fault, diskReason, errorText } from "../../base/errors.ts";
import { record } from "../../base/record.ts";
import type { Loose } from "../../base/record.ts";
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

/** Tokens that could not be written, by login: the refresh token on the disk is spent, these hold all there is. */
type Unsaved = Map<string, { readonly spent: string; readonly fields: Loose }>;

/** Runs that need the same login at the same time wait for one renewal. */
export function makeRenew({ platform, flows }: LoginsDeps): Renew {
  const running = new Map<string, Promise<Profile>>();
  const unsaved: Unsaved = new Map();
  return (renewal) => {
    const { profile, shelf } = renewal;
    const name = `${shelf.file.path} ${profile.id}`;
    const known = running.get(name);
    if (known) return known;
    const renewing = async () => renewed(renewal, { platform, flows: await flows(), unsaved, name });
    const work = alone(renewal, renewing, platform.clock).finally(() => running.delete(name));
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
  const fail = (reason: string) => errors.OAUTH_REFRESH_FAILED({ provider, profile: profile.id, reason });
  const late = () => fail("another program has been at it for too long");
  // Where no lock can be written no token can be kept, and the one that is there would be lost by using it.
  return withLock(lock, { clock, waitMs: WAIT_MS, late }, work).catch((error: unknown) => {
    throw error instanceof Fault ? error : fail(`its folder cannot be written: ${diskReason(error)}`);
  });
}

interface Means {
  readonly platform: LoginsDeps["platform"];
  readonly flows: readonly Flow[];
  readonly unsaved: Unsaved;
  readonly name: string;
}

/** Inside the lock: whoever held it before may have done it. */
async function renewed(
  { profile, shelf, provider, refused }: Renewal,
  { platform: { clock, env, fetch, log }, flows, unsaved, name }: Means,
): Promise<Profile> {
  const fail = (reason: string) => errors.OAUTH_REFRESH_FAILED({ provider, profile: profile.id, reason });
  const onDisk = (await shelf.file.fresh()).profiles.get(profile.id);
  if (!onDisk?.refresh) throw fail("the login is gone");
  const keep = (spent: string, fields: Loose): Promise<Profile> =>
    saved(shelf, profile.id, fields).then(
      (written) => (unsaved.delete(name), written ?? onDisk),
      (error: unknown) => {
        if (!unsaved.has(name)) log.error("a renewed login could not be written", { error: errorText(error) });
        unsaved.set(name, { spent, fields });
        return profileOf(profile.id, { ...rawOf(shelf, profile.id, onDisk), ...fields }) ?? onDisk;
      },
    );
  const before = unsaved.get(name);
  const now = before?.spent === onDisk.refresh ? await keep(before.spent, before.fields) : onDisk;
  if (!now.refresh) throw fail("the login is gone");
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
  return keep(onDisk.refresh, { ...factsOf(tokens), access, refresh, expires });
}

async function saved(shelf: Shelf, id: string, fields: Loose): Promise<Profile | undefined> {
  const file = await shelf.file.update((raw) => {
    const profiles = record(raw["profiles"]);
    return { ...raw, profiles: { ...profiles, [id]: { ...record(profiles[id]), ...fields } } };
  });
  return file.profiles.get(id);
}

function rawOf(shelf: Shelf, id: string, { type, provider }: Profile): Loose {
  const known = shelf.file.read();
  return { type, provider, ...(known instanceof Promise ? {} : record(record(known.raw["profiles"])[id])) };
}

function sameText(a: string | undefined, b: string | undefined): boolean {
  return new Set([a, b]).size === 1;
}
