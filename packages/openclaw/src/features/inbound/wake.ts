/**
 * A turn that nobody wrote: the session is told what waits in its system events, with the authority of
 * whoever caused them. Lines of several authorities get a turn each, the highest first.
 */
import { uuid } from "../../base/ids.ts";
import { ROLE_ORDER } from "../../contracts/principal.ts";
import type { Principal } from "../../contracts/principal.ts";
import type { ReplyRoute } from "../../contracts/envelope.ts";
import { parseKey } from "../sessions/index.ts";
import type { SessionRow } from "../sessions/index.ts";
import type { PipelineDeps } from "./pipeline.ts";

type WakeDeps = Pick<
  PipelineDeps,
  "systemEvents" | "sessions" | "store" | "lanes" | "agents" | "outbound" | "platform"
>;

/** Nothing when nothing waits, or when a turn that will tell it is queued already. */
export async function wake(deps: WakeDeps, sessionKey: string, reason: string): Promise<void> {
  const [waiting, open] = await Promise.all([deps.systemEvents.waiting(sessionKey), deps.store.turns.open(sessionKey)]);
  const underway = open.filter(({ state, options }) => state === "queued" && options.wake !== undefined);
  for (const role of ROLE_ORDER) {
    const author = waiting.find(({ by }) => by.role === role)?.by;
    if (author && !underway.some(({ principal }) => principal.role === role))
      await submit(deps, sessionKey, { author, reason });
  }
}

async function submit(
  deps: WakeDeps,
  sessionKey: string,
  { author, reason }: { readonly author: Principal; readonly reason: string },
): Promise<void> {
  const row = await deps.sessions.ensure(sessionKey);
  await deps.lanes.submit(
    {
      id: uuid(deps.platform.random),
      agentId: parseKey(sessionKey)?.agentId ?? deps.agents.default().id,
      sessionKey,
      principal: author,
      text: "",
      replyTo: lastRoute(deps, row),
      options: { wake: reason },
      createdAt: deps.platform.clock.now(),
    },
    [],
  );
}

/** Where the session was last talked to on a chat network that is still there, else its web chat. */
function lastRoute({ outbound }: WakeDeps, { key, entry }: SessionRow): ReplyRoute {
  const { lastChannel, lastTo, lastAccountId = "default", chatType } = entry;
  if (lastChannel === undefined || lastTo === undefined || !outbound.known(lastChannel, lastAccountId))
    return { address: { channel: "webchat", account: "default", kind: "direct", chat: key } };
  const kind = chatType === "group" || chatType === "channel" ? chatType : "direct";
  return { address: { channel: lastChannel, account: lastAccountId, kind, chat: lastTo } };
}
