/** Which commands a node of a platform may offer: the first of its two gates. Pure. */

export type Platform = "macos" | "windows" | "ios" | "android" | "headless" | "unknown";

/** What a node says of the machine it runs on. */
export interface Machine {
  readonly platform: string;
  readonly deviceFamily?: string;
}

/** `gateway.nodes` as far as commands go. */
export interface CommandRules {
  readonly allowCommands: readonly string[];
  readonly denyCommands: readonly string[];
}

const COMMON = ["canvas.*", "camera.list", "location.get"];
const DESKTOP = [...COMMON, "screen.snapshot", "device.*", "system.notify"];
const PHONE = [
  ...COMMON,
  "screen.snapshot",
  "device.*",
  "photos.latest",
  "contacts.search",
  "calendar.events",
  "system.notify",
];
const RUNS_COMMANDS = [
  "system.run",
  "system.run.prepare",
  "system.which",
  "system.execApprovals.get",
  "system.execApprovals.set",
];

/** Allowed without configuration; `.*` stands for a whole family. */
const DEFAULTS: Readonly<Record<Platform, readonly string[]>> = {
  macos: [...DESKTOP, ...RUNS_COMMANDS],
  windows: DESKTOP,
  ios: PHONE,
  android: [...PHONE, "notifications.list", "motion.*"],
  headless: [...RUNS_COMMANDS, "browser.proxy"],
  unknown: COMMON,
};

export function platformOf({ platform, deviceFamily }: Machine): Platform {
  const name = fold(platform);
  const family = fold(deviceFamily ?? "");
  if (/^(?:ios|ipados)/.test(name) || family === "iphone" || family === "ipad") return "ios";
  if (name.startsWith("android")) return "android";
  if (/^mac ?os/.test(name)) return "macos";
  if (name.startsWith("windows")) return "windows";
  return /^(?:linux|darwin|win32)(?![a-z])/.test(name) ? "headless" : "unknown";
}

/**
 * Whether a command is allowed there: by default or by `allowCommands`, unless `denyCommands` names it, which
 * always wins. A machine of unknown kind never gets `system.*`.
 */
export function isAllowed(command: string, machine: Machine, rules: CommandRules): boolean {
  if (rules.denyCommands.includes(command)) return false;
  const platform = platformOf(machine);
  if (platform === "unknown" && command.startsWith("system.")) return false;
  return rules.allowCommands.includes(command) || DEFAULTS[platform].some((entry) => covers(entry, command));
}

function covers(entry: string, command: string): boolean {
  return entry.endsWith(".*") ? command.startsWith(entry.slice(0, -1)) : entry === command;
}

function fold(text: string): string {
  return text.trim().toLowerCase();
}
