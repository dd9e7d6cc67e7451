/** The tool `session_status`: the card of a session, with the clock; on request it changes the session's model. */
import { compact } from "../../../base/text.ts";
import type { Static } from "../../../contracts/schema.ts";
import { text } from "../../../contracts/tool.ts";
import type { ToolBody, ToolContext } from "../../../contracts/tool.ts";
import { Models } from "../../../models/index.ts";
import type { SessionRow } from "../../../store/index.ts";
import { Config } from "../../config/index.ts";
import { Sessions, statusCard } from "../../sessions/index.ts";
import { findSession, whyHidden } from "../_visibility.ts";
import { errors } from "../errors.ts";
import type { statusParams } from "../tools.ts";

type Params = Static<typeof statusParams>;

export const statusTool: ToolBody<Params> = {
  preview: ({ sessionKey, model }, context) => ({
    target: sessionKey ?? context.sessionKey,
    exact: compact({ sessionKey: sessionKey ?? context.sessionKey, model }),
  }),

  async run({ sessionKey, model }, context) {
    const key = sessionKey === undefined ? context.sessionKey : (await visible(context, sessionKey)).key;
    const sessions = await context.use(Sessions);
    if (model !== undefined) await choose(context, key, model);
    const row = await sessions.get(key);
    const agentId = row?.agentId ?? context.agentId;
    const { use, platform, replyTo } = context;
    const channel = replyTo?.address.channel;
    const card = await statusCard({ use, platform, sessionKey: key, agentId, ...(channel ? { channel } : {}) });
    const clock = clockOf(context);
    return text(`${card}\n🕒 Time: ${clock.local} (${clock.timeZone}) • ${clock.now}`, {
      ...clock,
      sessionKey: key,
      agentId,
      model: row?.entry.model === undefined ? null : `${row.entry.modelProvider ?? ""}/${row.entry.model}`,
      ...(model === undefined ? {} : { changedModel: true }),
      tokens: {
        input: row?.entry.inputTokens ?? 0,
        output: row?.entry.outputTokens ?? 0,
        context: row?.entry.totalTokens ?? 0,
        window: row?.entry.contextTokens ?? null,
      },
    });
  },
};

async function visible(context: ToolContext, asked: string): Promise<SessionRow> {
  const sessions = await context.use(Sessions);
  const config = (await context.use(Config)).current();
  const row = await findSession({ sessions, config }, context, asked);
  const why = await whyHidden({ sessions, config }, context, row);
  if (why !== undefined) throw errors.SESSION_NOT_VISIBLE({ session: asked, why });
  return row;
}

/** `default` takes the choice back. Throws what is wrong with the model. */
async function choose({ use, principal }: ToolContext, key: string, wanted: string): Promise<void> {
  if (principal.role === "guest" || principal.role === "stranger") throw errors.MODEL_NOT_YOURS();
  const sessions = await use(Sessions);
  await sessions.ensure(key);
  if (wanted.trim().toLowerCase() === "default") {
    await sessions.patch(key, { set: { providerOverride: null, modelOverride: null, modelOverrideSource: null } });
    return;
  }
  const { provider, model } = await (await use(Models)).resolve(wanted.trim(), (await use(Config)).current());
  const set = { providerOverride: provider, modelOverride: model.id, modelOverrideSource: "user" };
  await sessions.patch(key, { set });
}

function clockOf({ platform }: ToolContext) {
  const now = new Date(platform.clock.now());
  const timeZone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const local = new Intl.DateTimeFormat("en-GB", { dateStyle: "full", timeStyle: "long", timeZone }).format(now);
  return { now: now.toISOString(), local, timeZone };
}
