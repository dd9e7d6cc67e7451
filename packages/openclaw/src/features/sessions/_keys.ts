/**
 * Session keys: which conversation a message belongs to. `agent:<agentId>:<rest>`, lower case.
 * Grammar as documented: `main`, `dm:<peer>`, `<channel>:dm:<peer>`, `<channel>:<account>:dm:<peer>`,
 * `<channel>:group|channel:<id>[:topic|:thread:<id>]`, `subagent:<uuid>`, `cron:<jobId>`, …
 */
import type { Address } from "../../contracts/envelope.ts";

export interface ParsedKey {
  readonly agentId: string;
  /** What follows `agent:<id>:`. */
  readonly rest: string;
}

export type DmScope = "main" | "per-peer" | "per-channel-peer" | "per-account-channel-peer";

const MAX_KEY = 512;

export function mainKey(agentId: string, name = "main"): string {
  return `agent:${agentId}:${name}`.toLowerCase();
}

/** Splits a canonical key; undefined for `global`, `unknown` and anything malformed. */
export function parseKey(key: string): ParsedKey | undefined {
  const match = /^agent:([a-z0-9_-]+):(.+)$/.exec(key);
  return match?.[1] && match[2] ? { agentId: match[1], rest: match[2] } : undefined;
}

/**
 * The canonical form of what a client wrote: lower case; without prefix it belongs to `agentId`;
 * `main` is the agent's main session; the form `direct` becomes `dm`. Undefined when it is empty,
 * too long or holds control characters.
 */
export function canonicalKey(input: string, agentId: string, mainName = "main"): string | undefined {
  const key = input.trim().toLowerCase();
  // oxlint-disable-next-line no-control-regex -- control characters are what is refused
  if (key === "" || key.length > MAX_KEY || /[\u0000-\u001f\u007f]/.test(key)) return undefined;
  if (key === "global" || key === "unknown") return key;
  const parsed = parseKey(key);
  if (key.startsWith("agent:") && !parsed) return undefined;
  const owner = parsed?.agentId ?? agentId.toLowerCase();
  const rest = (parsed?.rest ?? key).replace(/(^|:)direct:/, "$1dm:");
  return rest === "main" ? mainKey(owner, mainName) : `agent:${owner}:${rest}`;
}

export interface KeyRules {
  readonly dmScope: DmScope;
  readonly mainKey: string;
  readonly scope: "per-sender" | "global";
  /** `<channel>:<peer>` → one person's canonical name. */
  readonly identityLinks: Readonly<Record<string, readonly string[]>>;
}

/** The session of a conversation on a channel. */
export function keyForAddress(address: Address, agentId: string, rules: KeyRules): string {
  if (rules.scope === "global") return "global";
  const prefix = `agent:${agentId}`;
  const thread = address.thread === undefined ? "" : `:${address.threadKind ?? "thread"}:${address.thread}`;
  if (address.kind !== "direct")
    return `${prefix}:${address.channel}:${address.kind}:${address.chat}${thread}`.toLowerCase();
  const peer = linkedName(address, rules.identityLinks) ?? address.chat;
  switch (rules.dmScope) {
    case "main":
      return mainKey(agentId, rules.mainKey);
    case "per-peer":
      return `${prefix}:dm:${peer}`.toLowerCase();
    case "per-channel-peer":
      return `${prefix}:${address.channel}:dm:${peer}`.toLowerCase();
    case "per-account-channel-peer":
      return `${prefix}:${address.channel}:${address.account}:dm:${peer}`.toLowerCase();
  }
}

function linkedName(address: Address, links: KeyRules["identityLinks"]): string | undefined {
  const peer = `${address.channel}:${address.chat}`.toLowerCase();
  return Object.entries(links).find(([, peers]) => peers.some((p) => p.toLowerCase() === peer))?.[0];
}

/** `direct`, `group`, `global` or `unknown`, for session lists. */
export function kindOf(key: string): "direct" | "group" | "global" | "unknown" {
  if (key === "global") return "global";
  const rest = parseKey(key)?.rest;
  if (rest === undefined) return "unknown";
  return /(^|:)(group|channel|room):/.test(rest) ? "group" : "direct";
}
