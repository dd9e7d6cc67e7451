import { defineErrors, fault } from "../../base/errors.ts";

export const errors = defineErrors({
  WORKSPACE_UNUSABLE: fault<{ path: string; reason: string }>({
    status: 500,
    rpc: "UNAVAILABLE",
    say: ({ path, reason }) => `The agent cannot use its workspace ${path}: ${reason}.`,
    remedy: "Give this user write access to that folder, or set agents.defaults.workspace to another one.",
  }),
  AGENT_MISSING: fault<{ id: string }>({
    status: 404,
    rpc: "INVALID_REQUEST",
    say: ({ id }) => `agent "${id.slice(0, 80)}" not found`,
    remedy: "List the agents with: openclaw agents list",
  }),
  AGENT_EXISTS: fault<{ id: string }>({
    status: 409,
    rpc: "INVALID_REQUEST",
    say: ({ id }) => `agent "${id}" already exists`,
    remedy: "Choose another name, or change it with agents.update.",
  }),
  AGENT_NAME_UNUSABLE: fault<{ name: string }>({
    status: 400,
    rpc: "INVALID_REQUEST",
    say: ({ name }) => `no id can be made of the name "${name.slice(0, 80)}"`,
    remedy: "Use a name with letters or digits.",
  }),
  AGENT_NEEDED: fault<{ id: string }>({
    status: 409,
    rpc: "INVALID_REQUEST",
    say: ({ id }) => `agent "${id}" is the default agent and cannot be deleted`,
    remedy: "Make another agent the default one first.",
  }),
  AGENT_FILE_UNSUPPORTED: fault<{ name: string }>({
    status: 400,
    rpc: "INVALID_REQUEST",
    say: ({ name }) => `unsupported file "${name.slice(0, 80)}"`,
    remedy: "Use one of the names that agents.files.list shows.",
  }),
  AGENT_FILE_TOO_LARGE: fault<{ name: string }>({
    status: 413,
    rpc: "INVALID_REQUEST",
    say: ({ name }) => `${name} would be larger than 2 MiB`,
    remedy: "Shorten it; a model reads only the beginning of long files.",
  }),
});
