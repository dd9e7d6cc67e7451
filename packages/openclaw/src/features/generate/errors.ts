import { defineErrors, fault } from "../../base/errors.ts";

const SETTING = {
  image: "imageGenerationModel",
  video: "videoGenerationModel",
  music: "musicGenerationModel",
} as const;
const WORD = { image: "picture", video: "video", music: "music" } as const;
type Kind = keyof typeof WORD;

export const errors = defineErrors({
  GENERATE_NO_PROMPT: fault<void>({
    status: 400,
    rpc: "INVALID_REQUEST",
    say: () => "prompt required: say what is to be made",
    remedy: "Give it as prompt.",
  }),
  GENERATE_MODEL_UNKNOWN: fault<{ ref: string; kind: Kind; known: readonly string[] }>({
    status: 404,
    rpc: "INVALID_REQUEST",
    say: ({ ref, kind, known }) =>
      `"${ref}" names nobody who makes ${WORD[kind]}s here; these do: ${known.join(", ")}.`,
    remedy: ({ kind }) => `Write provider/model, in agents.defaults.${SETTING[kind]} or as model.`,
  }),
  GENERATE_NONE_READY: fault<{ kind: Kind }>({
    status: 409,
    rpc: "INVALID_REQUEST",
    say: ({ kind }) => `Nobody is set up who could make a ${WORD[kind]}.`,
    remedy: ({ kind }) =>
      `Connect one, such as ${kind === "image" ? "openai or google" : "google or fal"}, or set agents.defaults.${SETTING[kind]}.`,
  }),
  GENERATE_FAILED: fault<{ kind: Kind; attempts: readonly { readonly provider: string; readonly error?: string }[] }>({
    status: 502,
    rpc: "UNAVAILABLE",
    say: ({ kind, attempts }) =>
      `No ${WORD[kind]} was made: ${attempts.map(({ provider, error }) => `${provider}: ${error ?? "failed"}`).join("; ")}.`,
    remedy: "Change what was asked for, try again later, or choose another model.",
    retryable: true,
  }),
  GENERATE_TOO_LARGE: fault<void>({
    status: 413,
    rpc: "UNAVAILABLE",
    say: () => "The file is larger than can be kept.",
    remedy: "Ask for a smaller one.",
  }),
  GENERATE_REFERENCE: fault<{ given: string; reason: string }>({
    status: 400,
    rpc: "INVALID_REQUEST",
    say: ({ given, reason }) => `${given} cannot be used: ${reason}.`,
    remedy:
      "Give a path, a media://inbound reference or an http(s) address of a picture, video or sound of at most 20 MB.",
  }),
  GENERATE_TOO_MANY: fault<{ what: string; count: number; most: number }>({
    status: 400,
    rpc: "INVALID_REQUEST",
    say: ({ what, count, most }) => `${count} ${what} are too many; at most ${most} can be given.`,
    remedy: "Leave some out.",
  }),
  GENERATE_PRIVATE: fault<{ host: string }>({
    status: 403,
    rpc: "INVALID_REQUEST",
    say: ({ host }) => `ComfyUI at ${host} is in a private network, and that is not allowed here.`,
    remedy: "Set plugins.entries.comfy.config.allowPrivateNetwork to true if it is yours.",
  }),
  GENERATE_LIMIT: fault<{ most: number }>({
    status: 429,
    rpc: "INVALID_REQUEST",
    say: ({ most }) => `This was asked for ${most} times without anybody in between; each costs money.`,
    remedy: "Tell the user what there is, and go on when they ask.",
  }),
});
