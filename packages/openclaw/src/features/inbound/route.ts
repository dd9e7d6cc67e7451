/** Hop 4: which agent, which session. Deterministic; the first rule of the most specific tier wins. */
import type { Static } from "../../contracts/schema.ts";
import type { Address } from "../../contracts/envelope.ts";
import { bindingsSection } from "../agents/index.ts";
import { canonicalKey, keyForAddress, sessionSection } from "../sessions/index.ts";
import type { Admitted } from "./admit.ts";
import type { PipelineDeps } from "./pipeline.ts";

export interface Routed extends Admitted {
  readonly agentId: string;
  readonly sessionKey: string;
}

type Binding = Static<typeof bindingsSection.schema>[number];

export function route(deps: PipelineDeps, admitted: Admitted): Routed {
  const { row } = admitted;
  const config = deps.config.current();
  const session = config.section(sessionSection);
  const asked = row.options?.["sessionKey"];
  if (typeof asked === "string") {
    const key = canonicalKey(asked, deps.agents.default(config).id, session.mainKey) ?? asked;
    return {
      ...admitted,
      agentId: /^agent:([^:]+):/.exec(key)?.[1] ?? deps.agents.default(config).id,
      sessionKey: key,
    };
  }
  const bound = boundAgent(config.section(bindingsSection), row.envelope.address);
  const agent = (bound === undefined ? undefined : deps.agents.get(bound, config)) ?? deps.agents.default(config);
  return { ...admitted, agentId: agent.id, sessionKey: keyForAddress(row.envelope.address, agent.id, session) };
}

/** Peer, then exact account, then any account. */
export function boundAgent(bindings: readonly Binding[], address: Address): string | undefined {
  const here = bindings.filter(
    ({ match }) => match.channel.toLowerCase() === address.channel && !match.guildId && !match.teamId,
  );
  const peer = here.find(
    ({ match }) =>
      match.peer !== undefined &&
      accountFits(match, address) &&
      kindOf(match.peer.kind) === address.kind &&
      match.peer.id === address.chat,
  );
  const open = here.filter(({ match }) => match.peer === undefined && match.parentPeer === undefined);
  const exact = open.find(({ match }) => match.accountId !== "*" && accountFits(match, address));
  return (peer ?? exact ?? open.find(({ match }) => match.accountId === "*"))?.agentId;
}

function accountFits(match: Binding["match"], address: Address): boolean {
  const wanted = match.accountId ?? match.accountID ?? "default";
  return wanted === "*" || wanted === address.account;
}

function kindOf(kind: string): string {
  return kind === "dm" ? "direct" : kind;
}
