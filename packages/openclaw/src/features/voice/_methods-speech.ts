/** `tts.*` and `talk.speak`: answers that are spoken. */
import { Type, choice, closed } from "../../contracts/schema.ts";
import { defineMethod } from "../../contracts/method.ts";
import type { MethodCall } from "../../contracts/method.ts";
import { readBytes, remove } from "../../base/files.ts";
import { Config } from "../config/index.ts";
import { Voice } from "./_service-tokens.ts";
import { talkWishes } from "./_talk.ts";
import type { Prefs, SoundFile } from "./index.ts";

const Open = Type.Record(Type.String(), Type.Unknown());
const Name = Type.Union([Type.String(), Type.Null()]);
const words = Type.String({ minLength: 1, maxLength: 40_000 });
const maybe = Type.Optional(Type.String({ minLength: 1, maxLength: 200 }));
const Persona = closed({
  id: Type.String(),
  label: Type.String(),
  description: Type.Optional(Type.String()),
  provider: Type.Optional(Type.String()),
});
const MAX_AUDIO = 32 * 1024 * 1024;

interface Asked {
  readonly text: string;
  readonly channel?: string;
  readonly provider?: string;
  readonly voiceId?: string;
  readonly modelId?: string;
  /** Settings over those of `messages.tts`, by provider. */
  readonly settings?: Readonly<Record<string, unknown>>;
}

async function converted(call: MethodCall, asked: Asked): Promise<SoundFile> {
  const [voice, config] = await Promise.all([call.use(Voice), call.use(Config)]);
  const { text, channel, provider, voiceId, modelId, settings } = asked;
  return voice.convert({
    text,
    config: config.current(),
    signal: call.signal,
    ...(channel === undefined ? {} : { channel }),
    ...(provider === undefined ? {} : { provider }),
    ...(voiceId === undefined ? {} : { voice: voiceId }),
    ...(modelId === undefined ? {} : { model: modelId }),
    ...(settings === undefined ? {} : { settings }),
  });
}

/** The sound in the answer itself; the file goes. */
async function inline(call: MethodCall, asked: Asked) {
  const { path, mimeType, provider, format } = await converted(call, asked);
  try {
    const audio = await readBytes(path, MAX_AUDIO);
    return {
      audioBase64: Buffer.from(audio ?? []).toString("base64"),
      provider,
      outputFormat: format,
      mimeType,
      mime: mimeType,
      fileExtension: `.${path.split(".").at(-1) ?? "mp3"}`,
    };
  } finally {
    await remove(path);
  }
}

async function choose(call: MethodCall, change: Prefs) {
  const [voice, config] = await Promise.all([call.use(Voice), call.use(Config)]);
  return voice.choose(config.current(), change);
}

