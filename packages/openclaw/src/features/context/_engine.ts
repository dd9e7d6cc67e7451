/** The built-in engine: old tool results shortened, old pictures left out, and what still does not fit. */
import type { AssembleRequest, Assembled } from "../../contracts/context-engine.ts";
import { FitState, fit } from "./_fit.ts";
import { withoutOldImages } from "./_images.ts";
import { PruneState, prune } from "./_prune.ts";
import type { PruneSettings } from "./_prune.ts";

/** Its name in `plugins.slots.contextEngine`. */
export const BUILT_IN = "legacy";

const MAX_SESSIONS = 256;

interface ViewState {
  readonly settings: PruneSettings;
  readonly window: number;
  readonly prune: PruneState;
  readonly fit: FitState;
}

export class BuiltInEngine {
  readonly #states = new Map<string, ViewState>();

  assemble(request: AssembleRequest, settings: PruneSettings): Assembled {
    const { messages, window, now, endpoint, tokenBudget, records } = request;
    const state = this.#state(request, settings);
    const situation = { windowChars: window * 4, now, cachesByTime: cachesByTime(endpoint), state: state.prune };
    const shorter = withoutOldImages(prune(messages, state.settings, situation));
    return { messages: fit(shorter, { budget: tokenBudget, head: records, keys: messages, state: state.fit }) };
  }

  /** What earlier views of a conversation came to; begun anew when settings or window have changed. */
  #state({ sessionId, window }: AssembleRequest, settings: PruneSettings): ViewState {
    const known = this.#states.get(sessionId);
    const holds = known !== undefined && known.window === window && sameSettings(known.settings, settings);
    const state = holds ? known : { settings, window, prune: new PruneState(), fit: new FitState() };
    this.#states.delete(sessionId);
    this.#states.set(sessionId, state);
    if (this.#states.size > MAX_SESSIONS) this.#states.delete(this.#states.keys().next().value ?? "");
    return state;
  }
}

function sameSettings(a: PruneSettings, b: PruneSettings): boolean {
  return a === b || JSON.stringify(a) === JSON.stringify(b);
}

/** Anthropic, and routers in front of it, keep prefixes for minutes after the last request. */
function cachesByTime({ provider, api, model }: AssembleRequest["endpoint"]): boolean {
  return api === "anthropic-messages" || (provider === "openrouter" && model.id.startsWith("anthropic/"));
}
