/**
 * Which tools an agent has. Steps, in order; each can only remove:
 *
 * 1. profile (agent, else global)
 * 2. profile for the provider (agent, else global; a `provider/model` key beats a `provider` key)
 * 3. global allow and deny
 * 4. global allow and deny for the provider
 * 5. the agent's allow and deny
 * 6. the agent's allow and deny for the provider
 * 7. the group or channel
 * 8. the sandbox, when the session has one
 * 9. sub-agents, when the session is one
 *
 * In a step deny beats allow; an empty or absent allow restricts nothing. Names are compared without
 * regard to case, `*` stands for any characters, `group:<name>` for the members of a group.
 */
import { wildcard } from "../../base/pattern.ts";
import {
  CORE_NAMES,
  FAMILY_NAMES,
  FOR_ORCHESTRATORS,
  GROUPS,
  NOT_FOR_SUBAGENTS,
  PROFILES,
  canonicalName,
  type ProfileName,
} from "./_names.ts";

export interface AllowDeny {
  readonly allow?: readonly string[];
  readonly deny?: readonly string[];
}

export interface ProviderRules extends AllowDeny {
  readonly profile?: ProfileName;
  /** Added to the profile of the same place. */
  readonly alsoAllow?: readonly string[];
}

export interface ToolRules extends ProviderRules {
  readonly byProvider?: Readonly<Record<string, ProviderRules>>;
}

/** What the evaluation needs to know about a tool. */
export interface NamedTool {
  readonly name: string;
  readonly aliases?: readonly string[];
  readonly group: string;
}

export interface ToolsetInput<T extends NamedTool> {
  readonly tools: readonly T[];
  readonly global: ToolRules;
  readonly agent?: ToolRules;
  readonly provider: string;
  readonly model: string;
  /** Policies of the group or channel, widest first. */
  readonly groups?: readonly AllowDeny[];
  /** Present when the session is sandboxed. */
  readonly sandbox?: AllowDeny;
  /** Present when the session is a sub-agent's. */
  readonly subagent?: AllowDeny;
  /** That sub-agent may start sub-agents of its own. */
  readonly orchestrates?: boolean;
}

export interface Toolset<T> {
  /** Sorted by name. */
  readonly tools: readonly T[];
  /** One sentence per list entry that means nothing. */
  readonly warnings: readonly string[];
  /** An explicit allow list of the configuration (steps 1 to 6) left nothing. */
  readonly emptied: boolean;
}

type Matcher = (tool: NamedTool) => boolean;

export function resolveToolset<T extends NamedTool>(input: ToolsetInput<T>): Toolset<T> {
  const { global, agent = {} } = input;
  const globalProvider = forProvider(global, input);
  const agentProvider = forProvider(agent, input);
  const warnings = new Set<string>();
  const explicit = { allow: false };

  const step = (tools: readonly T[], where: string, lists: AllowDeny | undefined): readonly T[] => {
    if (lists === undefined) return tools;
    const allow = usable(lists.allow ?? [], `${where}.allow`, input.tools, warnings);
    for (const name of unknown(lists.deny ?? [], input.tools)) warnings.add(unknownName(`${where}.deny`, name));
    explicit.allow ||= allow.length > 0;
    const allowed = matcher(withImplied(allow));
    const denied = matcher(lists.deny ?? []);
    return tools.filter((tool) => !denied(tool) && (allow.length === 0 || allowed(tool)));
  };

  const additions = [...(global.alsoAllow ?? []), ...(agent.alsoAllow ?? [])];
  const providerAdditions = [...(globalProvider?.alsoAllow ?? []), ...(agentProvider?.alsoAllow ?? [])];
  let left: readonly T[] = input.tools;
  left = profile(left, agent.profile ?? global.profile, additions);
  left = profile(left, agentProvider?.profile ?? globalProvider?.profile, providerAdditions);
  left = step(left, "tools", global);
  left = step(left, "tools.byProvider", globalProvider);
  left = step(left, "agents.list[].tools", agent);
  left = step(left, "agents.list[].tools.byProvider", agentProvider);
  const emptied = left.length === 0 && explicit.allow;
  for (const lists of input.groups ?? []) left = step(left, "group tools", lists);
  left = step(left, "tools.sandbox.tools", input.sandbox);
  if (input.subagent)
    left = step(left, "tools.subagents.tools", subagentLists(input.subagent, input.orchestrates === true));

  return { tools: left.toSorted((a, b) => (a.name < b.name ? -1 : 1)), warnings: [...warnings], emptied };
}

