import { compact } from "../../base/text.ts";
import { errorText } from "../../base/errors.ts";
import { uuid } from "../../base/ids.ts";
import { provide } from "../../contracts/service.ts";
import type { ServiceContext } from "../../contracts/service.ts";
import { Models } from "../../models/index.ts";
import { prefsPath, readPrefs, writePrefs } from "./_speech/prefs.ts";
import { inOrder } from "./_speech/order.ts";
import { SoundFiles } from "./_speech/files.ts";
import { speechSettings } from "./_speech/settings.ts";
import type { Where } from "./_speech/settings.ts";
import { speechProvider } from "./_speech/catalog.ts";
import { readiness, synthesize } from "./_speech/synthesize.ts";
import type { Attempt, Spoken, Wanted } from "./_speech/synthesize.ts";
import { speakable } from "./_speech/clean.ts";
import { textToSpeak } from "./_speech/decide.ts";
import { Voice } from "./_service-tokens.ts";
import { errors } from "./errors.ts";
import type { SoundFile, VoiceService } from "./index.ts";

export const services = [provide(Voice, makeVoice)];

/** Networks that show sound as a message that was spoken. */
const VOICE_NOTES: ReadonlySet<string> = new Set(["telegram", "feishu", "matrix", "whatsapp"]);

async function makeVoice({ use, platform }: ServiceContext): Promise<VoiceService> {
  const models = await use(Models);
  const log = platform.log.for("voice");
  const { clock, connect, env, fetch, random, spawn } = platform;
  const files = new SoundFiles(platform.paths.state);
  const programs = { spawn, env, scratch: files.folder, uuid: () => uuid(random) };
  const deps = { models, io: { fetch, connect, clock, random, programs } };
  let last: readonly Attempt[] | undefined;

  const speak = async (wanted: Omit<Wanted, "purpose">, { channel }: Where): Promise<SoundFile> => {
    const purpose = VOICE_NOTES.has(channel ?? "") ? "voice-note" : "file";
    const spoken = await synthesize(deps, { ...wanted, purpose }, (attempts) => (last = attempts));
    return kept(spoken);
  };

  const kept = async ({ sound, provider, asVoice }: Spoken): Promise<SoundFile> => {
    const path = await files.keep(sound, programs.uuid());
    return { path, mimeType: sound.mimeType, provider, format: sound.format, asVoice };
  };

  return {
    async spoken(answer) {
      const { config, signal, ...where } = answer;
      try {
        const settings = speechSettings(config, await readPrefs(platform, config), where);
        const decided = await textToSpeak({ models, clock, log }, answer, settings);
        if (decided === undefined) return undefined;
        return await speak({ config, settings, signal, turnedOn: true, ...agentOf(where), ...decided }, where);
      } catch (error) {
        if (!signal.aborted) log.warn("an answer was not spoken", { error: errorText(error) });
        return undefined;
      }
    },

    async convert({ text, config, provider, voice, model, timeoutMs, signal, settings: over, ...where }) {
      const settings = speechSettings(config, await readPrefs(platform, config), where, over);
      const words = speakable(text);
      if (words === "") throw errors.SPEECH_NOTHING();
      if (words.length > settings.maxTextLength)
        throw errors.SPEECH_TOO_LONG({ length: words.length, most: settings.maxTextLength });
      const wishes = { ...(voice === undefined ? {} : { voice }), ...(model === undefined ? {} : { model }) };
      const chosen = compact({ provider, timeoutMs });
      const turnedOn = settings.auto !== "off";
      const wanted = { text: words, config, settings, signal, wishes, turnedOn, ...agentOf(where), ...chosen };
      return speak(wanted, where);
    },

    async state(config, where = {}) {
      const prefs = await readPrefs(platform, config);
      const settings = speechSettings(config, prefs, where);
      const turnedOn = settings.auto !== "off";
      const all = await readiness(deps, { config, settings, turnedOn, ...agentOf(where) });
      const [first, ...rest] = inOrder(all, settings.provider).map(({ id }) => id);
      return {
        auto: settings.auto,
        provider: first,
        fallbacks: rest,
        providers: all.map(({ provider: { id, label, keyless, models: known, voices }, ready }) => ({
          id,
          label,
          configured: ready,
          keyless: keyless === true,
          models: known,
          voices,
        })),
        persona: settings.persona?.id,
        personas: settings.personas.map(({ id, label, description, provider: own }) => ({
          id,
          label,
          ...compact({ description, provider: own }),
        })),
        prefs,
        prefsPath: prefsPath(platform, config),
        maxLength: settings.maxLength,
        summarize: settings.summarize,
        ...(last === undefined ? {} : { last }),
      };
    },

    async choose(config, change) {
      const { persona, provider } = change;
      const { personas } = speechSettings(config, {});
      if (persona !== undefined && persona !== "" && !personas.some(({ id }) => id === persona))
        throw errors.SPEECH_PERSONA_UNKNOWN({ persona, known: personas.map(({ id }) => id) });
      const known = provider === undefined ? undefined : speechProvider(provider);
      if (provider !== undefined && !known) throw errors.SPEECH_PROVIDER_UNKNOWN({ provider });
      return writePrefs(platform, config, known ? { ...change, provider: known.id } : change);
    },

    sweep: () => files.sweep(clock.now()),
  };
}

function agentOf({ agentId }: Where): { readonly agentId?: string } {
  return agentId === undefined ? {} : { agentId };
}
