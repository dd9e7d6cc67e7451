import { defineErrors, fault } from "../../base/errors.ts";

export const errors = defineErrors({
  ALIAS_INVALID: fault<{ alias: string }>({
    status: 400,
    rpc: "INVALID_REQUEST",
    say: ({ alias }) => `"${alias}" cannot be the short name of a model.`,
    remedy: "Use letters, digits, dots, dashes and underscores, at most 64 of them.",
  }),
  ALIAS_TAKEN: fault<{ alias: string; ref: string }>({
    status: 409,
    rpc: "INVALID_REQUEST",
    say: ({ alias, ref }) => `The short name "${alias}" is that of ${ref} already.`,
    remedy: ({ alias }) => `Take it away first: openclaw models aliases remove ${alias}`,
  }),
  ALIAS_UNKNOWN: fault<{ alias: string }>({
    status: 404,
    rpc: "INVALID_REQUEST",
    say: ({ alias }) => `There is no short name "${alias}".`,
    remedy: "List them with: openclaw models aliases list",
  }),
  SCAN_FAILED: fault<{ reason: string }>({
    status: 502,
    rpc: "UNAVAILABLE",
    say: ({ reason }) => `The list of OpenRouter's models could not be had: ${reason}.`,
    remedy: "Look at the connection to openrouter.ai and try again.",
    retryable: true,
  }),
  SCAN_NOTHING_WORKS: fault<void>({
    status: 502,
    rpc: "UNAVAILABLE",
    say: () => "None of the models that were tried calls tools.",
    remedy: "Try more of them with --max-candidates, or give them longer with --timeout.",
  }),
  SCAN_NUMBER: fault<{ flag: string; value: string }>({
    status: 400,
    rpc: "INVALID_REQUEST",
    say: ({ flag, value }) => `--${flag} takes a number, not "${value}".`,
    remedy: "See: openclaw models scan --help",
  }),
  FALLBACK_UNKNOWN: fault<{ ref: string; command: string }>({
    status: 404,
    rpc: "INVALID_REQUEST",
    say: ({ ref }) => `${ref} is not among the fallbacks.`,
    remedy: ({ command }) => `List them with: openclaw models ${command} list`,
  }),
});
