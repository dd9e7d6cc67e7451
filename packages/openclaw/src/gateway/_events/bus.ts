/** The event bus of one process: publishing calls every listener at once and never fails. */
import { errorText } from "../../base/errors.ts";
import type { Log } from "../../base/log.ts";
import type { EventBus } from "../../contracts/method.ts";

type Listener = Parameters<EventBus["subscribe"]>[0];

/** Surfaces are few; a number beyond this means that somebody forgot to unsubscribe. */
const MAX_LISTENERS = 256;

export function createEventBus(log: Log): EventBus {
  const listeners = new Set<Listener>();
  return {
    publish(event, payload, audience = {}) {
      for (const listener of listeners) {
        try {
          listener(event, payload, audience);
        } catch (error) {
          log.error(`a listener failed on ${event}`, { error: errorText(error) });
        }
      }
    },
    subscribe(listener) {
      if (listeners.size >= MAX_LISTENERS) throw new Error(`more than ${MAX_LISTENERS} listeners on the event bus`);
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}
