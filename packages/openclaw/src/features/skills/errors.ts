import { defineErrors, fault } from "../../base/errors.ts";

export const errors = defineErrors({
  SKILL_UNKNOWN: fault<{ name: string; near?: string | undefined }>({
    status: 404,
    rpc: "INVALID_REQUEST",
    say: ({ name }) => `There is no skill "${name.slice(0, 80)}".`,
    remedy: ({ near }) =>
      near === undefined
        ? "List them with: openclaw skills list"
        : `Did you mean ${near}? List them with: openclaw skills list`,
  }),
  SKILLS_AGENT_UNKNOWN: fault<{ id: string }>({
    status: 404,
    rpc: "INVALID_REQUEST",
    say: ({ id }) => `unknown agent id "${id.slice(0, 80)}"`,
    remedy: "List the agents with: openclaw agents list",
  }),
  SKILL_NOT_READY: fault<{ name: string; reason: string }>({
    status: 409,
    rpc: "INVALID_REQUEST",
    say: ({ name, reason }) => `The skill ${name} cannot be used now: ${reason}.`,
    remedy: "See what it needs with: openclaw skills check",
  }),
  SKILL_SECRET_ECHO: fault<{ path: string }>({
    status: 400,
    rpc: "INVALID_REQUEST",
    say: ({ path }) => `${path} holds the mark that stands for a hidden value, not a value.`,
    remedy: "Leave it out to keep what is stored, or send the new value.",
  }),
  SKILL_TOOL_FAILED: fault<{ tool: string; reason: string }>({
    status: 409,
    rpc: "INVALID_REQUEST",
    say: ({ tool, reason }) => `The tool ${tool} did not run: ${reason}`,
    remedy: "Ask for the same in your own words, or see which tools there are with: openclaw status",
  }),
  SKILL_REGISTRY_UNAVAILABLE: fault<void>({
    status: 501,
    rpc: "UNAVAILABLE",
    say: () => "Skills cannot be fetched from a registry in this version.",
    remedy:
      "Put the folder of the skill into the folder skills of the workspace, or into ~/.openclaw/skills for all agents.",
  }),
});
