/** A text as sound: the chosen voice, then the others, each with its own deadline. */
import type { ConfigSnapshot } from "../../../contracts/config.ts";
import { Fault, errorText } from "../../../base/errors.ts";
import { record } from "../../../base/record.ts";
import type { ModelsService } from "../../../models/index.ts";
import { SPEECH_PROVIDERS, speechProvider } from "./catalog.ts";
import { errors } from "../errors.ts";
import { inOrder } from "./order.ts";
import type { Readiness } from "./order.ts";
import { SpeechFailed, textIn } from "./provider.ts";
import type { Sound, SoundPurpose, SpeechAccess, SpeechIo, SpeechProvider, VoiceWishes } from "./provider.ts";
import type { SpeechSettings } from "./settings.ts";
import { asVoiceNote } from "./transcode.ts";

export interface SpeechDeps {
  readonly models: Pick<ModelsService, "access">;
  readonly io: SpeechIo;
}

export interface Wanted {
  readonly text: string;
  readonly purpose: SoundPurpose;
  readonly config: ConfigSnapshot;
  readonly settings: SpeechSettings;
  readonly agentId?: string;
  readonly provider?: string;
  readonly wishes: VoiceWishes;
  readonly signal: AbortSignal;
}

/** One provider that was asked. */
export interface Attempt {
  readonly provider: string;
  readonly ms: number;
  /** Absent when it worked. */
  readonly error?: string;
}

export interface Spoken {
  readonly sound: Sound;
  readonly provider: string;
  /** It can be sent as a voice note. */
  readonly asVoice: boolean;
  readonly attempts: readonly Attempt[];
}

/** Throws `SPEECH_PROVIDER_UNKNOWN`, `SPEECH_NONE_READY` or `SPEECH_FAILED`. */
export async function synthesize(deps: SpeechDeps, wanted: Wanted): Promise<Spoken> {
  const chosen = wanted.provider ?? wanted.settings.provider;
  if (chosen !== undefined && !speechProvider(chosen)) throw errors.SPEECH_PROVIDER_UNKNOWN({ provider: chosen });
  const order = inOrder(await readiness(deps, wanted), chosen);
  if (order.length === 0) throw errors.SPEECH_NONE_READY();
  const attempts: Attempt[] = [];
  for (const provider of order) {
    const begun = deps.io.clock.monotonic();
    const took = () => Math.round(deps.io.clock.monotonic() - begun);
    try {
      const spoken = await asked(deps, provider, forProvider(wanted, provider, chosen));
      return { ...spoken, provider: provider.id, attempts: [...attempts, { provider: provider.id, ms: took() }] };
    } catch (error) {
      if (wanted.signal.aborted) throw error;
      attempts.push({ provider: provider.id, ms: took(), error: sentenceOf(error) });
    }
  }
  throw errors.SPEECH_FAILED({ attempts });
}

/** Which voices could be asked now. */
export async function readiness(
  deps: SpeechDeps,
  { config, settings, agentId }: Pick<Wanted, "config" | "settings" | "agentId">,
): Promise<Readiness[]> {
  return Promise.all(
    SPEECH_PROVIDERS.map(async (provider) => ({
      provider,
      ready: await isReady(deps, provider, { config, settings, agentId }),
    })),
  );
}

async function isReady(
  deps: SpeechDeps,
  provider: SpeechProvider,
  given: { config: ConfigSnapshot; settings: SpeechSettings; agentId: string | undefined },
): Promise<boolean> {
  const own = given.settings.of(provider.id);
  if (own["enabled"] === false) return false;
  if (provider.onlyWhenSet) return textIn(own, "command") !== undefined;
  if (provider.vendor === undefined || textIn(own, "apiKey") !== undefined) return true;
  return deps.models.access(provider.vendor, given.config, where(given.agentId)).then(
    ({ apiKey }) => apiKey !== undefined,
    () => false,
  );
}

/** A voice of one provider says nothing to another. */
function forProvider(wanted: Wanted, provider: SpeechProvider, chosen: string | undefined): Wanted {
  const { voice: _voice, model: _model, ...common } = wanted.wishes;
  const isChosen = chosen === undefined || chosen === provider.id || provider.aliases?.includes(chosen) === true;
  return isChosen ? wanted : { ...wanted, wishes: common };
}

async function asked(
  { models, io }: SpeechDeps,
  provider: SpeechProvider,
  wanted: Wanted,
): Promise<Omit<Spoken, "provider" | "attempts">> {
  const { config, purpose, settings, text, wishes } = wanted;
  const own = settings.of(provider.id);
  const late = new AbortController();
  const cancel = io.clock.timer(settings.timeoutMs, () =>
    late.abort(new SpeechFailed(`no sound within ${Math.round(settings.timeoutMs / 1000)} s`)),
  );
  const signal = AbortSignal.any([wanted.signal, late.signal]);
  try {
    const access = await accessFor(models, provider, { config, own, agentId: wanted.agentId });
    const { synthesize } = await provider.load();
    const defaults = { model: provider.models[0], voice: provider.voices[0] };
    const job = { text, purpose, wishes, settings: { ...defaults, ...own }, access, signal };
    const sound = await abortable(synthesize(job, io), signal);
    if (purpose === "file") return { sound, asVoice: false };
    const note = await asVoiceNote(sound, io.programs, signal);
    return { sound: note ?? sound, asVoice: note !== undefined };
  } catch (error) {
    throw late.signal.aborted && !wanted.signal.aborted ? late.signal.reason : error;
  } finally {
    cancel();
  }
}

async function accessFor(
  models: Pick<ModelsService, "access">,
  provider: SpeechProvider,
  {
    config,
    own,
    agentId,
  }: { config: ConfigSnapshot; own: Readonly<Record<string, unknown>>; agentId: string | undefined },
): Promise<SpeechAccess> {
  const key = textIn(own, "apiKey");
  const address = textIn(own, "baseUrl");
  const trimmed = (url: string) => url.replace(/\/+$/, "");
  if (provider.vendor === undefined) return { baseUrl: trimmed(address ?? provider.baseUrl), headers: {} };
  if (key !== undefined) return { baseUrl: trimmed(address ?? provider.baseUrl), apiKey: key, headers: {} };
  const access = await models.access(provider.vendor, config, where(agentId));
  // The key of a vendor goes to the vendor's address, or to the one that the operator named beside the voice.
  const baseUrl = trimmed(address ?? (access.configured && access.baseUrl !== "" ? access.baseUrl : provider.baseUrl));
  return {
    baseUrl,
    headers: record(access.headers) as Record<string, string>,
    ...(access.apiKey === undefined ? {} : { apiKey: access.apiKey }),
  };
}

function where(agentId: string | undefined): { agentId?: string } {
  return agentId === undefined ? {} : { agentId };
}

/** `work`, given up as soon as the signal says so, whether or not it listens. */
async function abortable<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  signal.throwIfAborted();
  const given = Promise.withResolvers<never>();
  const stop = () => given.reject(signal.reason);
  signal.addEventListener("abort", stop, { once: true });
  try {
    return await Promise.race([work, given.promise]);
  } finally {
    signal.removeEventListener("abort", stop);
  }
}

function sentenceOf(error: unknown): string {
  return error instanceof Fault || error instanceof SpeechFailed ? error.message : errorText(error);
}
