/** What binding an agent came to, in words and as data. */
import type { CliContext } from "../../../contracts/cli.ts";
import { describeMatch } from "../_bindings.ts";
import type { BindPlan } from "../_bindings.ts";

export function bindData({ added, upgraded, skipped, conflicts }: BindPlan) {
  return {
    added: added.map(describeMatch),
    updated: upgraded.map(({ match }) => describeMatch(match)),
    skipped: skipped.map(describeMatch),
    conflicts: conflicts.map(({ match, agentId }) => ({ binding: describeMatch(match), agentId })),
  };
}

export function sayBindings(out: CliContext["out"], id: string, plan: BindPlan, channels: unknown): void {
  const { added, updated, skipped, conflicts } = bindData(plan);
  for (const rule of added) out.line(`Added: ${rule} leads to ${id}`);
  for (const rule of updated) out.line(`Updated: ${rule} leads to ${id}`);
  for (const rule of skipped) out.line(`Already there: ${rule} leads to ${id}`);
  for (const { binding, agentId } of conflicts)
    out.note(
      `Not changed: ${binding} leads to ${agentId}. Take it away first: openclaw agents unbind --agent ${agentId}`,
    );
  const known = channels !== null && typeof channels === "object" ? Object.keys(channels) : [];
  for (const channel of new Set(
    [...plan.added, ...plan.upgraded.map(({ match }) => match)].map((match) => match.channel),
  ))
    if (!known.includes(channel))
      out.note(`The channel ${channel} is not configured; nothing comes from it until channels.${channel} is set.`);
}
