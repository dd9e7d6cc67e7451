/** Which voices are asked, in their order. Pure. */
import type { SpeechProvider } from "./provider.ts";

export interface Readiness {
  readonly provider: SpeechProvider;
  /** It can be asked: it has its key, or its program. */
  readonly ready: boolean;
}

/**
 * The one that was chosen first, then every other one that is ready. Nothing chosen: OpenAI and ElevenLabs where there
 * are keys, then those without a rank that have one. A service that needs no key comes last of all.
 */
export function inOrder(all: readonly Readiness[], chosen: string | undefined): readonly SpeechProvider[] {
  const first = all.find(({ provider }) => provider.id === chosen || provider.aliases?.includes(chosen ?? ""));
  const rest = all
    .filter((one) => one !== first && one.ready && one.provider.onlyWhenSet !== true)
    .toSorted((a, b) => rank(a.provider) - rank(b.provider));
  const set = all.filter((one) => one !== first && one.ready && one.provider.onlyWhenSet === true);
  return [...(first ? [first] : []), ...set, ...rest].map(({ provider }) => provider);
}

function rank({ rank: told, vendor }: SpeechProvider): number {
  return vendor === undefined ? 1000 : (told ?? 100);
}
