/** What keeps sockets alive and notices dead ones: ticks for clients, pings for the connection. */
import type { Clock } from "../../base/time.ts";
import type { EventBus } from "../../contracts/method.ts";
import type { Connection } from "./connection.ts";
import { TICK_MS } from "./hello.ts";

/** Ticks until the returned function is called. `also` runs with every tick. */
export function startTicking(parts: {
  readonly clock: Clock;
  readonly bus: EventBus;
  readonly connections: Iterable<Connection>;
  readonly also: () => void;
}): () => void {
  let cancel = () => {};
  const tick = () => {
    parts.bus.publish("tick", { ts: parts.clock.now() });
    for (const connection of parts.connections) if (connection.caller !== undefined) connection.ping();
    parts.also();
    cancel = parts.clock.timer(TICK_MS, tick);
  };
  cancel = parts.clock.timer(TICK_MS, tick);
  return () => cancel();
}
