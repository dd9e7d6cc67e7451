/** Typing indicators: shown at once, repeated while the work lasts, never for longer than two minutes without news. */
import type { Clock } from "../../base/time.ts";
import type { ChannelConnection } from "../../contracts/channel.ts";
import type { Address } from "../../contracts/envelope.ts";

const LONGEST_MS = 120_000;

export interface Typing {
  /** Begins, or says that the work goes on. */
  touch(): void;
  stop(): void;
}

export const NO_TYPING: Typing = { touch() {}, stop() {} };

/** Shows nothing before the first `touch`. Failures are nobody's business. */
export function showTyping(clock: Clock, connection: ChannelConnection, address: Address, everyMs: number): Typing {
  if (!connection.typing) return NO_TYPING;
  let until = 0;
  let cancel: (() => void) | undefined;
  let ended = false;
  const signal = (): void => {
    cancel = undefined;
    if (ended || clock.now() > until) return;
    connection.typing?.(address).catch(() => undefined);
    cancel = clock.timer(everyMs, signal);
  };
  return {
    touch() {
      until = clock.now() + LONGEST_MS;
      if (!cancel) signal();
    },
    stop() {
      ended = true;
      cancel?.();
    },
  };
}
