import { defineErrors, fault } from "../../base/errors.ts";

export const errors = defineErrors({
  PAIRING_CODE_UNKNOWN: fault<{ code: string }>({
    status: 404,
    rpc: "INVALID_REQUEST",
    say: ({ code }) => `No open pairing request has the code "${code.slice(0, 20)}".`,
    remedy: "List the open requests with: openclaw pairing list. Codes are valid for one hour.",
  }),
  PAIRING_CODE_MISSING: fault<object>({
    status: 400,
    rpc: "INVALID_REQUEST",
    say: () => "A pairing code is needed.",
    remedy: "Run: openclaw pairing approve [channel] <code>. Open requests: openclaw pairing list.",
  }),
  PEOPLE_FILE_DAMAGED: fault<{ path: string }>({
    status: 500,
    rpc: "UNAVAILABLE",
    say: ({ path }) => `The file ${path} is damaged, so nobody can be let in by it.`,
    remedy: "Repair it, or move it away and approve the people again.",
  }),
  PEOPLE_FILE_LOCKED: fault<{ path: string }>({
    status: 503,
    rpc: "UNAVAILABLE",
    say: ({ path }) => `Another program has held ${path} for too long.`,
    remedy: "Try again; if nothing else is running, remove the file of that name that ends with .lock.",
    retryable: true,
  }),
  ALLOWLIST_PLACE: fault<{ channel: string }>({
    status: 404,
    rpc: "INVALID_REQUEST",
    say: ({ channel }) => `There is no channel "${channel}" in the configuration.`,
    remedy: "Name one with --channel.",
  }),
  ALLOWLIST_FOR_OWNERS: fault<void>({
    status: 403,
    rpc: "FORBIDDEN",
    say: () => "Only an owner may change who may write.",
    remedy: "Ask the owner of this assistant.",
  }),
  ALLOWLIST_OFF: fault<void>({
    status: 403,
    rpc: "FORBIDDEN",
    say: () => "Changing lists from a chat is switched off.",
    remedy: "To allow it, set commands.config to true.",
  }),
});
