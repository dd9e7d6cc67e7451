import { defineErrors, fault } from "../../base/errors.ts";

export const errors = defineErrors({
  MEMORY_DISABLED: fault<{ agentId: string }>({
    status: 409,
    rpc: "UNAVAILABLE",
    say: ({ agentId }) => `Memory search is turned off for the agent ${agentId}.`,
    remedy: "Set agents.defaults.memorySearch.enabled to true, and plugins.slots.memory to something else than none.",
  }),
  MEMORY_UNAVAILABLE: fault<{ path: string; reason: string }>({
    status: 503,
    rpc: "UNAVAILABLE",
    say: ({ path, reason }) => `The memory index ${path} cannot be used: ${reason}.`,
    remedy: "Look at it with: openclaw memory status",
    retryable: true,
  }),
  MEMORY_PATH: fault<{ path: string }>({
    status: 403,
    rpc: "INVALID_REQUEST",
    say: ({ path }) => `${path} is not part of memory.`,
    remedy: "Give MEMORY.md, a Markdown file below memory/, or one of the configured extra paths.",
  }),
  MEMORY_PRIVATE: fault<{ path: string }>({
    status: 403,
    rpc: "FORBIDDEN",
    say: ({ path }) => `${path} is read in private conversations with the owner only.`,
    remedy: "Use the daily notes below memory/ here.",
  }),
  MEMORY_AGENT: fault<{ agentId: string }>({
    status: 404,
    rpc: "INVALID_REQUEST",
    say: ({ agentId }) => `There is no agent ${agentId}.`,
    remedy: "List them with: openclaw agents list",
  }),
  MEMORY_NO_QUERY: fault<void>({
    status: 400,
    rpc: "INVALID_REQUEST",
    say: () => "There is nothing to search for.",
    remedy: 'Give a few words, for example: openclaw memory search "dentist"',
  }),
});
