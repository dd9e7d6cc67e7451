import { defineErrors, fault } from "../../base/errors.ts";

export const errors = defineErrors({
  DISCOVER_TIMEOUT: fault<{ max: number }>({
    status: 400,
    rpc: "INVALID_REQUEST",
    say: ({ max }) => `--timeout must be a whole number of milliseconds from 1 to ${max}.`,
    remedy: "Leave it out for two seconds.",
  }),
});
