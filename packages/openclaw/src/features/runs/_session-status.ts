import { text } from "../../contracts/tool.ts";
import type { Preview, ToolContext, ToolResult } from "../../contracts/tool.ts";
import { Sessions } from "../sessions/index.ts";

export function preview(_params: object, context: ToolContext): Preview {
  return { target: context.sessionKey, exact: { sessionKey: context.sessionKey } };
}

export async function run(_params: object, context: ToolContext): Promise<ToolResult> {
  const row = await (await context.use(Sessions)).get(context.sessionKey);
  const now = new Date(context.platform.clock.now());
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const status = {
    now: now.toISOString(),
    local: new Intl.DateTimeFormat("en-GB", { dateStyle: "full", timeStyle: "long", timeZone: zone }).format(now),
    timeZone: zone,
    sessionKey: context.sessionKey,
    agentId: context.agentId,
    model: row?.entry.model === undefined ? null : `${row.entry.modelProvider ?? ""}/${row.entry.model}`,
    tokens: {
      input: row?.entry.inputTokens ?? 0,
      output: row?.entry.outputTokens ?? 0,
      context: row?.entry.totalTokens ?? 0,
      window: row?.entry.contextTokens ?? null,
    },
  };
  return text(JSON.stringify(status, null, 2), status);
}
