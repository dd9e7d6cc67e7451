import { defineErrors, fault } from "../../base/errors.ts";

export const errors = defineErrors({
  TRAJECTORY_NAME: fault<{ reason: string }>({
    status: 400,
    rpc: "INVALID_REQUEST",
    say: ({ reason }) => `The name of an export ${reason}.`,
    remedy: "Give another name, or none.",
  }),
  TRAJECTORY_SESSION: fault<{ key: string }>({
    status: 404,
    rpc: "INVALID_REQUEST",
    say: ({ key }) => `There is no session ${key} to export.`,
    remedy: "List the sessions with: openclaw sessions",
  }),
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
