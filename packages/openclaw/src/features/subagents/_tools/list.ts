/** The tool `sessions_list`. */
import { compact } from "../../../base/text.ts";
import type { Static } from "../../../contracts/schema.ts";
import type { ToolBody, ToolContext } from "../../../contracts/tool.ts";
import { TranscriptsToken } from "../../../store/index.ts";
import type { SessionRow } from "../../../store/index.ts";
import { Config } from "../../config/index.ts";
import type { ConfigSnapshot } from "../../config/index.ts";
import { Sessions, parseKey } from "../../sessions/index.ts";
import { cleanHistory } from "../_history.ts";
import { json } from "./json.ts";
import { mainOf, visibleRows } from "../_visibility.ts";
import type { KINDS, listParams } from "../tools.ts";

type Params = Static<typeof listParams>;
type Kind = (typeof KINDS)[number];

const DEFAULT_LIMIT = 50;
/** Characters of the answer; rows that do not fit are left out, the oldest first. */
const MAX_CHARS = 36_000;

export const listTool: ToolBody<Params> = {
  preview: (params, { sessionKey }) => ({ target: sessionKey, exact: { ...params } }),

  async run(params, context) {
    const sessions = await context.use(Sessions);
    const config = (await context.use(Config)).current();
    const { label, search, activeMinutes, agentId } = params;
    const rows = await visibleRows(
      { sessions, config },
      context,
      compact({ label, search, activeMinutes, agentId: agentId?.toLowerCase() }) as Parameters<typeof visibleRows>[2],
    );
    const wanted = rows.filter((row) => params.kinds === undefined || params.kinds.includes(kindOf(config, row.key)));
    const shown: object[] = [];
    let room = MAX_CHARS;
    for (const row of wanted.slice(0, params.limit ?? DEFAULT_LIMIT)) {
      const one = await shownRow(context, config, row, params);
      room -= JSON.stringify(one, null, 2).length;
      if (room < 0) break;
      shown.push(one);
    }
    const left = wanted.length - shown.length;
    return json({ count: shown.length, ...(left > 0 ? { more: left } : {}), sessions: shown });
  },
};

async function shownRow(
  context: ToolContext,
  config: ConfigSnapshot,
  row: SessionRow,
  params: Params,
): Promise<object> {
  const sessions = await context.use(Sessions);
  const transcripts = await context.use(TranscriptsToken);
  const view = await sessions.view(row);
  const ref = { agentId: row.agentId, sessionId: row.entry.sessionId };
  const { messageLimit = 0 } = params;
  const history =
    messageLimit > 0
      ? await cleanHistory(transcripts, ref, { limit: messageLimit, includeTools: false, maxBytes: 8000 })
      : undefined;
  const field = (name: string) => view[name];
  return compact({
    key: row.key === mainOf(config, context.agentId) ? "main" : row.key,
    kind: kindOf(config, row.key),
    channel: channelOf(config, row),
    agentId: row.agentId,
    displayName: row.entry.displayName,
    label: row.entry.label,
    updatedAt: row.entry.updatedAt,
    sessionId: row.entry.sessionId,
    model: field("model"),
    contextTokens: field("contextTokens") ?? undefined,
    totalTokens: field("totalTokens"),
    thinkingLevel: row.entry.thinkingLevel,
    verboseLevel: row.entry.verboseLevel,
    systemSent: row.entry["systemSent"],
    abortedLastRun: row.entry.abortedLastRun,
    sendPolicy: row.entry.sendPolicy,
    lastChannel: row.entry.lastChannel,
    lastTo: row.entry.lastTo,
    deliveryContext: field("deliveryContext"),
    spawnedBy: row.entry["spawnedBy"],
    hasActiveRun: field("hasActiveRun") === true ? true : undefined,
    derivedTitle: params.includeDerivedTitles === true ? row.entry["derivedTitle"] : undefined,
    lastMessagePreview: params.includeLastMessage === true ? row.entry["lastMessagePreview"] : undefined,
    transcriptPath: transcripts.path(ref),
    messages: history?.messages,
  });
}

export function kindOf(config: ConfigSnapshot, key: string): Kind {
  const parsed = parseKey(key);
  const rest = parsed?.rest ?? key;
  if (parsed && key === mainOf(config, parsed.agentId)) return "main";
  if (/(?:^|:)(?:group|channel|room):/.test(rest)) return "group";
  const own = /^(cron|hook|node)[:-]/.exec(rest)?.[1];
  return own === undefined ? "other" : (own as Kind);
}

function channelOf(config: ConfigSnapshot, { key, entry }: SessionRow): string {
  const kind = kindOf(config, key);
  if (kind === "cron" || kind === "hook" || kind === "node") return "internal";
  return (kind === "group" ? entry.channel : entry.lastChannel) ?? entry.lastChannel ?? "unknown";
}
