import { defineErrors, fault } from "../../base/errors.ts";

export const errors = defineErrors({
  SUBAGENT_UNKNOWN: fault<{ target: string }>({
    status: 404,
    rpc: "INVALID_REQUEST",
    say: ({ target }) => `No sub-agent of this session matches "${target}".`,
    remedy: "See their numbers and ids with /subagents.",
  }),
  SUBAGENT_AMBIGUOUS: fault<{ target: string; count: number }>({
    status: 400,
    rpc: "INVALID_REQUEST",
    say: ({ target, count }) => `"${target}" fits ${count} sub-agents.`,
    remedy: "Use its number in the list, or more of its id.",
  }),
  SUBAGENT_ENDED: fault<{ name: string }>({
    status: 409,
    rpc: "INVALID_REQUEST",
    say: ({ name }) => `The sub-agent "${name}" is not at work any more.`,
    remedy: "Start another one.",
  }),
  SUBAGENT_AWAY: fault<{ name: string }>({
    status: 409,
    rpc: "INVALID_REQUEST",
    say: ({ name }) => `The session of the sub-agent "${name}" was put away.`,
    remedy: "Start another one.",
  }),
  SUBAGENT_PARAM: fault<{ name: string; action: string }>({
    status: 400,
    rpc: "INVALID_REQUEST",
    say: ({ name, action }) => `The action ${action} needs the parameter ${name}.`,
    remedy: "Call it again with that parameter.",
  }),
  MODEL_NOT_YOURS: fault<void>({
    status: 403,
    rpc: "FORBIDDEN",
    say: () => "Guests may not change the model of a session.",
    remedy: "Ask the owner to.",
  }),
  SESSION_NOT_VISIBLE: fault<{ session: string; why: string }>({
    status: 403,
    rpc: "FORBIDDEN",
    say: ({ session, why }) => `The session "${session}" is not visible from here: ${why}.`,
    remedy: "Use sessions_list to see which are.",
  }),
  SEND_TARGET_MISSING: fault<void>({
    status: 400,
    rpc: "INVALID_REQUEST",
    say: () => "sessions_send needs sessionKey or label.",
    remedy: "Use sessions_list to see the sessions.",
  }),
  SESSION_NOT_FOUND: fault<{ session: string }>({
    status: 404,
    rpc: "INVALID_REQUEST",
    say: ({ session }) => `There is no session "${session}".`,
    remedy: "Use sessions_list to see which there are.",
  }),
});
