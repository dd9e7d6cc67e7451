/** The door of context: what the model sees of a conversation. */
import { token } from "../../contracts/service.ts";
import type { ContextEngineRegistry } from "../../contracts/context-engine.ts";
import type { Contexts } from "./_conversations.ts";
import type { Views } from "./_views.ts";

export { Contexts } from "./_conversations.ts";
export type { Conversation } from "./_conversations.ts";
export type { StoredMessage } from "./_stored.ts";
export { INTERRUPTED, delegated, interrupted, isPending, repair, violations } from "./_hygiene.ts";
export { familyViolations, routeOf } from "./_family.ts";
export { assertWindow, planWindow, SMALL_WINDOW } from "./_plan.ts";
export type { WindowPlan } from "./_plan.ts";
export { contextTokens } from "./_estimate.ts";
export { Views } from "./_views.ts";
export type { View, ViewQuestion } from "./_views.ts";

export interface ContextService {
  readonly conversations: Contexts;
  readonly views: Views;
}

export const Context = token<ContextService>("context");

export const ContextEngines = token<ContextEngineRegistry>("context-engines");