/** Whether a list names the tool itself or its group; patterns do not count. */
export function namesOutright(list: readonly string[] | undefined, tool: NamedTool): boolean {
  return matcher((list ?? []).filter((name) => !name.includes("*")))(tool);
}

/** Whether a profile contains the tool. */
export function inProfile(name: ProfileName, tool: NamedTool): boolean {
  return matcher(PROFILES[name])(tool);
}

function profile<T extends NamedTool>(tools: readonly T[], name: ProfileName | undefined, more: readonly string[]) {
  if (name === undefined || name === "full") return tools;
  const kept = matcher([...PROFILES[name], ...more]);
  return tools.filter(kept);
}

function forProvider(rules: ToolRules, { provider, model }: { provider: string; model: string }) {
  const wanted = [`${provider}/${model}`, provider].map((key) => key.toLowerCase());
  const entries = Object.entries(rules.byProvider ?? {});
  for (const key of wanted) {
    const hit = entries.find(([name]) => name.toLowerCase() === key);
    if (hit) return hit[1];
  }
  return undefined;
}

function subagentLists(lists: AllowDeny, orchestrates: boolean): AllowDeny {
  const taken = NOT_FOR_SUBAGENTS.filter((name) => !(orchestrates && FOR_ORCHESTRATORS.has(name)));
  return { ...lists, deny: [...(lists.deny ?? []), ...taken] };
}

/** Allowing `exec` or `write` allows `apply_patch`, which does what they do. */
function withImplied(allow: readonly string[]): readonly string[] {
  const names = allow.map(canonicalName);
  return names.includes("exec") || names.includes("write") ? [...allow, "apply_patch"] : allow;
}

/**
 * The allow list, or nothing when every name in it belongs to plugins or channels that are not loaded:
 * such a list must not take away the core tools. A group that does not exist restricts all the same.
 */
function usable(allow: readonly string[], where: string, tools: readonly NamedTool[], warnings: Set<string>) {
  for (const name of unknown(allow, tools)) warnings.add(unknownName(where, name));
  return allow.every((name) => isForeign(name, tools)) ? [] : allow;
}

function unknownName(where: string, name: string): string {
  return `${where}: no tool is called "${name}"`;
}

/** Entries that are most likely mistakes. */
function unknown(list: readonly string[], tools: readonly NamedTool[]): string[] {
  return list.filter((entry) => {
    const name = canonicalName(entry);
    if (name.startsWith("group:")) return !isGroup(name.slice(6));
    return !FAMILY_NAMES.has(name) && isForeign(name, tools);
  });
}

/** Whether an entry can only mean tools of plugins or channels. */
function isForeign(entry: string, tools: readonly NamedTool[]): boolean {
  const name = canonicalName(entry);
  if (name.startsWith("group:")) return name === "group:plugins";
  return !CORE_NAMES.values().some(wildcard(name)) && !tools.some(matcher([name]));
}

function isGroup(name: string): boolean {
  return Object.hasOwn(GROUPS, name) || name === "openclaw" || name === "plugins";
}

function matcher(list: readonly string[]): Matcher {
  const tests = list.map(canonicalName).map(entryMatcher);
  return (tool) => tests.some((test) => test(tool));
}

function entryMatcher(entry: string): Matcher {
  if (!entry.startsWith("group:")) {
    const fits = wildcard(entry);
    return (tool) => [tool.name, ...(tool.aliases ?? [])].some(fits);
  }
  const group = entry.slice(6);
  if (group === "openclaw") return () => true;
  const members = new Set(Object.hasOwn(GROUPS, group) ? GROUPS[group] : []);
  return (tool) => members.has(tool.name.toLowerCase()) || (members.size > 0 && tool.group === group);
}
