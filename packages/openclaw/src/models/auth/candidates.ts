/** Everything that could be sent to a provider as a credential, in the order in which it is tried. Pure. */
import type { Env } from "../../base/env.ts";
import type { ConfigSnapshot } from "../../contracts/config.ts";
import type { Login } from "../../contracts/model.ts";
import type { KnownProvider } from "../_providers.ts";
import { envKeys } from "./env-keys.ts";
import { ordered, unusable } from "./order.ts";
import type { Unusable } from "./order.ts";
import type { AuthFile, Profile } from "./profile.ts";
import { keyText } from "./secret-text.ts";
import { EXCHANGED, needsRenewal } from "./renewal.ts";

export interface Candidate {
  /** `provider:label`; `env:NAME`; `config:provider`. */
  readonly id: string;
  readonly source: "profile" | "env" | "config";
  readonly kind: Login["kind"];
  /** For people: where it is kept. */
  readonly shown: string;
  readonly profile?: Profile;
  readonly secret?: string;
  /** The secret can be sent as it is. */
  readonly plain: boolean;
  readonly problem?: Unusable | "unusable_key";
  /** What is wrong with the key itself. */
  readonly text?: string;
}

export interface CandidateQuestion {
  readonly provider: KnownProvider;
  readonly config: ConfigSnapshot;
  readonly file: AuthFile;
  readonly canonical: (id: string) => string;
  /** `keysOf` the provider. */
  readonly keys: () => readonly Candidate[];
  readonly now: number;
  readonly pin?: { readonly profileId: string; readonly by: "user" | "auto" } | undefined;
}

export interface Candidates {
  readonly list: readonly Candidate[];
  /** The list was written down by somebody. */
  readonly explicit: boolean;
  /** A person's pin left one candidate. */
  readonly pinned: boolean;
}

export function candidatesOf(asked: CandidateQuestion, lastUsed: (id: string) => number): Candidates {
  const { provider, file, canonical, now, pin } = asked;
  const mine = pin && canonical(file.profiles.get(pin.profileId)?.provider ?? pin.profileId.split(":", 1)[0] ?? "");
  const holds = pin !== undefined && mine === provider.id;
  const stored = (id: string) => ofProfile(id, file.profiles.get(id), now);
  if (holds && pin.by === "user") return { list: [stored(pin.profileId)], explicit: false, pinned: true };
  const order = ordered({ provider: provider.id, file, config: asked.config, canonical, lastUsed, now });
  const first = holds && order.ids.includes(pin.profileId) ? [pin.profileId] : [];
  const ids = [...first, ...order.ids.filter((id) => !first.includes(id))];
  const profiles = ids.map(stored);
  return { list: order.explicit ? profiles : [...profiles, ...asked.keys()], explicit: order.explicit, pinned: false };
}

function ofProfile(id: string, profile: Profile | undefined, now: number): Candidate {
  const problem = unusable(profile, now);
  const read = profile?.secret === undefined ? undefined : keyText(profile.secret);
  const secret = read && "key" in read ? read.key : undefined;
  const text = read && "problem" in read && profile?.ref === undefined ? read.problem : undefined;
  const reason = problem ?? (text === undefined ? undefined : ("unusable_key" as const));
  return {
    id,
    source: "profile",
    kind: profile?.type ?? "api_key",
    shown: `profile ${id}`,
    plain:
      profile !== undefined &&
      profile.ref === undefined &&
      !needsRenewal(profile, now) &&
      !EXCHANGED.has(profile.provider),
    ...(profile ? { profile } : {}),
    ...(secret === undefined ? {} : { secret }),
    ...(reason === undefined ? {} : { problem: reason }),
    ...(text === undefined ? {} : { text }),
  };
}

/** Keys of the environment and of the operator's entry: they serve every agent. */
export function keysOf(provider: KnownProvider, env: Env): readonly Candidate[] {
  const environment = envKeys(provider.id, provider.keyEnvs, env).map(({ name, text }) =>
    ofKey({ id: `env:${name}`, source: "env", shown: name }, text, provider.id),
  );
  if (provider.entryKey === undefined) return environment;
  const id = `config:${provider.id}`;
  const shown = `models.providers.${provider.id}.apiKey`;
  const own = ofKey({ id, source: "config", shown }, provider.entryKey, provider.id);
  const known = new Set([own.secret]);
  const others = environment.filter(({ secret }) => !known.has(secret));
  // A key that belongs to the vendor is not sent to another host while there is one meant for that host.
  return provider.moved || !provider.needsKey ? [own] : [...others, own];
}

function ofKey(base: Pick<Candidate, "id" | "source" | "shown">, text: string, provider: string): Candidate {
  const read = keyText(text);
  const plain = !EXCHANGED.has(provider);
  if ("key" in read) return { ...base, kind: "api_key", secret: read.key, plain };
  return { ...base, kind: "api_key", plain, problem: "unusable_key", text: read.problem };
}
