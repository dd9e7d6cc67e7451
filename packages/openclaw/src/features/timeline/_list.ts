import type { MethodCall } from "../../contracts/method.ts";
import { StoreToken } from "../../store/index.ts";
import type { RunFactFilter } from "../../store/index.ts";
import { filterOf, shown } from "./_shape.ts";

interface Wanted extends Partial<Pick<RunFactFilter, "agentId" | "sessionKey" | "runId" | "kind" | "limit">> {
  readonly after?: number;
  readonly before?: number;
  readonly cursor?: string;
}

export async function list(call: MethodCall, { after, before, cursor, limit = 100, ...wanted }: Wanted) {
  const { runEvents } = await call.use(StoreToken);
  const rows = await runEvents.before(cursor === undefined ? undefined : Number(cursor), {
    ...filterOf(wanted),
    ...(after === undefined ? {} : { since: after }),
    ...(before === undefined ? {} : { until: before }),
    limit: limit + 1,
  });
  const page = rows.slice(0, limit);
  const last = page.at(-1);
  return { events: page.map(shown), ...(rows.length > limit && last ? { nextCursor: String(last.cursor) } : {}) };
}
