/** What a sender is by the lists, and what the policy makes of it. Pure. */
import type { Channel, ChannelAccount, DmPolicy } from "../../contracts/channel.ts";
import type { Role } from "../../contracts/principal.ts";

export interface Lists {
  /** Owners by address, as configured or recorded: `telegram:4711`. */
  readonly owners: readonly string[];
  /** Approved by pairing, for this account. */
  readonly approved: readonly string[];
}

export interface Standing {
  readonly listed: boolean;
  readonly wildcard: boolean;
  readonly paired: boolean;
  readonly role: Role;
}

/** `keys` are the sender's normalised spellings. */
export function standingOf(keys: readonly string[], channel: Channel, account: ChannelAccount, lists: Lists): Standing {
  const matches = (entry: string) => keys.includes(channel.normalizeSender(entry));
  const wildcard = account.allowFrom.some((entry) => entry.trim() === "*");
  const listed = account.allowFrom.some((entry) => entry.trim() !== "*" && matches(entry));
  const paired = lists.approved.some(matches);
  const owner =
    listed ||
    lists.owners.some((entry) => ownerOn(channel, entry) !== undefined && matches(ownerOn(channel, entry) ?? ""));
  return { listed, wildcard, paired, role: owner ? "owner" : paired ? "member" : wildcard ? "guest" : "stranger" };
}

/** Whether somebody of that standing may write directly; the reason names the rule. */
export function dmVerdict(
  policy: DmPolicy,
  { listed, wildcard, paired }: Standing,
): { readonly verdict: "allow" | "pair" | "ignore"; readonly reason: string } {
  switch (policy) {
    case "disabled":
      return { verdict: "ignore", reason: "dm-policy:disabled" };
    case "open":
      // Pairing never widens `open`; without `*` only the configured list counts.
      if (listed) return { verdict: "allow", reason: "allow-from" };
      return wildcard
        ? { verdict: "allow", reason: "dm-policy:open" }
        : { verdict: "ignore", reason: "dm-policy:open-without-wildcard" };
    case "allowlist":
    case "pairing":
      if (listed) return { verdict: "allow", reason: "allow-from" };
      if (paired) return { verdict: "allow", reason: "paired" };
      if (wildcard) return { verdict: "allow", reason: "allow-from:wildcard" };
      return policy === "pairing"
        ? { verdict: "pair", reason: "pairing" }
        : { verdict: "ignore", reason: "dm-policy:allowlist" };
  }
}

/** The sender part of an owner entry of this channel; entries without a channel own nothing. */
function ownerOn(channel: Channel, entry: string): string | undefined {
  const at = entry.indexOf(":");
  const prefix = entry.slice(0, at).trim().toLowerCase();
  return at > 0 && [channel.id, ...channel.aliases].includes(prefix) ? entry.slice(at + 1) : undefined;
}
