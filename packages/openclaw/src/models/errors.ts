import { defineErrors, fault } from "../base/errors.ts";

export const errors = defineErrors({
  UNKNOWN_MODEL: fault<{ ref: string; near?: string }>({
    status: 400,
    rpc: "INVALID_REQUEST",
    say: ({ ref }) => `Unknown model: ${ref}`,
    remedy: ({ near }) =>
      near
        ? `Did you mean ${near}? List what there is with: openclaw models list`
        : "List what there is with: openclaw models list --all",
  }),
  UNKNOWN_PROVIDER: fault<{ provider: string }>({
    status: 400,
    rpc: "INVALID_REQUEST",
    say: ({ provider }) => `Unknown provider: ${provider}`,
    remedy: "List what there is with: openclaw models list --all",
  }),
  MODEL_KEY_MISSING: fault<{ provider: string; env?: string }>({
    status: 401,
    rpc: "UNAVAILABLE",
    say: ({ provider }) => `No API key found for provider "${provider}".`,
    remedy: ({ provider, env }) =>
      env
        ? `Set ${env} or models.providers.${provider}.apiKey, then restart the gateway.`
        : `Set models.providers.${provider}.apiKey.`,
  }),
  MODEL_NOT_ALLOWED: fault<{ ref: string }>({
    status: 403,
    rpc: "INVALID_REQUEST",
    say: ({ ref }) => `Model "${ref}" is not allowed. Use /model to list available models.`,
    remedy: ({ ref }) => `To allow it, add "${ref}" to agents.defaults.models.`,
  }),
  MODEL_BASE_URL_MISSING: fault<{ provider: string }>({
    status: 400,
    rpc: "INVALID_REQUEST",
    say: ({ provider }) => `The provider "${provider}" has no address.`,
    remedy: ({ provider }) => `Set models.providers.${provider}.baseUrl to an http or https address.`,
  }),
  MODELS_LIST_CONFLICT: fault<void>({
    status: 400,
    rpc: "INVALID_REQUEST",
    say: () => "preparedOnly and refresh exclude each other.",
    remedy: "Send one of the two.",
  }),
  EMBEDDINGS_UNSUPPORTED: fault<{ provider: string; api: string }>({
    status: 501,
    rpc: "UNAVAILABLE",
    say: ({ provider, api }) => `The provider "${provider}" speaks ${api}, over which there are no embeddings.`,
    remedy: "Name a provider that speaks openai-completions.",
  }),
  EMBEDDINGS_FAILED: fault<{ provider: string; reason: string }>({
    status: 502,
    rpc: "UNAVAILABLE",
    say: ({ provider, reason }) => `The provider "${provider}" made no embeddings: ${reason}.`,
    remedy: "Check its address, its key and the name of the model.",
    retryable: true,
  }),
  EMBEDDINGS_LIMITED: fault<{ provider: string }>({
    status: 429,
    rpc: "UNAVAILABLE",
    say: ({ provider }) => `The provider "${provider}" makes no more embeddings at the moment.`,
    remedy: "Try again later, or with fewer texts.",
    retryable: true,
  }),
  DIALECT_UNKNOWN: fault<{ api: string; provider: string; known: readonly string[] }>({
    status: 400,
    rpc: "INVALID_REQUEST",
    say: ({ api, provider }) => `The provider "${provider}" asks for the dialect "${api}", which does not exist.`,
    remedy: ({ provider, known }) => `Set models.providers.${provider}.api to one of: ${known.join(", ")}.`,
  }),
});
