/** Keys of `tools.media`: what is done with pictures, sound and video that come in. */
import {
  amount,
  flag,
  maybeFlag,
  maybeListOf,
  maybeMapOf,
  maybePart,
  maybePick,
  maybeText,
  maybeWhole,
  maybeWords,
  maybeAmount,
  part,
  text,
  whole,
} from "../../contracts/config-kinds.ts";
import { Type, choice, closed } from "../../contracts/schema.ts";

const limits = {
  prompt: maybeText("What the model is asked"),
  maxChars: maybeWhole("Longest answer, characters", { minimum: 1 }),
  maxBytes: maybeWhole("Larger media go to the next entry", { minimum: 1 }),
  timeoutSeconds: maybeAmount("Longest request, seconds", { minimum: 1 }),
  language: maybeText("Hint for speech"),
};

const entry = closed({
  type: maybePick(["provider", "cli"], "A model, or a program; absent = a model"),
  provider: maybeText("Provider of the model"),
  model: maybeText("Model; absent = a fitting one of the provider"),
  profile: maybeText("Login to use"),
  preferredProfile: maybeText("Login to try first"),
  command: maybeText("Program"),
  args: maybeWords("Its arguments; `{{MediaPath}}`, `{{Prompt}}` and others are replaced"),
  capabilities: maybeListOf(
    choice(["image", "audio", "video"]),
    "What it understands; absent = what the provider is known for",
  ),
  ...limits,
});

const rule = closed({
  action: choice(["allow", "deny"]),
  match: maybePart(
    {
      channel: maybeText("Channel"),
      chatType: maybeText("Kind of chat"),
      keyPrefix: maybeText("Beginning of the session key"),
    },
    "What it is for; absent = everything",
  ),
});

const capability = (what: string, maxBytes: number, timeoutSeconds: number) => ({
  ...limits,
  enabled: maybeFlag("Absent = when there are models"),
  maxBytes: whole(maxBytes, "Larger media go to the next entry", { minimum: 1 }),
  timeoutSeconds: amount(timeoutSeconds, "Longest request, seconds", { minimum: 1 }),
  attachments: maybePart(
    {
      mode: maybePick(["first", "all"], "How many files of a message; default `first`"),
      maxAttachments: maybeWhole("Most files; default 1", { minimum: 1 }),
      prefer: maybePick(["first", "last", "path", "url"], "Which files"),
    },
    "Several files in one message",
  ),
  scope: maybePart(
    {
      default: maybePick(["allow", "deny"], "Where no rule fits; default `allow`"),
      rules: maybeListOf(rule, "The first that fits counts"),
    },
    "Chats whose media are looked at",
  ),
  models: maybeListOf(entry, `Who looks at ${what}, in order; a failure goes to the next`),
  baseUrl: maybeText("Address to ask instead of the provider's own"),
  headers: maybeMapOf(Type.String(), "Headers sent along"),
  providerOptions: maybeMapOf(Type.Record(Type.String(), Type.Unknown()), "Further settings by provider"),
});

/** Dotted paths below `tools` that hold secrets. */
export const mediaSecrets = ["image", "audio", "video"].map((kind) => `media.${kind}.headers.*`);

export const media = part(
  {
    models: maybeListOf(entry, "Shared list, used after that of the kind"),
    concurrency: whole(2, "Media looked at at the same time", { minimum: 1 }),
    asyncCompletion: maybePart(
      { directSend: maybeFlag("Send finished pictures and videos without another turn") },
      "Media that take long to make",
    ),
    image: part(capability("pictures", 10_485_760, 60), "Pictures"),
    audio: part(
      {
        ...capability("sound", 20_971_520, 60),
        echoTranscript: flag(false, "Show the sender what was understood"),
        echoFormat: text('📝 "{transcript}"', "How that looks"),
      },
      "Sound",
    ),
    video: part(capability("videos", 52_428_800, 120), "Videos"),
  },
  "Pictures, sound and videos that come in",
);
