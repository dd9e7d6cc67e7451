import { defineErrors, fault } from "../../base/errors.ts";

const LIST = "List the agents with: GET /v1/models";

export const errors = defineErrors({
  /** `message` is the whole sentence, in the wording that clients of this API know. */
  API_INVALID: fault<{ message: string }>({
    status: 400,
    rpc: "INVALID_REQUEST",
    say: ({ message }) => message,
    remedy: "Correct the request; docs/http-api.md describes every field.",
  }),
  API_MODEL_INVALID: fault<void>({
    status: 400,
    rpc: "INVALID_REQUEST",
    say: () => "Invalid `model`. Use `openclaw` or `openclaw/<agentId>`.",
    remedy: LIST,
  }),
  API_AGENT_UNKNOWN: fault<{ id: string }>({
    status: 400,
    rpc: "INVALID_REQUEST",
    say: ({ id }) => `Unknown agent '${id}'.`,
    remedy: LIST,
  }),
  API_MODEL_ID_INVALID: fault<void>({
    status: 400,
    rpc: "INVALID_REQUEST",
    say: () => "Invalid model id.",
    remedy: LIST,
  }),
  API_MODEL_NOT_FOUND: fault<{ id: string }>({
    status: 404,
    rpc: "INVALID_REQUEST",
    say: ({ id }) => `Model '${id}' not found.`,
    remedy: LIST,
  }),
  API_BACKEND_UNKNOWN: fault<{ ref: string }>({
    status: 404,
    rpc: "INVALID_REQUEST",
    say: ({ ref }) => `Unknown model: ${ref}`,
    remedy: "List what there is with: openclaw models list --all",
  }),
  API_SCOPE_MISSING: fault<{ scope: string }>({
    status: 403,
    rpc: "FORBIDDEN",
    say: ({ scope }) => `missing scope: ${scope}`,
    remedy: "Leave the header out, or ask with that scope.",
  }),
  API_KEY_OVERRIDE_OFF: fault<void>({
    status: 403,
    rpc: "FORBIDDEN",
    say: () => "x-openclaw-session-key is turned off here.",
    remedy: "Set gateway.http.allowSessionKeyOverride to true, or send `user` instead.",
  }),
  API_TOO_MANY: fault<{ max: number }>({
    status: 503,
    rpc: "UNAVAILABLE",
    say: ({ max }) => `${max} requests are waiting for their agents already.`,
    remedy: "Try again when some of them have been answered.",
    retryable: true,
  }),
  API_NO_EMBEDDINGS: fault<void>({
    status: 501,
    rpc: "UNAVAILABLE",
    say: () => "no embedding provider configured",
    remedy: "Set agents.defaults.memorySearch.provider and .model, or name a model with the header x-openclaw-model.",
  }),
  API_UPSTREAM: fault<void>({
    status: 502,
    rpc: "UNAVAILABLE",
    say: () => "upstream provider error",
    remedy: "Look at the log with: openclaw logs",
  }),
  API_UPSTREAM_LIMIT: fault<void>({
    status: 429,
    rpc: "UNAVAILABLE",
    say: () => "The model's provider takes no more requests at the moment.",
    remedy: "Wait as long as Retry-After says.",
    retryable: true,
  }),
  API_TOO_LONG: fault<void>({
    status: 400,
    rpc: "INVALID_REQUEST",
    say: () => "The conversation does not fit into the model's context window.",
    remedy: "Send less of it, or use a model with a larger window.",
  }),
  API_CHOICE_UNMET: fault<{ choice: string }>({
    status: 502,
    rpc: "UNAVAILABLE",
    say: ({ choice }) => `tool_choice=${choice} was not satisfied by the agent response`,
    remedy: "Ask again, or use a model that follows tool_choice.",
  }),
});
