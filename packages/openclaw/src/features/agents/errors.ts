import { defineErrors, fault } from "../../base/errors.ts";

export const errors = defineErrors({
  WORKSPACE_UNUSABLE: fault<{ path: string; reason: string }>({
    status: 500,
    rpc: "UNAVAILABLE",
    say: ({ path, reason }) => `The agent cannot use its workspace ${path}: ${reason}.`,
    remedy: "Give this user write access to that folder, or set agents.defaults.workspace to another one.",
  }),
});