export const speechMethods = [
  defineMethod({
    name: "tts.status",
    scope: "operator.read",
    summary: "Whether answers are spoken, and by whom.",
    params: closed({}),
    result: closed({
      enabled: Type.Boolean(),
      auto: choice(["off", "always", "inbound", "tagged"]),
      provider: Name,
      fallbackProvider: Name,
      fallbackProviders: Type.Array(Type.String()),
      prefsPath: Type.String(),
      providerStates: Type.Array(closed({ id: Type.String(), label: Type.String(), configured: Type.Boolean() })),
      persona: Name,
      personas: Type.Array(Persona),
    }),
    async run(call) {
      const [voice, config] = await Promise.all([call.use(Voice), call.use(Config)]);
      const state = await voice.state(config.current());
      const { auto, provider, fallbacks, providers, prefsPath } = state;
      return {
        enabled: auto !== "off",
        auto,
        provider: provider ?? null,
        fallbackProvider: fallbacks[0] ?? null,
        fallbackProviders: [...fallbacks],
        prefsPath,
        providerStates: providers.map(({ id, label, configured }) => ({ id, label, configured })),
        persona: state.persona ?? null,
        personas: [...state.personas],
      };
    },
  }),
  defineMethod({
    name: "tts.providers",
    scope: "operator.read",
    summary: "Voices to choose from.",
    params: closed({}),
    result: closed({
      providers: Type.Array(
        closed({
          id: Type.String(),
          name: Type.String(),
          configured: Type.Boolean(),
          models: Type.Array(Type.String()),
          voices: Type.Array(Type.String()),
        }),
      ),
      active: Name,
    }),
    async run(call) {
      const [voice, config] = await Promise.all([call.use(Voice), call.use(Config)]);
      const { provider, providers } = await voice.state(config.current());
      const rows = providers.map(({ id, label, configured, models, voices }) => ({
        id,
        name: label,
        configured,
        models: [...models],
        voices: [...voices],
      }));
      return { providers: rows, active: provider ?? null };
    },
  }),
  defineMethod({
    name: "tts.enable",
    scope: "operator.write",
    summary: "Speaks every answer, where nothing else was chosen.",
    params: closed({}),
    result: closed({ enabled: Type.Literal(true) }),
    async run(call) {
      await choose(call, { auto: "always" });
      return { enabled: true as const };
    },
  }),
  defineMethod({
    name: "tts.disable",
    scope: "operator.write",
    summary: "Stops speaking answers.",
    params: closed({}),
    result: closed({ enabled: Type.Literal(false) }),
    async run(call) {
      await choose(call, { auto: "off" });
      return { enabled: false as const };
    },
  }),
  defineMethod({
    name: "tts.setProvider",
    scope: "operator.write",
    summary: "Chooses who speaks.",
    params: closed({ provider: Type.String({ minLength: 1, maxLength: 100 }) }),
    result: closed({ provider: Type.String() }),
    async run(call, { provider }) {
      const prefs = await choose(call, { provider });
      return { provider: prefs.provider ?? provider };
    },
  }),
  defineMethod({
    name: "tts.personas",
    scope: "operator.read",
    summary: "Ways of speaking to choose from.",
    params: closed({}),
    result: closed({ personas: Type.Array(Persona), active: Name }),
    async run(call) {
      const [voice, config] = await Promise.all([call.use(Voice), call.use(Config)]);
      const { persona, personas } = await voice.state(config.current());
      return { personas: [...personas], active: persona ?? null };
    },
  }),
  defineMethod({
    name: "tts.setPersona",
    scope: "operator.write",
    summary: "Chooses a way of speaking; null for none.",
    params: closed({ persona: Type.Union([Type.String({ maxLength: 100 }), Type.Null()]) }),
    result: closed({ persona: Name }),
    async run(call, { persona }) {
      const prefs = await choose(call, { persona: persona ?? "" });
      return { persona: prefs.persona || null };
    },
  }),
  defineMethod({
    name: "tts.convert",
    scope: "operator.write",
    summary: "Makes a sound file of a text.",
    params: closed({ text: words, channel: maybe, provider: maybe, voiceId: maybe, modelId: maybe }),
    result: closed({
      audioPath: Type.String(),
      provider: Type.String(),
      outputFormat: Type.String(),
      voiceCompatible: Type.Boolean(),
    }),
    async run(call, params) {
      const { path, provider, format, asVoice } = await converted(call, params);
      return { audioPath: path, provider, outputFormat: format, voiceCompatible: asVoice };
    },
  }),
  defineMethod({
    name: "tts.speak",
    scope: "operator.write",
    summary: "Makes sound of a text and gives it back.",
    params: closed({ text: words, provider: maybe, voiceId: maybe, modelId: maybe }),
    result: Open,
    run: (call, params) => inline(call, params),
  }),
  defineMethod({
    name: "talk.speak",
    scope: "operator.talk",
    summary: "Makes sound of a text for a device that talks.",
    open: true,
    params: closed({ text: words, provider: maybe, voiceId: maybe, modelId: maybe }),
    result: Open,
    async run(call, params) {
      const config = (await call.use(Config)).current();
      return inline(call, { ...params, ...talkWishes(config.at("talk"), params) });
    },
  }),
];
