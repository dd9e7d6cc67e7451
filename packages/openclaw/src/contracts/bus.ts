/** Tokens of services that every unit may use. */
import { token } from "./service.ts";
import type { EventBus } from "./method.ts";

export const Events = token<EventBus>("events");
