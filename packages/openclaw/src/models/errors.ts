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
  MODEL_KEY_UNUSABLE: fault<{ provider: string; source: string; problem: string }>({
    status: 401,
    rpc: "UNAVAILABLE",
    say: ({ provider, source, problem }) =>
      `The key for provider "${provider}" in ${source} cannot be used: ${problem}.`,
    remedy: ({ source }) => `Copy the key again, whole and on one line, and put it into ${source}.`,
  }),
  PROFILE_MISSING: fault<{ profile: string; provider: string }>({
    status: 401,
    rpc: "UNAVAILABLE",
    say: ({ profile }) => `No credentials found for profile "${profile}".`,
    remedy: ({ provider }) =>
      `Connect it again with: openclaw models auth login --provider ${provider}; or forget the order that names it with: openclaw models auth order clear --provider ${provider}`,
  }),
  PROFILE_EXPIRED: fault<{ profile: string; provider: string }>({
    status: 401,
    rpc: "UNAVAILABLE",
    say: ({ profile }) => `The login "${profile}" has expired.`,
    remedy: ({ provider, profile }) =>
      `Replace it with: openclaw models auth paste-token --provider ${provider} --profile-id ${profile}`,
  }),
  PROFILES_UNAVAILABLE: fault<{ provider: string; soonest: string }>({
    status: 503,
    rpc: "UNAVAILABLE",
    say: () => "No available auth profile (all in cooldown/unavailable)",
    remedy: ({ provider, soonest }) =>
      `The next login of ${provider} is tried again in ${soonest}. See why with: openclaw models status; a fallback model or a second login bridges such a time.`,
    retryable: true,
  }),
  AUTH_STORE_BUSY: fault<{ path: string }>({
    status: 503,
    rpc: "UNAVAILABLE",
    say: ({ path }) => `Another program holds ${path}.`,
    remedy: "Try again; if no other OpenClaw command is running, delete the file with .lock at its end.",
    retryable: true,
  }),
  AUTH_STORE_UNWRITABLE: fault<{ path: string; reason: string }>({
    status: 500,
    rpc: "UNAVAILABLE",
    say: ({ path, reason }) => `The logins in ${path} could not be saved: ${reason}.`,
    remedy: "Free space or repair the permissions of that folder, then try again.",
  }),
  OAUTH_REFRESH_FAILED: fault<{ provider: string; profile: string; reason: string }>({
    status: 401,
    rpc: "UNAVAILABLE",
    say: ({ provider, reason }) => `OAuth token refresh failed for ${provider}: ${reason}.`,
    remedy: ({ provider, profile }) =>
      `Log in again with: openclaw models auth login --provider ${provider} --profile-id ${profile}`,
  }),
  LOGIN_REFUSED: fault<{ provider: string; reason: string }>({
    status: 401,
    rpc: "UNAVAILABLE",
    say: ({ provider, reason }) => `The login at ${provider} did not work: ${reason}.`,
    remedy: "Begin it again; a code can be used only once and not for long.",
  }),
  LOGIN_ENDED: fault<{ provider: string }>({
    status: 408,
    rpc: "UNAVAILABLE",
    say: ({ provider }) => `The login at ${provider} was not finished.`,
    remedy: "Begin it again, and log in within ten minutes.",
  }),
  LOGIN_CLIENT_MISSING: fault<{ provider: string; variable: string }>({
    status: 400,
    rpc: "INVALID_REQUEST",
    say: ({ provider }) => `${provider} lets only registered applications log in.`,
    remedy: ({ variable }) => `Register one there, set ${variable} to its id, and begin again.`,
  }),
  LOGIN_UNKNOWN: fault<{ provider: string; known: readonly string[] }>({
    status: 400,
    rpc: "INVALID_REQUEST",
    say: ({ provider }) => `There is no login for ${provider}.`,
    remedy: ({ provider, known }) =>
      `Store a key instead: openclaw models auth paste-token --provider ${provider}; logins there are for ${known.join(", ")}.`,
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
  EMBEDDINGS_DENIED: fault<{ provider: string; reason: string }>({
    status: 502,
    rpc: "UNAVAILABLE",
    say: ({ provider, reason }) => `The provider "${provider}" makes no embeddings with this key: ${reason}.`,
    remedy: "Look at its key and its account. See how the logins stand with: openclaw models status",
  }),
  EMBEDDINGS_REFUSED: fault<{ provider: string; reason: string }>({
    status: 400,
    rpc: "INVALID_REQUEST",
    say: ({ provider, reason }) => `The provider "${provider}" refused to make these embeddings: ${reason}.`,
    remedy: "Check the name of the model, and whether the texts are too long for it.",
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
