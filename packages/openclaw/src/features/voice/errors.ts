import { defineErrors, fault } from "../../base/errors.ts";

export const errors = defineErrors({
  SPEECH_UNAVAILABLE: fault<void>({
    status: 501,
    rpc: "UNAVAILABLE",
    say: () => "Speech is not available in this version.",
    remedy: "Answers are text only for now.",
  }),
  TALK_DISABLED: fault<void>({
    status: 503,
    rpc: "UNAVAILABLE",
    say: () => "talk disabled: no connected Talk-capable nodes",
    remedy: "Connect a device that can talk.",
  }),
});
