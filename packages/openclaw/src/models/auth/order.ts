/** In which order the logins of a provider are tried. Pure. */
import type { ConfigSnapshot } from "../../contracts/config.ts";
import type { AuthFile, Profile, ProfileType } from "./profile.ts";
import { configuredOrder, configuredProfiles } from "./settings.ts";

export interface Ordered {
  /** Somebody wrote the order down: nobody else is asked. */
  readonly explicit: boolean;
  /** Ids in order; with an explicit order also of logins that do not exist. */
  readonly ids: readonly string[];
}

export interface OrderQuestion {
  readonly provider: string;
  readonly file: AuthFile;
  readonly config: ConfigSnapshot;
  /** Provider ids without aliases. */
  readonly canonical: (id: string) => string;
  /** Epoch ms of the last use of a login; 0 for never. */
  readonly lastUsed: (id: string) => number;
  readonly now: number;
}

const RANK: Readonly<Record<ProfileType, number>> = { oauth: 0, token: 1, api_key: 2 };

/** The agent's own order, that of the configuration, else by kind of login and the one that rested longest first. */
export function ordered(question: OrderQuestion): Ordered {
  const { provider, file, config, canonical } = question;
  const own = Object.entries(file.order).find(([name]) => canonical(name) === provider)?.[1];
  const written = own && own.length > 0 ? own : configuredOrder(config, provider, canonical);
  if (written) return { explicit: true, ids: [...new Set(written)] };
  return { explicit: false, ids: inTurn(question) };
}

function inTurn({ provider, file, config, canonical, lastUsed, now }: OrderQuestion): readonly string[] {
  const stored = storedOf(file, provider, canonical);
  if (stored.length < 2) return stored.map(({ id }) => id);
  const configured = configuredProfiles(config, provider, canonical);
  const place = (id: string) => (configured.includes(id) ? configured.indexOf(id) : configured.length);
  const expired = ({ type, expires }: Profile) => (type === "oauth" && expires !== undefined && expires <= now ? 1 : 0);
  const sorted = stored.toSorted(
    (a, b) =>
      RANK[a.type] - RANK[b.type] ||
      expired(a) - expired(b) ||
      lastUsed(a.id) - lastUsed(b.id) ||
      place(a.id) - place(b.id),
  );
  const ids = sorted.map(({ id }) => id);
  const good = Object.entries(file.lastGood).find(([name]) => canonical(name) === provider)?.[1];
  return good !== undefined && ids.includes(good) ? [good, ...ids.filter((id) => id !== good)] : ids;
}

/** The stored logins of a provider, as they are written. */
export function storedOf(file: AuthFile, provider: string, canonical: (id: string) => string): readonly Profile[] {
  return [...file.profiles.values()].filter((profile) => canonical(profile.provider) === provider);
}

export type Unusable = "missing_credential" | "invalid_expires" | "expired";

/** Why a stored login cannot be used by itself; undefined when it can, or can be renewed. */
export function unusable(profile: Profile | undefined, now: number): Unusable | undefined {
  if (!profile) return "missing_credential";
  if (profile.invalidExpires) return "invalid_expires";
  const renewable = profile.type === "oauth" && profile.refresh !== undefined;
  if (profile.secret === undefined && profile.ref === undefined && !renewable) return "missing_credential";
  return profile.expires !== undefined && profile.expires <= now && !renewable ? "expired" : undefined;
}
