/** `approvals.exec`: questions that are also asked in chats, where owners answer with `/approve`. */
import { userPattern } from "../../../base/pattern.ts";
import { fenced, unveiled } from "../../../base/text.ts";
import { errorText } from "../../../base/errors.ts";
import type { Address } from "../../../contracts/envelope.ts";
import type { ConfigSnapshot } from "../../../contracts/config.ts";
import type { TurnRow } from "../../../store/index.ts";
import { approvalsSection, type Approval } from "../../approvals/index.ts";
import type { RunDeps } from "../run.ts";

/** Where a question of this run is asked besides connected clients; each place once. */
export function forwardRoutes(config: ConfigSnapshot, turn: TurnRow, agentId: string): readonly Address[] {
  const { enabled, mode, agentFilter, sessionFilter, targets } = config.section(approvalsSection).exec;
  if (!enabled) return [];
  if (agentFilter !== undefined && agentFilter.length > 0 && !agentFilter.includes(agentId)) return [];
  if (sessionFilter !== undefined && sessionFilter.length > 0 && !sessionFilter.some((part) => fits(part, turn)))
    return [];
  const origin = turn.replyTo?.address;
  const session = mode === "targets" || origin === undefined || origin.channel === "webchat" ? [] : [origin];
  const named = mode === "session" ? [] : targets.map(addressOf);
  const all = [...session, ...named];
  return all.filter((one, i) => all.findIndex((other) => samePlace(one, other)) === i);
}

/** Puts the question into the outbox of each place. A place that cannot be reached does not stop the others. */
export async function forward(deps: RunDeps, approval: Approval, routes: readonly Address[]): Promise<void> {
  const at = deps.platform.clock.now();
  for (const [i, address] of routes.entries()) {
    try {
      const posts = deps.outbound.compose(
        [cardOf(approval)],
        { address },
        { keyPrefix: `approval:${approval.id}:${i}`, at, literal: true },
      );
      await deps.store.outbox.post(posts);
      deps.outbound.wake(`${address.channel}:${address.account}`);
    } catch (error) {
      deps.log.warn("an approval was not forwarded", { channel: address.channel, error: errorText(error) });
    }
  }
}

/** What is asked, as a chat message. */
function cardOf({ id, request }: Approval): string {
  const short = id.slice(0, 8);
  const where = [
    `Agent: ${request.agentId ?? "-"}`,
    `Host: ${request.host}`,
    `Folder: \`${unveiled(request.cwd ?? "-").replaceAll("`", "\u02cb")}\``,
  ];
  return [
    `🔒 **A command waits for your yes** (\`${short}\`)`,
    fenced(request.command),
    where.join("\n"),
    `Answer with \`/approve ${short} ${request.allowedDecisions.join("|")}\``,
  ].join("\n\n");
}

function fits(part: string, { sessionKey }: TurnRow): boolean {
  return sessionKey.includes(part) || (userPattern(part)?.test(sessionKey) ?? false);
}

function addressOf(target: { channel: string; to: string; accountId?: string; threadId?: string }): Address {
  const { channel, to, accountId = "default", threadId } = target;
  const thread = threadId === undefined ? {} : { thread: String(threadId) };
  return { channel, account: accountId, kind: "direct", chat: String(to), ...thread };
}

function samePlace(a: Address, b: Address): boolean {
  return a.channel === b.channel && a.account === b.account && a.chat === b.chat && a.thread === b.thread;
}
