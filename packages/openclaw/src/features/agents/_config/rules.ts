/** What is wrong, or worth saying, about agents and what names them. */
import { posix } from "node:path";
import { listProblems, thresholdProblems } from "../../../contracts/tool-config.ts";

type Finding = { readonly path: string; readonly message: string };
type Root = Readonly<Record<string, unknown>>;
type Settings = Readonly<Record<string, unknown>>;

interface Entry {
  readonly id: string;
  readonly default?: boolean;
  readonly sandbox?: unknown;
  readonly tools?: unknown;
  readonly heartbeat?: unknown;
  readonly agentDir?: unknown;
}

export interface Agents {
  readonly defaults: { readonly sandbox?: unknown; readonly heartbeat?: unknown };
  readonly list?: readonly Entry[];
}

/** Places of `agents` with the settings that stand there. */
const places = ({ defaults, list = [] }: Agents): readonly [string, Agents["defaults"]][] => [
  ["defaults", defaults],
  ...list.map((entry, at): [string, Entry] => [`list[${at}]`, entry]),
];

export function agentProblems(agents: Agents, root: Root): Finding[] {
  const { list = [] } = agents;
  const ids = list.map(({ id }) => id);
  return [
    ...ids.flatMap((id, at) =>
      ids.indexOf(id) < at ? [{ path: `list[${at}].id`, message: `the agent id "${id}" is used twice` }] : [],
    ),
    ...sharedFolders(list),
    ...places(agents).flatMap(([at, { sandbox }]) => below(`${at}.sandbox`, networkProblems(sandbox))),
    ...list.flatMap(({ tools }, at) => below(`list[${at}].tools`, toolProblems(settings(tools), root))),
  ];
}

/** Two agents with one folder of logins would use and refresh each other's. */
function sharedFolders(list: readonly Entry[]): Finding[] {
  const usual = (id: string) => `~/.openclaw/agents/${id}/agent`;
  const folders = list.map(({ id, agentDir }) =>
    typeof agentDir === "string" ? posix.normalize(agentDir).replace(/(?<=.)\/+$/, "") : usual(id),
  );
  return list.flatMap(({ agentDir }, at) => {
    const other = folders.findIndex((folder, place) => place !== at && folder === folders[at]);
    if (typeof agentDir !== "string" || other < 0) return [];
    return [
      {
        path: `list[${at}].agentDir`,
        message: `is the folder of agent "${list[other]?.id ?? ""}" as well; logins are never shared`,
      },
    ];
  });
}

export function agentWarnings(agents: Agents, root: Root): Finding[] {
  const defaults = (agents.list ?? []).flatMap((entry, at) => (entry.default === true ? [at] : []));
  return [
    ...defaults.slice(1).map((at) => ({
      path: `list[${at}].default`,
      message: "another agent is the default one already; the first counts",
    })),
    ...places(agents).flatMap(([at, { sandbox, heartbeat }]) => [
      ...below(`${at}.sandbox`, socketWarnings(sandbox)),
      ...below(`${at}.heartbeat`, targetWarnings(heartbeat, root)),
    ]),
  ];
}

/** Agents that are named but not configured. */
export function unknownAgents(named: readonly (readonly [path: string, id: string])[], root: Root): Finding[] {
  const list = settings(root["agents"])["list"];
  const known = Array.isArray(list) && list.length > 0 ? list.map((entry) => settings(entry)["id"]) : ["main"];
  return named
    .filter(([, id]) => !known.includes(id.toLowerCase()))
    .map(([path, id]) => ({ path, message: `there is no agent "${id}"; the default one answers instead` }));
}

/** Networks that would undo the sandbox. */
function networkProblems(sandbox: unknown): Finding[] {
  const docker = settings(settings(sandbox)["docker"]);
  const network = typeof docker["network"] === "string" ? docker["network"] : "";
  if (network === "host")
    return [
      { path: "docker.network", message: 'must not be "host": the sandbox would share the network of this machine' },
    ];
  return network.startsWith("container:") && docker["dangerouslyAllowContainerNamespaceJoin"] !== true
    ? [
        {
          path: "docker.network",
          message: "joins another container, which needs dangerouslyAllowContainerNamespaceJoin",
        },
      ]
    : [];
}

/** What an agent narrows, held against what it narrows. */
function toolProblems(tools: Settings, root: Root): Finding[] {
  const own = settings(tools["loopDetection"]);
  const all = { ...settings(settings(root["tools"])["loopDetection"]), ...own };
  return [
    ...listProblems(tools as Parameters<typeof listProblems>[0]),
    ...(Object.keys(own).length > 0
      ? thresholdProblems(all as unknown as Parameters<typeof thresholdProblems>[0])
      : []),
  ];
}

function socketWarnings(sandbox: unknown): Finding[] {
  const binds = settings(settings(sandbox)["docker"])["binds"];
  if (!Array.isArray(binds) || !binds.some((bind) => String(bind).includes("docker.sock"))) return [];
  return [{ path: "docker.binds", message: "hands the sandbox the Docker socket, and with it this machine" }];
}

function targetWarnings(heartbeat: unknown, root: Root): Finding[] {
  const target = settings(heartbeat)["target"];
  if (typeof target !== "string" || ["last", "none", ""].includes(target)) return [];
  if (Object.hasOwn(settings(root["channels"]), target)) return [];
  return [{ path: "target", message: `the channel "${target}" is not configured; nothing is sent` }];
}

function below(at: string, found: readonly Finding[]): Finding[] {
  return found.map(({ path, message }) => ({ path: `${at}.${path}`, message }));
}

function settings(value: unknown): Settings {
  return value !== null && typeof value === "object" && !Array.isArray(value) ? (value as Settings) : {};
}
