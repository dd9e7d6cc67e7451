/** Who an agent is: as configured, else as its `IDENTITY.md` says, else as nobody in particular. */
import { join } from "node:path";
import { readWithin } from "../../base/open.ts";
import { compact } from "../../base/text.ts";
import type { Agent } from "./index.ts";

export interface IdentityFields {
  readonly name?: string;
  readonly theme?: string;
  readonly emoji?: string;
  readonly avatar?: string;
}

export interface ResolvedIdentity extends IdentityFields {
  readonly name: string;
  readonly nameSource: "config" | "file" | "default";
}

const MAX_BYTES = 64 * 1024;
const MAX_FIELD = 200;
/** Where a file has no theme of its own, this says most about one. */
const THEME = ["theme", "creature", "vibe"] as const;

/**
 * The fields of an `IDENTITY.md`: lines such as `- **Name:** Robin`. What was not filled in, or only holds the hint
 * of a template in brackets, is absent.
 */
export function parseIdentity(text: string): IdentityFields {
  const found = new Map<string, string>();
  for (const line of text.split(/\r?\n/)) {
    const match = /^\s*(?:[-*+]\s+)?(?:\*\*|__)?([A-Za-z ]{2,20})(?::(?:\*\*|__)?|(?:\*\*|__):)\s*(.*)$/.exec(line);
    const value = plain(match?.[2] ?? "");
    const name = (match?.[1] ?? "").trim().toLowerCase();
    if (value !== "" && !found.has(name)) found.set(name, value);
  }
  return compact({
    name: found.get("name"),
    theme: THEME.map((name) => found.get(name)).find((value) => value !== undefined),
    emoji: found.get("emoji"),
    avatar: found.get("avatar"),
  });
}

function plain(text: string): string {
  const value = text.trim();
  if (/^[_*]?\(.*\)[_*]?$/.test(value) || /^\[.*\]$/.test(value)) return "";
  return value
    .replace(/^[`"'*_]+|[`"'*_]+$/g, "")
    .trim()
    .slice(0, MAX_FIELD);
}

/** Undefined when there is no such file in the workspace, or one that nobody would write by hand. */
export async function identityFile(workspace: string): Promise<IdentityFields | undefined> {
  try {
    const data = await readWithin({ root: workspace, path: join(workspace, "IDENTITY.md"), maxBytes: MAX_BYTES });
    return parseIdentity(data.toString("utf8"));
  } catch {
    return undefined;
  }
}

export async function resolveIdentity(agent: Agent): Promise<ResolvedIdentity> {
  const { identity } = agent;
  const file = (await identityFile(agent.workspace)) ?? {};
  const configured = identity.name ?? agent.configuredName;
  return {
    ...compact({
      theme: identity.theme ?? file.theme,
      emoji: identity.emoji ?? file.emoji,
      avatar: identity.avatar ?? file.avatar,
    }),
    name: configured ?? file.name ?? agent.name,
    nameSource: configured !== undefined ? "config" : file.name === undefined ? "default" : "file",
  };
}

/** Whether an avatar is an address rather than a file of the workspace. */
export function isAddress(avatar: string): boolean {
  return /^(https?:\/\/|data:)/i.test(avatar);
}
