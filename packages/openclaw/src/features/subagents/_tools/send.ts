/** The tool `sessions_send`. */
import { compact, cut } from "../../../base/text.ts";
import type { Static } from "../../../contracts/schema.ts";
import type { ToolBody, ToolContext, ToolResult } from "../../../contracts/tool.ts";
import type { SessionRow } from "../../../store/index.ts";
import { Agents } from "../../agents/index.ts";
import { Config } from "../../config/index.ts";
import type { ConfigSnapshot } from "../../config/index.ts";
import { Sessions, parseKey } from "../../sessions/index.ts";
import type { SessionsService } from "../../sessions/index.ts";
import { LONGEST_CHAIN, chainOf, hasCaused } from "../_authority.ts";
import { json, refusal } from "./json.ts";
import { deniedBy } from "../_send-policy.ts";
import { Talks } from "../_service-tokens.ts";
import { findSession, whyHidden } from "../_visibility.ts";
import { errors } from "../errors.ts";
import type { sendParams } from "../tools.ts";

type Params = Static<typeof sendParams>;

const DEFAULT_SECONDS = 30;

export const sendTool: ToolBody<Params> = {
  preview: ({ sessionKey, label, agentId, message }) => ({
    target: `${sessionKey ?? label ?? ""}: ${cut(message, 200)}`,
    exact: compact({ sessionKey, label, agentId, message }),
  }),

  async run(params, context) {
    const sessions = await context.use(Sessions);
    const config = (await context.use(Config)).current();
    const target = await targetOf({ sessions, config }, context, params);
    const refused = await refusedBecause({ sessions, config }, context, target);
    if (refused) return refused;
    const own = await sessions.get(context.sessionKey);
    const channel = own?.entry.lastChannel ?? own?.entry.channel;
    const answer = await (
      await context.use(Talks)
    ).send({
      from: {
        sessionKey: context.sessionKey,
        agentId: context.agentId,
        ...(channel === undefined ? {} : { channel }),
      },
      principal: context.principal,
      to: target,
      message: params.message,
      waitMs: (params.timeoutSeconds ?? DEFAULT_SECONDS) * 1000,
      signal: context.signal,
    });
    return answer.status === "error" ? refusal(answer) : json(answer);
  },
};

interface Look {
  readonly sessions: SessionsService;
  readonly config: ConfigSnapshot;
}

async function targetOf(look: Look, context: ToolContext, params: Params): Promise<SessionRow> {
  if (params.sessionKey !== undefined) {
    const agents = (await context.use(Agents)).list(look.config).map(({ id }) => id);
    return findSession(look, context, params.sessionKey, agents);
  }
  if (params.label === undefined) throw errors.SEND_TARGET_MISSING();
  const agentId = params.agentId?.trim().toLowerCase() ?? context.agentId;
  const { rows } = await look.sessions.list({ label: params.label, agentId, limit: 1 });
  if (!rows[0]) throw errors.SESSION_NOT_FOUND({ session: params.label });
  return rows[0];
}

async function refusedBecause(look: Look, context: ToolContext, target: SessionRow): Promise<ToolResult | undefined> {
  const sessionKey = target.key;
  const why = await whyHidden(look, context, target);
  if (why !== undefined)
    return refusal({ status: "forbidden", sessionKey, error: `That session cannot be written to: ${why}.` });
  if (sessionKey === context.sessionKey)
    return refusal({ status: "error", sessionKey, error: "A session cannot write to itself." });
  if (parseKey(sessionKey)?.rest.includes(":thread:") === true)
    return refusal({ status: "error", sessionKey, error: "Sessions of threads cannot be written to." });
  if (deniedBy(look.config, target))
    return refusal({ status: "forbidden", sessionKey, error: "Nothing is sent to that session (send policy: deny)." });
  if (hasCaused(context.principal, sessionKey))
    return refusal({
      status: "error",
      sessionKey,
      error: "That session waits for this one: answer it here instead of writing to it.",
    });
  if (chainOf(context.principal) >= LONGEST_CHAIN)
    return refusal({
      status: "forbidden",
      sessionKey,
      error: `Agents have caused one another ${LONGEST_CHAIN} times in a row without anybody asking.`,
    });
  return undefined;
}
