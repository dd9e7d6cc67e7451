import { defineErrors, fault } from "../../base/errors.ts";

export const errors = defineErrors({
  RUN_UNKNOWN: fault<{ id: string }>({
    status: 404,
    rpc: "INVALID_REQUEST",
    say: ({ id }) => `no run "${id}" is on record`,
    remedy: "Take an id from: openclaw runs",
  }),
  RUNS_LIMIT_INVALID: fault<{ given: string }>({
    status: 400,
    rpc: "INVALID_REQUEST",
    say: ({ given }) => `--limit ${given} is no number of runs`,
    remedy: "Give a whole number from 1 to 500.",
  }),
});
