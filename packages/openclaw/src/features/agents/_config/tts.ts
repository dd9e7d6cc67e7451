/** Keys of `messages.tts`, also read per agent. */
import {
  flag,
  maybeAmount,
  maybeFlag,
  maybeMapOf,
  maybePart,
  maybePick,
  maybeSecret,
  maybeText,
  maybeWhole,
  part,
  pick,
  text,
  whole,
} from "../../../contracts/config-kinds.ts";
import { Type } from "../../../contracts/schema.ts";

const SHARE = { maximum: 1 };

const provider = Type.Object(
  { apiKey: maybeSecret("Key of the provider") },
  { additionalProperties: Type.Unknown({ description: "Setting of the provider" }) },
);

const elevenlabs = maybePart(
  {
    apiKey: maybeSecret("Key; else ELEVENLABS_API_KEY or XI_API_KEY"),
    baseUrl: text("https://api.elevenlabs.io", "Address of the server"),
    voiceId: maybeText("Voice"),
    modelId: maybeText("Speech model"),
    seed: maybeWhole("The same number gives the same sound again"),
    applyTextNormalization: maybePick(["auto", "on", "off"], "Read numbers and the like as words"),
    languageCode: maybeText("Language, such as `en`"),
    voiceSettings: maybePart(
      {
        stability: maybeAmount("Evenness", SHARE),
        similarityBoost: maybeAmount("Likeness to the voice", SHARE),
        style: maybeAmount("Exaggeration", SHARE),
        useSpeakerBoost: maybeFlag("Strengthen the voice"),
        speed: maybeAmount("Speed", { minimum: 0.5, maximum: 2 }),
      },
      "Sound of the voice",
    ),
  },
  "ElevenLabs",
);

const openai = maybePart(
  {
    apiKey: maybeSecret("Key; else OPENAI_API_KEY"),
    model: text("gpt-4o-mini-tts", "Speech model"),
    voice: text("alloy", "Voice"),
    baseUrl: maybeText("Address of the server"),
    speed: maybeAmount("Speed", { minimum: 0.25, maximum: 4 }),
    instructions: maybeText("How it shall speak"),
  },
  "OpenAI",
);

const modelOverrides = part(
  {
    enabled: flag(true, "Let the model choose by tags in its answer"),
    allowText: maybeFlag("What is spoken"),
    allowProvider: flag(false, "The provider"),
    allowVoice: maybeFlag("The voice"),
    allowModelId: maybeFlag("The speech model"),
    allowVoiceSettings: maybeFlag("The sound of the voice"),
    allowNormalization: maybeFlag("Reading numbers as words"),
    allowSeed: maybeFlag("The seed"),
  },
  "What the model may choose",
);

export const tts = part(
  {
    auto: pick(
      ["off", "always", "inbound", "tagged"],
      "off",
      "When answers are spoken; `inbound` = after a voice message",
    ),
    enabled: maybeFlag("Older form of `auto`: true = always, false = off"),
    mode: pick(["final", "all"], "final", "Only the answer, or also tool and paragraph messages"),
    provider: maybeText("Speech provider; absent = the first with a key"),
    summaryModel: maybeText("Model that shortens long answers; absent = the agent's"),
    modelOverrides,
    maxTextLength: whole(4000, "Longest text spoken, characters", { minimum: 1 }),
    timeoutMs: whole(30_000, "Longest request, ms", { minimum: 1 }),
    prefsPath: maybeText("File of choices made in chats; default `settings/tts.json` in the state directory"),
    persona: maybeText("Persona in use"),
    personas: maybeMapOf(Type.Record(Type.String(), Type.Unknown()), "Ways of speaking by name"),
    elevenlabs,
    openai,
    edge: maybeMapOf(Type.Unknown(), "Microsoft's voices without a key"),
    providers: maybeMapOf(provider, "Settings by provider; they win over the keys beside this one"),
  },
  "Spoken answers",
);
