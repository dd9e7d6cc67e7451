/** The bot's menu: what the core offers, then what the operator added. Entries of the operator are text only. */
import type { ChannelLink, MenuCommand } from "openclaw/sdk";
import type { CustomCommand } from "./_accounts.ts";
import type { BotApi } from "./_api.ts";
import { toChannelError } from "./_errors.ts";

export interface MenuEntry {
  readonly command: string;
  readonly description: string;
}

export interface Menu {
  readonly entries: readonly MenuEntry[];
  /** What was left out, and why: for the log. */
  readonly notes: readonly string[];
}

/** Telegram's limits. */
const MOST = 100;
const NAME = /^[a-z0-9_]{1,32}$/;
const MAX_DESCRIPTION = 256;

/** Pure. What is too much goes in this order: skills, plugins, the operator's own; of each the last first. */
export function menuOf(offered: readonly MenuCommand[], custom: readonly CustomCommand[]): Menu {
  const notes: string[] = [];
  const taken = new Set<string>();
  const rows: { readonly source: string; readonly entry: MenuEntry }[] = [];
  const add = (source: string, name: string, description: string) => {
    if (!NAME.test(name)) return void notes.push(`"${name.slice(0, 40)}" is no name that Telegram takes for a command`);
    if (taken.has(name)) return void notes.push(`/${name} of ${source} is left out: there is a command of that name`);
    taken.add(name);
    rows.push({ source, entry: { command: name, description: shortened(description) || name } });
  };
  for (const { source, name, description } of offered) add(source, name.toLowerCase(), description);
  for (const { command, description } of custom)
    add("customCommands", command.trim().replace(/^\//, "").toLowerCase(), description);
  const kept = [...rows];
  for (const source of ["skill", "plugin", "customCommands", "native"])
    while (kept.length > MOST && kept.some((row) => row.source === source))
      kept.splice(
        kept.findLastIndex((row) => row.source === source),
        1,
      );
  if (kept.length < rows.length)
    notes.push(`BOT_COMMANDS_TOO_MUCH: Telegram shows ${MOST} commands, ${rows.length - kept.length} are left out`);
  return { entries: kept.map(({ entry }) => entry), notes };
}

/** Puts the menu in place, or takes it away. Never rejects: a bot works without its menu. */
export async function registerMenu(
  { api, token }: { readonly api: BotApi; readonly token: string },
  link: ChannelLink,
  custom: readonly CustomCommand[],
): Promise<void> {
  try {
    const { entries, notes } = menuOf(await link.menu(), custom);
    for (const note of notes) link.log.warn(`menu: ${note}`);
    if (entries.length === 0) await api.deleteMyCommands({}, link.signal as never);
    else await api.setMyCommands({ commands: entries.map((entry) => ({ ...entry })) }, link.signal as never);
  } catch (error) {
    if (!link.signal.aborted)
      link.log.warn(`setMyCommands failed: ${toChannelError(error, "setMyCommands", token).message}`);
  }
}

function shortened(text: string): string {
  const line = text.replace(/\s+/g, " ").trim();
  return line.length <= MAX_DESCRIPTION ? line : `${line.slice(0, MAX_DESCRIPTION - 1).trimEnd()}…`;
}
