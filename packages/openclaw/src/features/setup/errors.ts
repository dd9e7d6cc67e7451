import { defineErrors, fault } from "../../base/errors.ts";

export const errors = defineErrors({
  STATE_DIR_UNWRITABLE: fault<{ path: string; reason: string }>({
    status: 500,
    rpc: "UNAVAILABLE",
    say: ({ path, reason }) => `OpenClaw cannot keep its state in ${path}: ${reason}.`,
    remedy: "Give this user write access to that folder, or choose another one with OPENCLAW_STATE_DIR.",
  }),
  WIZARD_NOT_FOUND: fault<void>({
    status: 404,
    rpc: "INVALID_REQUEST",
    say: () => "wizard not found",
    remedy: "Set up with: openclaw setup",
  }),
});
