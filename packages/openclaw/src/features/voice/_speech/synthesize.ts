/** A text as sound: the chosen voice, then the others, each with its own deadline. */
import type { ConfigSnapshot } from "../../../contracts/config.ts";
import { Fault, errorText } from "../../../base/errors.ts";
import { record } from "../../../base/record.ts";
import { keyText } from "../../../models/index.ts";
import type { ModelsService } from "../../../models/index.ts";
import { SPEECH_PROVIDERS, speechProvider } from "./catalog.ts";
import { errors } from "../errors.ts";
import { inOrder } from "./order.ts";
import type { Readiness } from "./order.ts";
import { SpeechFailed, numberIn, textIn } from "./provider.ts";
import type { Sound, SoundPurpose, SpeechAccess, SpeechIo, SpeechProvider, VoiceWishes } from "./provider.ts";
import { isBound } from "./persona.ts";
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
  /** The owner wants answers spoken here: a service without a key may be asked. */
  readonly turnedOn: boolean;
  /** Over what is configured. */
  readonly timeoutMs?: number;
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
}

/**
 * Throws `SPEECH_PROVIDER_UNKNOWN`, `SPEECH_NONE_READY` or `SPEECH_FAILED`. `tried` is told of everybody who was asked,
 * however it ends.
 */
export async function synthesize(
  deps: SpeechDeps,
  wanted: Wanted,
  tried: (attempts: readonly Attempt[]) => void = () => {},
): Promise<Spoken> {
  const chosen = wanted.provider ?? wanted.settings.provider;
  if (chosen !== undefined && !speechProvider(chosen)) throw errors.SPEECH_PROVIDER_UNKNOWN({ provider: chosen });
  const { persona } = wanted.settings;
  const order = inOrder(await readiness(deps, wanted), chosen).filter(
    (one) => persona?.policy !== "fail" || isBound(persona, namesOf(one)),
  );
  if (order.length === 0) throw errors.SPEECH_NONE_READY();
  const attempts: Attempt[] = [];
  for (const provider of order) {
    const begun = deps.io.clock.monotonic();
    const took = () => Math.round(deps.io.clock.monotonic() - begun);
    try {
      const spoken = await asked(deps, provider, forProvider(wanted, provider, chosen));
      attempts.push({ provider: provider.id, ms: took() });
      tried(attempts);
      return { ...spoken, provider: provider.id };
    } catch (error) {
      if (wanted.signal.aborted) throw error;
      attempts.push({ provider: provider.id, ms: took(), error: sentenceOf(error) });
    }
  }
  tried(attempts);
  throw errors.SPEECH_FAILED({ attempts });
}

/** Which voices could be asked now. */
export async function readiness(
  deps: SpeechDeps,
  { config, settings, agentId, turnedOn }: Pick<Wanted, "config" | "settings" | "agentId" | "turnedOn">,
): Promise<Readiness[]> {
  const all = await Promise.all(
    SPEECH_PROVIDERS.map(async (provider) => ({
      provider,
      ready: await isReady(deps, provider, { config, settings, agentId }),
      off: settingsOf(deps, provider, settings)["enabled"] === false,
    })),
  );
  const last = turnedOn && !all.some(({ ready }) => ready);
  return all.map((one) => (one.provider.keyless === true && last && !one.off ? { ...one, ready: true } : one));
}

/** What the operator says of it, over the environment. */
function settingsOf({ io }: SpeechDeps, { id, aliases = [], env = {} }: SpeechProvider, settings: SpeechSettings) {
  const ambient = Object.entries(env).flatMap(([name, variables]) => {
    const value = variables.map((variable) => io.programs.env[variable]?.trim()).find(Boolean);
    return value === undefined ? [] : [[name, value] as const];
  });
  return { ...Object.fromEntries(ambient), ...settings.of(...aliases, id) };
}

async function isReady(
  deps: SpeechDeps,
  provider: SpeechProvider,
  given: { config: ConfigSnapshot; settings: SpeechSettings; agentId: string | undefined },
): Promise<boolean> {
  const own = settingsOf(deps, provider, given.settings);
  const has = (name: string) => textIn(own, name) !== undefined;
  if (own["enabled"] === false) return false;
  if (provider.needs) return provider.needs.some((names) => names.split("+").every(has));
  if (provider.vendor === undefined) return own["enabled"] === true;
  if (has("apiKey")) return true;
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

async function asked(deps: SpeechDeps, provider: SpeechProvider, wanted: Wanted): Promise<Omit<Spoken, "provider">> {
  const { models, io } = deps;
  const { config, purpose, settings, text, wishes } = wanted;
  const own = settingsOf(deps, provider, settings);
  const late = new AbortController();
  const longest = wanted.timeoutMs ?? numberIn(own, "timeoutMs") ?? provider.timeoutMs ?? settings.timeoutMs;
  const cancel = io.clock.timer(longest, () =>
    late.abort(new SpeechFailed(`no sound within ${Math.round(longest / 1000)} s`)),
  );
  const signal = AbortSignal.any([wanted.signal, late.signal]);
  try {
    const access = await accessFor(models, provider, { config, own, agentId: wanted.agentId });
    const { synthesize } = await provider.load();
    const usual = { model: provider.models[0] ?? "", voice: provider.voices[0] ?? "" };
    const manner = mannerFor(provider, settings);
    const job = { text, purpose, wishes, settings: own, ...manner, usual, access, signal };
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

/** The words of a persona, where they hold for this provider. */
function mannerFor(provider: SpeechProvider, { persona }: SpeechSettings): { readonly manner?: string } {
  if (!persona || persona.manner === "") return {};
  return persona.policy === "provider-defaults" && !isBound(persona, namesOf(provider))
    ? {}
    : { manner: persona.manner };
}

function namesOf({ id, aliases = [] }: SpeechProvider): readonly string[] {
  return [...aliases, id];
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
  const key = ownKey(own);
  const address = textIn(own, "baseUrl");
  const trimmed = (url: string) => url.replace(/\/+$/, "");
  if (provider.vendor === undefined || key !== undefined)
    return {
      baseUrl: trimmed(address ?? provider.baseUrl),
      ...(key === undefined ? {} : { apiKey: key }),
      headers: {},
    };
  const access = await models.access(provider.vendor, config, where(agentId));
  // The key of a vendor goes to the vendor's address, or to the one that the operator named beside the voice.
  const baseUrl = trimmed(address ?? (access.baseUrl === "" ? provider.baseUrl : access.baseUrl));
  return {
    baseUrl,
    headers: record(access.headers) as Record<string, string>,
    ...(access.apiKey === undefined ? {} : { apiKey: access.apiKey }),
  };
}

/** The operator's key for this voice, without what pasting adds. */
function ownKey(own: Readonly<Record<string, unknown>>): string | undefined {
  const given = textIn(own, "apiKey");
  const read = given === undefined ? undefined : keyText(given);
  if (read && "problem" in read) throw new SpeechFailed(`its key cannot be used: ${read.problem}`);
  return read?.key;
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
