/** `talk`: speaking with the assistant through the apps. */
import { Type, closed } from "../../contracts/schema.ts";
import { defineConfig } from "../../contracts/config.ts";
import { flag, mapOf, maybeMapOf, maybeSecret, maybeText, maybeWhole, text } from "../../contracts/config-kinds.ts";

const provider = Type.Object(
  { apiKey: maybeSecret("Key of the provider") },
  { additionalProperties: Type.Unknown({ description: "Setting of the provider" }) },
);

const talkSection = defineConfig({
  path: "talk",
  summary: "Talk mode of the apps: voice, provider, behaviour.",
  reload: "live",
  secrets: ["apiKey", "providers.*.apiKey"],
  schema: closed({
    provider: maybeText("Speech provider; absent means the first with a key"),
    providers: maybeMapOf(provider, "Settings by provider; they win over the keys beside this one"),
    voiceId: maybeText("Voice; else ELEVENLABS_VOICE_ID or SAG_VOICE_ID"),
    voiceAliases: mapOf(Type.String(), "Voices by a name of your choice"),
    modelId: text("eleven_v3", "Speech model"),
    outputFormat: text("mp3_44100_128", "Format of the sound"),
    apiKey: maybeSecret("ElevenLabs key; else ELEVENLABS_API_KEY"),
    interruptOnSpeech: flag(true, "Fall silent when the user begins to speak"),
    speechLocale: maybeText("Language that is listened for, such as `de-DE`"),
    silenceTimeoutMs: maybeWhole("Silence that ends what the user says, ms"),
  }),
});

export const config = [talkSection];
