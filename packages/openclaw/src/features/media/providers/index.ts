/** Who hears and watches: by provider, as data. The code of each is loaded when it is asked. */
import type { Question } from "./_http.ts";

type Ask = (question: Question) => Promise<string>;

export interface Listener {
  /** Where it is when the provider's own settings name no address. */
  readonly baseUrl: string;
  /** Model by capability; absent = it must be named. */
  readonly audio?: { readonly model?: string; readonly load: () => Promise<Ask> };
  readonly video?: { readonly model?: string; readonly load: () => Promise<Ask> };
  /** Bytes that it takes, when that is less than what is sent otherwise. */
  readonly maxBytes?: number;
}

const openaiShape = async (): Promise<Ask> => (await import("./openai-shape.ts")).transcribe;
const google = async (): Promise<Ask> => (await import("./google.ts")).describe;
const MB = 1024 * 1024;

export const listeners: Readonly<Record<string, Listener>> = {
  openai: {
    baseUrl: "https://api.openai.com/v1",
    audio: { model: "gpt-4o-mini-transcribe", load: openaiShape },
    maxBytes: 25 * MB,
  },
  groq: {
    baseUrl: "https://api.groq.com/openai/v1",
    audio: { model: "whisper-large-v3-turbo", load: openaiShape },
  },
  deepinfra: {
    baseUrl: "https://api.deepinfra.com/v1/openai",
    audio: { model: "openai/whisper-large-v3-turbo", load: openaiShape },
  },
  mistral: {
    baseUrl: "https://api.mistral.ai/v1",
    audio: { model: "voxtral-mini-latest", load: async () => (await import("./mistral.ts")).transcribe },
  },
  xai: {
    baseUrl: "https://api.x.ai/v1",
    audio: { model: "grok-stt", load: async () => (await import("./xai.ts")).transcribe },
  },
  deepgram: {
    baseUrl: "https://api.deepgram.com/v1",
    audio: { model: "nova-3", load: async () => (await import("./deepgram.ts")).transcribe },
  },
  elevenlabs: {
    baseUrl: "https://api.elevenlabs.io/v1",
    audio: { model: "scribe_v2", load: async () => (await import("./elevenlabs.ts")).transcribe },
  },
  google: {
    baseUrl: "https://generativelanguage.googleapis.com/v1beta",
    audio: { model: "gemini-3-flash-preview", load: google },
    video: { model: "gemini-3-flash-preview", load: google },
    // A request holds 20 MB, and base64 makes a third more of a file.
    maxBytes: 14 * MB,
  },
  openrouter: {
    baseUrl: "https://openrouter.ai/api/v1",
    audio: { load: async () => (await import("./openrouter.ts")).transcribe },
  },
};

/** Models that look at pictures, by provider, where it is not its usual one. */
export const lookers: Readonly<Record<string, string>> = {
  minimax: "MiniMax-VL-01",
  zai: "glm-4.6v",
  qwen: "qwen-vl-max-latest",
  deepinfra: "moonshotai/Kimi-K2.5",
};
