/** Bodies of `infer tts …`. */
import { resolve } from "node:path";
import { cwd } from "node:process";
import type { CliContext } from "../../contracts/cli.ts";
import { move } from "../../base/files.ts";
import { Config } from "../config/index.ts";
import { Voice } from "../voice/index.ts";
import type { VoiceService, VoiceState } from "../voice/index.ts";
import type { ConfigSnapshot } from "../../contracts/config.ts";
import { fullRef, textOf } from "./_ask.ts";
import { answered } from "./_envelope.ts";
import type { Done } from "./_envelope.ts";

export function convert(context: CliContext): Promise<number | void> {
  const { options, signal } = context;
  return answered(context, "tts.convert", async () => {
    const text = textOf(options, "text");
    const ref = fullRef(options);
    const { voice, config } = await speech(context);
    const sound = await voice.convert({
      text,
      config,
      signal,
      ...(typeof options["channel"] === "string" ? { channel: options["channel"] } : {}),
      ...(typeof options["voice"] === "string" ? { voice: options["voice"] } : {}),
      ...(ref === undefined ? {} : { provider: ref.split("/", 1)[0] ?? ref, model: ref.slice(ref.indexOf("/") + 1) }),
    });
    const wanted = typeof options["output"] === "string" ? resolve(cwd(), options["output"]) : undefined;
    if (wanted !== undefined) await move(sound.path, wanted);
    const { mimeType, format, asVoice } = sound;
    return {
      provider: sound.provider,
      outputs: [{ path: wanted ?? sound.path, mimeType, outputFormat: format, voiceCompatible: asVoice }],
    };
  });
}

export const voices = shown("tts.voices", ({ providers }) =>
  providers.flatMap(({ id, voices: names }) => names.map((name) => ({ text: `${id}/${name}` }))),
);

export const providers = shown("tts.providers", ({ providers: all }) =>
  all.map(({ id, label, configured, keyless }) => ({
    text: `${id}  ${label}  ${configured ? "ready" : keyless ? "needs no key; when it is chosen" : "no key"}`,
    id,
    configured,
  })),
);

export const status = shown("tts.status", ({ auto, provider, fallbacks }) => [
  { text: `Spoken answers: ${auto}`, auto },
  { text: `Provider: ${provider === undefined ? "none is ready" : [provider, ...fallbacks].join(" → ")}` },
]);

export const enable = chosen({ auto: "always" }, "Every answer is spoken, where a chat does not say otherwise.");
export const disable = chosen({ auto: "off" }, "No answer is spoken, where a chat does not say otherwise.");

export function setProvider(context: CliContext): Promise<number | void> {
  const provider = context.args[0] ?? "";
  return chosen({ provider }, `Speech provider: ${provider}`)(context);
}

async function speech({ use, config }: CliContext): Promise<{ voice: VoiceService; config: ConfigSnapshot }> {
  return { voice: await use(Voice), config: await config() };
}

function shown(capability: string, outputs: (state: VoiceState) => Done["outputs"]) {
  return (context: CliContext): Promise<number | void> =>
    answered(context, capability, async () => {
      const { voice, config } = await speech(context);
      const state = await voice.state(config);
      return { provider: state.provider ?? null, outputs: outputs(state) };
    });
}

function chosen(change: Parameters<VoiceService["choose"]>[1], said: string) {
  return (context: CliContext): Promise<number | void> =>
    answered(context, "tts.choose", async () => {
      const [voice, config] = await Promise.all([context.use(Voice), context.use(Config)]);
      await voice.choose(config.current(), change);
      return { outputs: [{ text: said }] };
    });
}
