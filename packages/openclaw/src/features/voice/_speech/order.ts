/** Which voices are asked, in their order. Pure. */
import type { SpeechProvider } from "./provider.ts";

export interface Readiness {
  readonly provider: SpeechProvider;
  /** It can be asked: it has its key, or its program. */
  readonly ready: boolean;
  /** The operator forbids it. */
  readonly off?: boolean;
}

/**
 * The one that was chosen first, then every other one that is ready. Nothing chosen: a program that the operator named,
 * OpenAI and ElevenLabs where there are keys, then those without a rank that have one. A service that needs no key
 * comes last of all.
 */
export function inOrder(given: readonly Readiness[], chosen: string | undefined): readonly SpeechProvider[] {
  const all = given.filter(({ off }) => off !== true);
  const first = all.find(({ provider }) => provider.id === chosen || provider.aliases?.includes(chosen ?? ""));
  const rest = all.filter((one) => one !== first && one.ready).toSorted((a, b) => rank(a.provider) - rank(b.provider));
  return [...(first ? [first] : []), ...rest].map(({ provider }) => provider);
}

const LATE = 100;

/** Those without a key of somebody else were set up by hand: they come first. */
function rank({ rank: told, keyless }: SpeechProvider): number {
  return keyless === true ? LATE * 10 : (told ?? LATE);
}
