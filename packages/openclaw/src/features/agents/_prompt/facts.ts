/** What a prompt says that holds as long as the configuration does. */
import { createHmac } from "node:crypto";
import { hostname } from "node:os";
import { dirname, join } from "node:path";
import { exists } from "../../../base/files.ts";
import { pathFrom } from "../../../base/path.ts";
import { sha256 } from "../../../base/ids.ts";
import type { Static } from "../../../contracts/schema.ts";
import type { ConfigSnapshot } from "../../config/index.ts";
import { agentsSection, commandsSection } from "../config.ts";
import type { Agent } from "../index.ts";
import type { PromptFacts } from "./parts.ts";

type AgentsConfig = Static<typeof agentsSection.schema>;
export type AgentEntry = NonNullable<AgentsConfig["list"]>[number];

export function entryOf(config: ConfigSnapshot, id: string): AgentEntry | undefined {
  return config.section(agentsSection).list?.find((entry) => entry.id === id);
}

/** What does not change while the process runs, and takes long to find out. */
export interface Machine {
  readonly host: string;
  readonly timezone: string;
  readonly hourCycle: PromptFacts["hourCycle"];
}

export function machine(): Machine {
  const { timeZone } = Intl.DateTimeFormat().resolvedOptions();
  const { hour12 } = new Intl.DateTimeFormat(undefined, { hour: "numeric" }).resolvedOptions();
  return { host: hostname(), timezone: timeZone, hourCycle: hour12 === true ? "12-hour" : "24-hour" };
}

/** `repo` comes from `repoRoot`: looking for it reads the disk. */
export function factsOf(
  config: ConfigSnapshot,
  agent: Agent,
  { repo, here }: { readonly repo: string | undefined; readonly here: Machine },
): PromptFacts {
  const { defaults } = config.section(agentsSection);
  const heartbeat = heartbeatPrompt(config, agent);
  const personality = defaults.promptOverlays?.gpt5?.personality ?? "off";
  return {
    timezone: defaults.userTimezone ?? here.timezone,
    hourCycle: hourCycle(String(defaults.timeFormat ?? "auto"), here),
    host: here.host,
    os: `${process.platform} ${process.arch}`,
    node: process.version,
    aliases: aliasesOf(defaults.models ?? {}),
    owners: ownersOf(config),
    friendly: personality !== "off",
    strict: defaults.embeddedPi.executionContract === "strict-agentic",
    ...(repo === undefined ? {} : { repo }),
    ...(heartbeat === undefined ? {} : { heartbeat }),
  };
}

/** The root of a repository: the one configured, if it is there; else the one that the workspace, or `cwd`, lies in. */
export async function repoRoot(
  configured: string | undefined,
  { workspace, cwd, home }: { readonly workspace: string; readonly cwd: string; readonly home: string },
): Promise<string | undefined> {
  if (configured !== undefined) {
    const path = pathFrom(home, configured, home);
    return (await exists(path)) ? path : undefined;
  }
  return (await above(workspace)) ?? (await above(cwd));
}

async function above(folder: string): Promise<string | undefined> {
  if (await exists(join(folder, ".git"))) return folder;
  const parent = dirname(folder);
  return parent === folder ? undefined : above(parent);
}

function hourCycle(wanted: string, here: Machine): PromptFacts["hourCycle"] {
  if (wanted === "auto") return here.hourCycle;
  return wanted === "12" ? "12-hour" : "24-hour";
}

function aliasesOf(models: Readonly<Record<string, { readonly alias?: string }>>): PromptFacts["aliases"] {
  return Object.entries(models)
    .flatMap(([ref, { alias }]) => (alias === undefined || alias.trim() === "" ? [] : [[alias.trim(), ref] as const]))
    .sort(([a], [b]) => (a < b ? -1 : 1));
}

function ownersOf(config: ConfigSnapshot): readonly string[] {
  const { ownerAllowFrom, ownerDisplay, ownerDisplaySecret } = config.section(commandsSection);
  const owners = (ownerAllowFrom ?? []).map(String).filter((owner) => owner.trim() !== "" && owner !== "*");
  if (ownerDisplay !== "hash") return owners;
  const hash = (owner: string) =>
    ownerDisplaySecret === undefined
      ? sha256(owner)
      : createHmac("sha256", ownerDisplaySecret).update(owner).digest("hex");
  return owners.map((owner) => hash(owner).slice(0, 12));
}

/**
 * What heartbeats of this agent ask; undefined where none are configured or the prompt shall not explain them.
 * Agents with a block of their own are the only ones; without any it is the default agent.
 */
export function heartbeatPrompt(config: ConfigSnapshot, agent: Agent): string | undefined {
  const { defaults, list = [] } = config.section(agentsSection);
  const own = list.find(({ id }) => id === agent.id)?.heartbeat;
  const takesPart = list.some(({ heartbeat }) => heartbeat !== undefined) ? own !== undefined : agent.isDefault;
  const settings = { ...defaults.heartbeat, ...(own as Partial<typeof defaults.heartbeat> | undefined) };
  const every = String(settings.every ?? "0").trim();
  if (!takesPart || /^0*(\.0*)?\s*[a-z]*$/i.test(every) || settings.includeSystemPromptSection === false)
    return undefined;
  return settings.prompt;
}
