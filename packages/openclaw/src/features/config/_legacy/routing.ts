/** `routing`, `identity` and channels at the root: how the first versions were laid out. */
import type { Migration, Move } from "./legacy.ts";
import { isDict, type Dict } from "../_load/merge.ts";
import { valueAt, type Segment } from "../_path.ts";

const CHANNELS = ["whatsapp", "telegram", "discord", "slack", "signal", "imessage"];

/** Moves the value at a path as it is. */
export function moveTo(root: Dict, from: readonly Segment[], to: readonly Segment[]): Move[] {
  const value = valueAt(root, from);
  return value === undefined ? [] : [{ from, to: [{ path: to, value }] }];
}

export const routingMigrations: readonly Migration[] = [
  { treatment: "renamed", moves: (root) => CHANNELS.flatMap((id) => moveTo(root, [id], ["channels", id])) },
  {
    treatment: "renamed",
    moves: (root) => [
      ...moveTo(root, ["routing", "allowFrom"], ["channels", "whatsapp", "allowFrom"]),
      ...moveTo(root, ["routing", "groupChat", "historyLimit"], ["messages", "groupChat", "historyLimit"]),
      ...moveTo(root, ["routing", "groupChat", "mentionPatterns"], ["messages", "groupChat", "mentionPatterns"]),
      ...moveTo(root, ["routing", "queue"], ["messages", "queue"]),
      ...moveTo(root, ["routing", "bindings"], ["bindings"]),
      ...moveTo(root, ["routing", "agentToAgent"], ["tools", "agentToAgent"]),
    ],
  },
  { treatment: "renamed", moves: mentionRule },
  { treatment: "renamed", moves: transcription },
  { treatment: "renamed", moves: agentList },
  { treatment: "renamed", moves: defaultAgent },
  { treatment: "renamed", moves: identity },
];

/** The rule held for every channel with groups; WhatsApp was always one of them. */
function mentionRule(root: Dict): Move[] {
  const from = ["routing", "groupChat", "requireMention"];
  const value = valueAt(root, from);
  if (value === undefined) return [];
  const configured = ["whatsapp", "telegram", "imessage"].filter(
    (id) => id === "whatsapp" || valueAt(root, ["channels", id]) !== undefined,
  );
  const to = configured.map((id) => ({ path: ["channels", id, "groups", "*", "requireMention"], value }));
  return [{ from, to }];
}

/** `{ command: [program, …arguments], timeoutSeconds }` becomes a model that is a command. */
function transcription(root: Dict): Move[] {
  const from = ["routing", "transcribeAudio"];
  const old = valueAt(root, from);
  if (old === undefined) return [];
  const command = isDict(old) && Array.isArray(old["command"]) ? old["command"].map(String) : [];
  const [program, ...args] = command;
  if (program === undefined) return [{ from, to: [] }];
  const seconds =
    isDict(old) && typeof old["timeoutSeconds"] === "number" ? { timeoutSeconds: old["timeoutSeconds"] } : {};
  const model = {
    type: "cli",
    command: program,
    args: args.map((arg) => arg.replaceAll("{input}", "{{MediaPath}}")),
    ...seconds,
  };
  return [{ from, to: [{ path: ["tools", "media", "audio", "models"], value: [model] }] }];
}

/** Agents by id become a list of agents; one that is listed already keeps what it says. */
function agentList(root: Dict): Move[] {
  const from = ["routing", "agents"];
  const old = valueAt(root, from);
  if (old === undefined) return [];
  const given = Array.isArray(old)
    ? old
    : isDict(old)
      ? Object.entries(old).map(([id, agent]) => ({ ...asDict(agent), id }))
      : [];
  const list = listed(root);
  const ids = new Set(list.map(idOf));
  const both = [
    ...list.map((agent) =>
      isDict(agent) ? { ...asDict(given.find((each) => idOf(each) === idOf(agent))), ...agent } : agent,
    ),
    ...given.filter((each) => !ids.has(idOf(each))),
  ];
  return [{ from, to: [{ path: ["agents", "list"], value: both, whole: true }] }];
}

function defaultAgent(root: Dict): Move[] {
  const from = ["routing", "defaultAgentId"];
  const id = valueAt(root, from);
  if (id === undefined) return [];
  const list = listed(root);
  if (typeof id !== "string" || id === "" || list.some((agent) => asDict(agent)["default"] === true))
    return [{ from, to: [] }];
  const known = list.some((agent) => idOf(agent) === id);
  const marked = list.map((agent) => (idOf(agent) === id ? { ...asDict(agent), default: true } : agent));
  const value = known ? marked : [...marked, { id, default: true }];
  return [{ from, to: [{ path: ["agents", "list"], value, whole: true }] }];
}

/** The one identity there was becomes that of the default agent. */
function identity(root: Dict): Move[] {
  const value = root["identity"];
  if (value === undefined) return [];
  const list = listed(root);
  const at = Math.max(
    0,
    list.findIndex((agent) => asDict(agent)["default"] === true),
  );
  const agent = { id: "main", ...asDict(list[at]) };
  const own = { ...asDict(value), ...asDict((agent as Dict)["identity"]) };
  const all = list.length === 0 ? [{ ...agent, identity: own }] : list.with(at, { ...agent, identity: own });
  return [{ from: ["identity"], to: [{ path: ["agents", "list"], value: all, whole: true }] }];
}

function listed(root: Dict): readonly unknown[] {
  const list = valueAt(root, ["agents", "list"]);
  return Array.isArray(list) ? list : [];
}

function idOf(agent: unknown): unknown {
  return asDict(agent)["id"];
}

export function asDict(value: unknown): Dict {
  return isDict(value) ? value : {};
}
