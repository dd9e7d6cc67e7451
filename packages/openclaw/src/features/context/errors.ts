import { defineErrors, fault } from "../../base/errors.ts";

export const errors = defineErrors({
  CONTEXT_WINDOW_TOO_SMALL: fault<{ model: string; window: number; least: number }>({
    status: 400,
    rpc: "INVALID_REQUEST",
    say: ({ model, window, least }) =>
      `The context window of ${model} is ${window} tokens; an assistant needs ${least} at least.`,
    remedy: "Choose another model, or raise contextWindow where the model is listed if it really holds more.",
  }),
  CONTEXT_ENGINE_MISSING: fault<{ id: string }>({
    status: 503,
    rpc: "UNAVAILABLE",
    say: ({ id }) => `The context engine "${id}" that plugins.slots.contextEngine names is not there.`,
    remedy: "Install and enable its plugin, or remove plugins.slots.contextEngine to use the built-in one.",
  }),
  COMPACTION_FAILED: fault<{ reason: string }>({
    status: 502,
    rpc: "UNAVAILABLE",
    say: ({ reason }) => `The conversation could not be summarised: ${reason}`,
    remedy: "Nothing was lost; check the model with: openclaw models list",
    retryable: true,
  }),
  COMPACTION_TIMEOUT: fault<{ seconds: number }>({
    status: 504,
    rpc: "AGENT_TIMEOUT",
    say: ({ seconds }) => `Summarising the conversation took longer than ${seconds} s.`,
    remedy: "Raise agents.defaults.compaction.timeoutSeconds or choose a faster agents.defaults.compaction.model.",
    retryable: true,
  }),
});
