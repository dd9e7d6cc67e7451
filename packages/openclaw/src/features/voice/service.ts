import { join } from "node:path";
import { errorText } from "../../base/errors.ts";
import { ensureDir, writeDurable } from "../../base/files.ts";
import { extensionOf } from "../../base/file-type.ts";
import { uuid } from "../../base/ids.ts";
import { provide } from "../../contracts/service.ts";
import type { ServiceContext } from "../../contracts/service.ts";
import { Models } from "../../models/index.ts";
import { prefsPath, readPrefs, writePrefs } from "./_speech/prefs.ts";
import { inOrder } from "./_speech/order.ts";
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
  const scratch = join(platform.paths.state, "media", "speech");
  const programs = { spawn: platform.spawn, env: platform.env, scratch, uuid: () => uuid(platform.random) };
  const deps = { models, io: { fetch: platform.fetch, clock: platform.clock, programs } };
  let last: readonly Attempt[] | undefined;

  const speak = async (wanted: Omit<Wanted, "purpose">, { channel }: Where): Promise<SoundFile> => {
    const purpose = VOICE_NOTES.has(channel ?? "") ? "voice-note" : "file";
    const spoken = await synthesize(deps, { ...wanted, purpose });
    last = spoken.attempts;
    return kept(spoken);
  };

  const kept = async ({ sound, provider, asVoice }: Spoken): Promise<SoundFile> => {
    await ensureDir(scratch);
    const path = join(scratch, `speech-${programs.uuid()}.${extensionOf(sound.mimeType)}`);
    await writeDurable(path, sound.audio);
    return { path, mimeType: sound.mimeType, provider, format: sound.format, asVoice };
  };

  return {
    async spoken(answer) {
      const { config, signal, ...where } = answer;
      try {
        const settings = speechSettings(config, await readPrefs(platform, config), where);
        const decided = await textToSpeak({ models, clock: platform.clock, log }, answer, settings);
        if (decided === undefined) return undefined;
        return await speak({ config, settings, signal, ...agentOf(where), ...decided }, where);
      } catch (error) {
        if (!signal.aborted) log.warn("an answer was not spoken", { error: errorText(error) });
        return undefined;
      }
    },

    async convert({ text, config, provider, voice, model, timeoutMs, signal, ...where }) {
      const settings = speechSettings(config, await readPrefs(platform, config), where);
      const words = speakable(text);
      if (words === "") throw errors.SPEECH_NOTHING();
      if (words.length > settings.maxTextLength)
        throw errors.SPEECH_TOO_LONG({ length: words.length, most: settings.maxTextLength });
      const wishes = { ...(voice === undefined ? {} : { voice }), ...(model === undefined ? {} : { model }) };
      const patient = timeoutMs === undefined ? settings : { ...settings, timeoutMs };
      const chosen = provider === undefined ? {} : { provider };
      return speak({ text: words, config, settings: patient, signal, wishes, ...agentOf(where), ...chosen }, where);
    },

    async state(config, where = {}) {
      const prefs = await readPrefs(platform, config);
      const settings = speechSettings(config, prefs, where);
      const all = await readiness(deps, { config, settings, ...agentOf(where) });
      const [first, ...rest] = inOrder(all, settings.provider).map(({ id }) => id);
      return {
        auto: settings.auto,
        provider: first,
        fallbacks: rest,
        providers: all.map(({ provider: { id, label, models: known, voices }, ready }) => ({
          id,
          label,
          configured: ready,
          models: known,
          voices,
        })),
        prefs,
        prefsPath: prefsPath(platform, config),
        maxLength: settings.maxLength,
        summarize: settings.summarize,
        ...(last === undefined ? {} : { last }),
      };
    },

    async choose(config, change) {
      const { provider } = change;
      const known = provider === undefined ? undefined : speechProvider(provider);
      if (provider !== undefined && !known) throw errors.SPEECH_PROVIDER_UNKNOWN({ provider });
      return writePrefs(platform, config, known ? { ...change, provider: known.id } : change);
    },
  };
}

function agentOf({ agentId }: Where): { readonly agentId?: string } {
  return agentId === undefined ? {} : { agentId };
}
