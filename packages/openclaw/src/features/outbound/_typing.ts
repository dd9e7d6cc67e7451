/** Typing indicators: shown at once, repeated while the work lasts, never for longer than two minutes without news. */
import type { Clock } from "../../base/time.ts";
import type { ChannelConnection } from "../../contracts/channel.ts";
import type { Address } from "../../contracts/envelope.ts";

const LONGEST_MS = 120_000;

/** Starts showing; the returned function ends it. Failures are nobody's business. */
export function showTyping(clock: Clock, connection: ChannelConnection, address: Address, everyMs: number): () => void {
  if (!connection.typing) return () => {};
  const until = clock.now() + LONGEST_MS;
  let cancel: () => void = () => {};
  let ended = false;
  const signal = (): void => {
    if (ended || clock.now() > until) return;
    connection.typing?.(address).catch(() => undefined);
    cancel = clock.timer(everyMs, signal);
  };
  signal();
  return () => {
    ended = true;
    cancel();
  };
}
