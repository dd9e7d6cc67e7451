/** Hop 4: which agent, which session. Deterministic; the first rule of the most specific tier wins. */
import type { Static } from "../../contracts/schema.ts";
import type { ChatKind, Envelope } from "../../contracts/envelope.ts";
import { bindingsSection } from "../agents/index.ts";
import { canonicalKey, keyForAddress, sessionSection } from "../sessions/index.ts";
import type { Admitted } from "./admit.ts";
import type { PipelineDeps } from "./pipeline.ts";

export interface Routed extends Admitted {
  readonly agentId: string;
  readonly sessionKey: string;
  /** What decided: the tier of the binding, `default`, or `asked` where the caller named the session. */
  readonly by: Tier | "default" | "asked";
}

type Binding = Static<typeof bindingsSection.schema>[number];
type Match = Binding["match"];
type Place = Pick<Envelope, "address" | "within">;

export function route(deps: PipelineDeps, admitted: Admitted): Routed {
  const { row } = admitted;
  const config = deps.config.current();
  const session = config.section(sessionSection);
  const asked = row.options?.["sessionKey"];
  if (typeof asked === "string") {
    const key = canonicalKey(asked, deps.agents.default(config).id, session.mainKey) ?? asked;
    const agentId = /^agent:([^:]+):/.exec(key)?.[1] ?? deps.agents.default(config).id;
    return { ...admitted, agentId, sessionKey: key, by: "asked" };
  }
  const bound = binding(config.section(bindingsSection), row.envelope);
  const agent = bound && deps.agents.get(bound.agentId, config);
  const chosen = agent ?? deps.agents.default(config);
  if (bound && !agent)
    deps.platform.log
      .for("inbound")
      .warn("a binding names an agent that is not configured; the default agent answers", { agent: bound.agentId });
  return {
    ...admitted,
    agentId: chosen.id,
    sessionKey: keyForAddress(row.envelope.address, chosen.id, session),
    by: bound && agent ? bound.tier : "default",
  };
}

/** Most specific first; a binding belongs to the first tier whose field it has. */
const TIERS = ["peer", "parentPeer", "roles", "guild", "team", "account", "anyAccount"] as const;
export type Tier = (typeof TIERS)[number];

/** The agent of a conversation: the first binding, in the order of the file, of the most specific tier that fits. */
export function binding(bindings: readonly Binding[], place: Place): { agentId: string; tier: Tier } | undefined {
  const fitting = bindings.filter(({ match }) => fits(match, place));
  for (const tier of TIERS) {
    const first = fitting.find(({ match }) => tierOf(match) === tier);
    if (first) return { agentId: first.agentId, tier };
  }
  return undefined;
}

function tierOf(match: Match): Tier {
  if (match.peer !== undefined) return "peer";
  if (match.parentPeer !== undefined) return "parentPeer";
  if (match.guildId !== undefined) return match.roles !== undefined && match.roles.length > 0 ? "roles" : "guild";
  if (match.teamId !== undefined) return "team";
  return match.accountId === "*" ? "anyAccount" : "account";
}

/** Every field that is given must fit. */
function fits(match: Match, { address, within }: Place): boolean {
  return (
    match.channel.toLowerCase() === address.channel &&
    accountFits(match, address.account) &&
    (match.peer === undefined || samePeer(match.peer, address)) &&
    (match.parentPeer === undefined || (within?.parent !== undefined && samePeer(match.parentPeer, within.parent))) &&
    (match.guildId === undefined || match.guildId === within?.guild) &&
    (match.teamId === undefined || match.teamId === within?.team) &&
    (match.roles === undefined ||
      match.roles.length === 0 ||
      match.roles.some((role) => within?.roles?.includes(role) === true))
  );
}

function accountFits(match: Match, account: string): boolean {
  const wanted = match.accountId ?? match.accountID ?? "default";
  return wanted === "*" || wanted === account;
}

function samePeer(peer: NonNullable<Match["peer"]>, chat: { readonly kind: ChatKind; readonly chat: string }): boolean {
  return (peer.kind === "dm" ? "direct" : peer.kind) === chat.kind && peer.id === chat.chat;
}
