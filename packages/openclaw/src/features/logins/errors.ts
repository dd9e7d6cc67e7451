import { defineErrors, fault } from "../../base/errors.ts";

export const errors = defineErrors({
  LOGIN_NEEDS_TERMINAL: fault<void>({
    status: 400,
    rpc: "INVALID_REQUEST",
    say: () => "Nobody is there to answer.",
    remedy: "Run it in a terminal, or send the token on the standard input.",
  }),
  LOGIN_AGENT_UNKNOWN: fault<{ id: string; known: readonly string[] }>({
    status: 404,
    rpc: "INVALID_REQUEST",
    say: ({ id }) => `There is no agent "${id}".`,
    remedy: ({ known }) => `Name one of: ${known.join(", ")}`,
  }),
  LOGIN_TOKEN_UNUSABLE: fault<{ problem: string }>({
    status: 400,
    rpc: "INVALID_REQUEST",
    say: ({ problem }) => `This is no token: ${problem}.`,
    remedy: "Copy it again, whole, and paste it once more.",
  }),
  LOGIN_PROFILE_NAME: fault<{ id: string; provider: string }>({
    status: 400,
    rpc: "INVALID_REQUEST",
    say: ({ id }) => `"${id.slice(0, 80)}" cannot be the name of a login.`,
    remedy: ({ provider }) => `Use the company, a colon and a name, such as ${provider}:work`,
  }),
  LOGIN_NUMBER: fault<{ flag: string; value: string }>({
    status: 400,
    rpc: "INVALID_REQUEST",
    say: ({ flag, value }) => `--${flag} does not take "${value.slice(0, 40)}".`,
    remedy: ({ flag }) =>
      flag === "expires-in"
        ? "Write a time such as 365d, 12h or 30m."
        : flag === "number"
          ? "Take a number of the list, or a name."
          : "See how it is used with: openclaw models status --help",
  }),
});
