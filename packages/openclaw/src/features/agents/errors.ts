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
    remedy: "Choose another name, or change that agent in the configuration, under agents.list.",
  }),
  AGENT_NAME_UNUSABLE: fault<{ name: string }>({
    status: 400,
    rpc: "INVALID_REQUEST",
    say: ({ name }) => `no id can be made of the name "${name.slice(0, 80)}"`,
    remedy: "Use a name with letters or digits.",
  }),
  AGENT_NAME_MISSING: fault<void>({
    status: 400,
    rpc: "INVALID_REQUEST",
    say: () => "the agent needs a name",
    remedy: "Give both, such as: openclaw agents add work --workspace ~/work",
  }),
  AGENT_NEEDED: fault<{ id: string }>({
    status: 409,
    rpc: "INVALID_REQUEST",
    say: ({ id }) => `agent "${id}" is the default agent and cannot be deleted`,
    remedy: "Make another one the default first: set agents.list[].default to true for it.",
  }),
  AGENT_RESERVED: fault<{ id: string }>({
    status: 400,
    rpc: "INVALID_REQUEST",
    say: ({ id }) => `"${id}" is the name of the first agent and cannot be given to another one`,
    remedy: "Choose another name.",
  }),
  AGENT_UNCLEAR: fault<{ workspace: string; ids: readonly string[] }>({
    status: 400,
    rpc: "INVALID_REQUEST",
    say: ({ workspace, ids }) =>
      ids.length === 0 ? `no agent works in ${workspace}` : `several agents work in ${workspace}: ${ids.join(", ")}`,
    remedy: "Name the agent with --agent.",
  }),
  AGENT_FLAG_MISSING: fault<{ flag: string; command: string }>({
    status: 400,
    rpc: "INVALID_REQUEST",
    say: ({ flag }) => `${flag} is needed here`,
    remedy: ({ command }) => `See how it is used with: openclaw agents ${command} --help`,
  }),
  AGENT_FLAGS_EXCLUSIVE: fault<{ flags: string }>({
    status: 400,
    rpc: "INVALID_REQUEST",
    say: ({ flags }) => `${flags} cannot be used together`,
    remedy: "Leave one of them out.",
  }),
  AGENT_DIR_TAKEN: fault<{ path: string; id: string }>({
    status: 409,
    rpc: "INVALID_REQUEST",
    say: ({ path, id }) => `${path} holds the logins of agent "${id}"; they are never shared`,
    remedy: "Choose another folder, or leave --agent-dir out.",
  }),
  AGENT_DELETE_UNCONFIRMED: fault<{ id: string }>({
    status: 400,
    rpc: "INVALID_REQUEST",
    say: ({ id }) => `agent "${id}" was not deleted`,
    remedy: "Add --force to delete it without being asked.",
  }),
  BINDING_MALFORMED: fault<{ text: string }>({
    status: 400,
    rpc: "INVALID_REQUEST",
    say: ({ text }) => `"${text.slice(0, 80)}" names no channel`,
    remedy: "Write a channel and, if need be, an account: telegram, or telegram:work.",
  }),
  IDENTITY_EMPTY: fault<{ path: string }>({
    status: 400,
    rpc: "INVALID_REQUEST",
    say: ({ path }) => `${path} says nothing of a name, theme, emoji or avatar`,
    remedy: "Fill in lines such as: - **Name:** Robin",
  }),
  IDENTITY_UNREADABLE: fault<{ path: string; reason: string }>({
    status: 400,
    rpc: "INVALID_REQUEST",
    say: ({ path, reason }) => `${path} cannot be read: ${reason}`,
    remedy: "Name a text file with --identity-file.",
  }),
  IDENTITY_NOTHING: fault<void>({
    status: 400,
    rpc: "INVALID_REQUEST",
    say: () => "nothing to set",
    remedy: "Give --name, --theme, --emoji or --avatar, or take them from the file with --from-identity.",
  }),
  AVATAR_OUTSIDE: fault<{ avatar: string; workspace: string }>({
    status: 400,
    rpc: "INVALID_REQUEST",
    say: ({ avatar, workspace }) => `the avatar ${avatar.slice(0, 200)} is not in the workspace ${workspace}`,
    remedy: "Put the picture into the workspace, or give an http(s) or data: address.",
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
