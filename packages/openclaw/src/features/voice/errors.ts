import { defineErrors, fault } from "../../base/errors.ts";

export const errors = defineErrors({
  SPEECH_PROVIDER_UNKNOWN: fault<{ provider: string }>({
    status: 400,
    rpc: "INVALID_REQUEST",
    say: ({ provider }) => `There is no speech provider "${provider}".`,
    remedy: "List them with: /tts status",
  }),
  SPEECH_PERSONA_UNKNOWN: fault<{ persona: string; known: readonly string[] }>({
    status: 400,
    rpc: "INVALID_REQUEST",
    say: ({ persona }) => `There is no persona "${persona}".`,
    remedy: ({ known }) =>
      known.length === 0 ? "Describe one under messages.tts.personas." : `Choose one of: ${known.join(", ")}; or off.`,
  }),
  SPEECH_NONE_READY: fault<void>({
    status: 503,
    rpc: "UNAVAILABLE",
    say: () => "No speech provider can be used.",
    remedy:
      "Set the key of one, such as OPENAI_API_KEY or ELEVENLABS_API_KEY, name a program in messages.tts, or choose Microsoft's voices, which need no key, with: /tts provider microsoft",
  }),
  SPEECH_FAILED: fault<{ attempts: readonly { readonly provider: string; readonly error?: string }[] }>({
    status: 502,
    rpc: "UNAVAILABLE",
    say: ({ attempts }) =>
      `No sound was made: ${attempts.map(({ provider, error }) => `${provider}: ${error ?? "failed"}`).join("; ")}.`,
    remedy: "Try again later, or choose another provider with: /tts provider <id>",
    retryable: true,
  }),
  SPEECH_TOO_LONG: fault<{ length: number; most: number }>({
    status: 413,
    rpc: "INVALID_REQUEST",
    say: ({ length, most }) => `The text has ${length} characters; at most ${most} can be spoken.`,
    remedy: "Shorten it, or raise messages.tts.maxTextLength.",
  }),
  SPEECH_NOTHING: fault<void>({
    status: 400,
    rpc: "INVALID_REQUEST",
    say: () => "There is nothing in the text that could be spoken.",
    remedy: "Give some words.",
  }),
  TALK_DISABLED: fault<void>({
    status: 503,
    rpc: "UNAVAILABLE",
    say: () => "talk disabled: no connected Talk-capable nodes",
    remedy: "Connect a device that can talk.",
  }),
});
