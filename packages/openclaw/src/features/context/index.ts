/** The door of context: what the model sees of a conversation. */
import { token } from "../../contracts/service.ts";
import type { ContextEngineRegistry } from "../../contracts/context-engine.ts";
import type { Principal } from "../../contracts/principal.ts";
import type { CompactionOutcome, CompactionWish } from "./_compaction/wish.ts";
import type { Contexts } from "./_conversations.ts";
import type { Views } from "./_views.ts";

export type { CompactionOutcome, CompactionReason, CompactionWish } from "./_compaction/wish.ts";
export { Contexts } from "./_conversations.ts";
export type { Conversation } from "./_conversations.ts";
export type { StoredMessage } from "./_stored.ts";
export { delegated, interrupted, isPending, repair, violations } from "./_hygiene.ts";
export { familyViolations, routeOf } from "./_family.ts";
export { isRecord } from "./_record.ts";
export { assertWindow, planWindow, SMALL_WINDOW } from "./_plan.ts";
export type { WindowPlan } from "./_plan.ts";
export { contextTokens } from "./_estimate.ts";
export { compactionOf } from "./_settings.ts";
export { fixedTokens } from "./_tokens.ts";
export { Views } from "./_views.ts";
export type { View, ViewQuestion } from "./_views.ts";

export interface ManualCompaction {
  /** What the summary should keep in view. */
  readonly instructions?: string;
  readonly by: Principal;
}

export interface ContextService {
  readonly conversations: Contexts;
  readonly views: Views;
  /**
   * Summarises a whole conversation because somebody asked for it. A run under way is stopped first; a stop of the
   * session ends it. What went wrong is in the outcome; rejects only where no model can be named.
   */
  compact(sessionKey: string, wish: ManualCompaction): Promise<CompactionOutcome>;
  /** The same for the newest part only, for runs that need room. Never rejects. */
  makeRoom(wish: CompactionWish): Promise<CompactionOutcome>;
}

export const Context = token<ContextService>("context");

export const ContextEngines = token<ContextEngineRegistry>("context-engines");
