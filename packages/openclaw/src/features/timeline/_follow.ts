/**
 * A surface that lost its connection goes on where it was: it names the last event that it knows, is given what it
 * missed, and hears the rest as it happens. An event may come both ways; its id tells. A connection follows one
 * thing at a time: what it asks for last.
 */
import { Events } from "../../contracts/bus.ts";
import type { MethodCall } from "../../contracts/method.ts";
import { StoreToken } from "../../store/index.ts";
import type { RunFactFilter } from "../../store/index.ts";
import { filterOf, fits, shown } from "./_shape.ts";

const MOST_AT_ONCE = 500;

interface Wanted extends Partial<Pick<RunFactFilter, "agentId" | "sessionKey" | "runId" | "kind">> {
  readonly cursor?: number;
}

export async function follow(call: MethodCall, { cursor, ...wanted }: Wanted) {
  const { runEvents } = await call.use(StoreToken);
  const events = await call.use(Events);
  const filter = filterOf(wanted);
  const { connId } = call.caller;
  const leave = runEvents.follow((fact) => {
    if (fits(fact, filter)) events.publish("audit.activity", shown(fact), { only: connId });
  }, connId);
  if (call.signal.aborted) leave();
  else call.signal.addEventListener("abort", leave, { once: true });
  if (cursor === undefined) {
    const [newest] = await runEvents.before(undefined, { limit: 1 });
    return { events: [], cursor: newest?.cursor ?? 0, more: false };
  }
  const missed = await runEvents.after(cursor, { ...filter, limit: MOST_AT_ONCE + 1 });
  const given = missed.slice(0, MOST_AT_ONCE);
  return { events: given.map(shown), cursor: given.at(-1)?.cursor ?? cursor, more: missed.length > MOST_AT_ONCE };
}
