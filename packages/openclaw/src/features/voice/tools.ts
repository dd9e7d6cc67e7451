/** The tool `tts`. */
import { Type, closed } from "../../contracts/schema.ts";
import { defineTool } from "../../contracts/tool.ts";
import { Config } from "../config/index.ts";
import { Voice } from "./_service-tokens.ts";

export const ttsParams = closed({
  text: Type.String({ minLength: 1, maxLength: 40_000, description: "What is to be spoken" }),
  channel: Type.Optional(Type.String({ maxLength: 64, description: "Network it is for; default: this chat's" })),
  voice: Type.Optional(Type.String({ maxLength: 200 })),
  timeoutMs: Type.Optional(Type.Integer({ minimum: 1000, maximum: 600_000 })),
});

export const tools = [
  defineTool({
    name: "tts",
    group: "media",
    label: "Speak a text",
    summary: "Speak a text",
    description: "Makes a sound file of a text and sends it with the answer. Only when somebody asks for sound.",
    effect: "spend",
    params: ttsParams,
    uses: [Config, Voice],
    isFor: (config) => hasVoice(config.at("messages.tts")),
    load: async () => (await import("./_tts-tool.ts")).tts,
  }),
];

/** The operator said something about speech: a mode, or who speaks. */
function hasVoice(value: unknown): boolean {
  const { auto, provider, elevenlabs, openai, providers } = (value ?? {}) as Readonly<Record<string, unknown>>;
  return (
    (auto !== undefined && auto !== "off") || [provider, elevenlabs, openai, providers].some((one) => one !== undefined)
  );
}
