import { defineErrors, fault } from "../../base/errors.ts";

export const errors = defineErrors({
  HEARTBEATS_SWITCH_MISSING: fault<void>({
    status: 400,
    rpc: "INVALID_REQUEST",
    say: () => "invalid set-heartbeats params: enabled (boolean) required",
    remedy: "Send enabled as true or false.",
  }),
});
