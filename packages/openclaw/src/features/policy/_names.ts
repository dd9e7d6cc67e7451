/** Profiles, groups and documented tool names, as data. */

export type ProfileName = "minimal" | "coding" | "messaging" | "full";

/** What a profile starts from; `full` restricts nothing. */
export const PROFILES: Readonly<Record<ProfileName, readonly string[]>> = {
  minimal: ["session_status"],
  coding: ["group:fs", "group:runtime", "group:sessions", "group:memory", "image"],
  messaging: ["group:messaging", "sessions_list", "sessions_history", "sessions_send", "session_status"],
  full: ["*"],
};

/** Members by group. `openclaw` (every built-in tool) follows from the tools themselves. */
export const GROUPS: Readonly<Record<string, readonly string[]>> = {
  runtime: ["exec", "process", "code_execution"],
  fs: ["read", "write", "edit", "apply_patch"],
  sessions: [
    "sessions_list",
    "sessions_history",
    "sessions_send",
    "sessions_spawn",
    "session_status",
    "sessions_yield",
    "subagents",
  ],
  memory: ["memory_search", "memory_get"],
  web: ["web_search", "web_fetch", "x_search"],
  ui: ["browser", "canvas"],
  automation: ["cron", "gateway"],
  messaging: ["message"],
  nodes: ["nodes"],
  agents: ["agents_list"],
  media: ["image", "image_generate", "video_generate", "music_generate", "tts"],
};

/** How a group is called in lists for people. */
export const GROUP_LABELS: Readonly<Record<string, string>> = {
  fs: "Files",
  runtime: "Commands",
  sessions: "Sessions",
  memory: "Memory",
  web: "Web",
  ui: "Browser and canvas",
  automation: "Automation",
  messaging: "Messaging",
  nodes: "Nodes",
  agents: "Agents",
  media: "Media",
};

/** Families of channel actions: names that a policy may use although no single tool is called so. */
const FAMILIES = ["discord", "slack", "telegram", "whatsapp", "whatsapp_login"];
const OTHERS = ["pdf", "update_plan"];

/** Names that a list may contain without a warning, built or not. */
export const CORE_NAMES: ReadonlySet<string> = new Set([...Object.values(GROUPS).flat(), ...OTHERS]);
export const FAMILY_NAMES: ReadonlySet<string> = new Set(FAMILIES);

const ALIASES: Readonly<Record<string, string>> = { bash: "exec", "apply-patch": "apply_patch" };

/** The one spelling of a name or pattern in a policy: lower case, aliases resolved. */
export function canonicalName(name: string): string {
  const lower = name.trim().toLowerCase();
  return ALIASES[lower] ?? lower;
}

/** Removed from every sub-agent, whatever its policy says: sessions of others, and the installation itself. */
export const NOT_FOR_SUBAGENTS = [
  "sessions_list",
  "sessions_history",
  "sessions_send",
  "sessions_spawn",
  "session_status",
  "sessions_yield",
  "subagents",
  "gateway",
  "cron",
  "agents_list",
  "whatsapp_login",
];

/** What those sub-agents keep that may start sub-agents of their own. */
export const FOR_ORCHESTRATORS: ReadonlySet<string> = new Set([
  "sessions_spawn",
  "subagents",
  "sessions_list",
  "sessions_history",
]);

/** Whether a tool of this name is part of the product, in this version or another. */
export function isDocumented(name: string): boolean {
  return CORE_NAMES.has(canonicalName(name));
}
