/** The tool `sessions_history`. */
import type { Static } from "../../../contracts/schema.ts";
import type { ToolBody } from "../../../contracts/tool.ts";
import { TranscriptsToken } from "../../../store/index.ts";
import { Config } from "../../config/index.ts";
import { Sessions } from "../../sessions/index.ts";
import { cleanHistory } from "../_history.ts";
import { json } from "./json.ts";
import { findSession, whyHidden } from "../_visibility.ts";
import { errors } from "../errors.ts";
import type { historyParams } from "../tools.ts";

const DEFAULT_LIMIT = 50;
const MAX_BYTES = 30_000;

export const historyTool: ToolBody<Static<typeof historyParams>> = {
  preview: (params) => ({ target: params.sessionKey, exact: { ...params } }),

  async run({ sessionKey, limit = DEFAULT_LIMIT, includeTools = false }, context) {
    const sessions = await context.use(Sessions);
    const config = (await context.use(Config)).current();
    const row = await findSession({ sessions, config }, context, sessionKey);
    const why = await whyHidden({ sessions, config }, context, row);
    if (why !== undefined) throw errors.SESSION_NOT_VISIBLE({ session: sessionKey, why });
    const ref = { agentId: row.agentId, sessionId: row.entry.sessionId };
    const history = await cleanHistory(await context.use(TranscriptsToken), ref, {
      limit,
      includeTools,
      maxBytes: MAX_BYTES,
    });
    return json({ sessionKey: row.key, ...history });
  },
};
