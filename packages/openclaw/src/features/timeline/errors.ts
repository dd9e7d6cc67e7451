import { defineErrors, fault } from "../../base/errors.ts";

export const errors = defineErrors({
  RUN_UNKNOWN: fault<{ id: string }>({
    status: 404,
    rpc: "INVALID_REQUEST",
    say: ({ id }) => `no run "${id}" is on record`,
    remedy: "Take an id from: openclaw runs",
  }),
});
