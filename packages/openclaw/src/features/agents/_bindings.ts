/** Rules that say which agent answers where: read, added and taken away, entry by entry of `bindings`. */
import type { Static } from "../../contracts/schema.ts";
import type { ConfigService } from "../config/index.ts";
import { bindingsSection } from "./config.ts";
import { errors } from "./errors.ts";

export type Binding = Static<typeof bindingsSection.schema>[number];
export type Match = Binding["match"];

/** `telegram`, `telegram:work`, `telegram:*`. Throws `BINDING_MALFORMED`. */
export function parseBind(text: string): Pick<Match, "channel" | "accountId"> {
  const [, channel, accountId] = /^([a-z0-9][a-z0-9_-]*)(?::([^\s:]+))?$/i.exec(text.trim()) ?? [];
  if (channel === undefined) throw errors.BINDING_MALFORMED({ text });
  return { channel: channel.toLowerCase(), ...(accountId === undefined ? {} : { accountId }) };
}

/** A rule in one line: `telegram accountId=work peer=direct:4711`. */
export function describeMatch(match: Match): string {
  const peer = (of: Match["peer"]) => (of === undefined ? undefined : `${of.kind}:${of.id}`);
  const fields = {
    accountId: match.accountId ?? match.accountID,
    peer: peer(match.peer),
    parentPeer: peer(match.parentPeer),
    guildId: match.guildId,
    teamId: match.teamId,
    roles: match.roles === undefined || match.roles.length === 0 ? undefined : match.roles.join(","),
  };
  const given = Object.entries(fields).flatMap(([name, value]) => (value === undefined ? [] : [`${name}=${value}`]));
  return [match.channel, ...given].join(" ");
}

export interface BindPlan {
  readonly added: readonly Match[];
  /** Places of rules for the channel alone that get an account. */
  readonly upgraded: readonly { readonly at: number; readonly match: Match }[];
  /** Were there already. */
  readonly skipped: readonly Match[];
  /** Belong to another agent. */
  readonly conflicts: readonly { readonly match: Match; readonly agentId: string }[];
}

/** What binding an agent to these places comes to. Pure. */
export function planBind(bindings: readonly Binding[], agentId: string, wanted: readonly Match[]): BindPlan {
  const now = bindings.map((binding) => ({ ...binding }));
  const added: Match[] = [];
  const upgraded: { at: number; match: Match }[] = [];
  const skipped: Match[] = [];
  const conflicts: { match: Match; agentId: string }[] = [];
  for (const match of wanted) {
    const same = now.find((binding) => key(binding.match) === key(match));
    const plain = now.findIndex(
      (binding) =>
        binding.agentId === agentId &&
        match.accountId !== undefined &&
        key(binding.match) === key({ channel: match.channel }) &&
        binding.match.accountId === undefined &&
        binding.match.accountID === undefined,
    );
    if (same && same.agentId !== agentId) conflicts.push({ match, agentId: same.agentId });
    else if (same) skipped.push(match);
    else if (plain >= 0 && plain < bindings.length) {
      upgraded.push({ at: plain, match });
      now[plain] = { agentId, match };
    } else {
      added.push(match);
      now.push({ agentId, match });
    }
  }
  return { added, upgraded, skipped, conflicts };
}

/** Writes what is planned. Conflicts are left alone. */
export async function bind(config: ConfigService, agentId: string, { added, upgraded }: BindPlan): Promise<void> {
  for (const { at, match } of upgraded)
    await config.edit({ path: `bindings[${at}].match.accountId`, value: match.accountId });
  let count = config.current().section(bindingsSection).length;
  for (const match of added) {
    const value = { agentId, match };
    await (count === 0
      ? config.edit({ path: "bindings", value: [value] })
      : config.edit({ path: `bindings[${count}]`, value }));
    count += 1;
  }
}

/** Takes away rules of an agent: those for these places, or all. Returns what was taken and what was not there. */
export async function unbind(
  config: ConfigService,
  agentId: string,
  wanted: readonly Match[] | "all",
): Promise<{ readonly removed: readonly Match[]; readonly missing: readonly Match[] }> {
  const rules = config
    .current()
    .section(bindingsSection)
    .map(({ agentId: of, match }, at) => ({ of, match, at }));
  const own = rules.filter(({ of }) => of === agentId);
  const gone = wanted === "all" ? own : own.filter(({ match }) => wanted.some((one) => key(one) === key(match)));
  const missing = wanted === "all" ? [] : wanted.filter((one) => !own.some(({ match }) => key(match) === key(one)));
  // From the end, so that the places of the others stay.
  for (const { at } of gone.toReversed()) await config.edit({ path: `bindings[${at}]`, remove: true });
  return { removed: gone.map(({ match }) => match), missing };
}

/** The same for rules that mean the same: no account is the default one. */
function key(match: Match): string {
  const account = match.accountId ?? match.accountID ?? "default";
  return JSON.stringify([
    match.channel.toLowerCase(),
    account,
    match.peer ?? null,
    match.parentPeer ?? null,
    match.guildId ?? null,
    match.teamId ?? null,
    match.roles ?? [],
  ]);
}
