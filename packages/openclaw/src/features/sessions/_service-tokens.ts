/** The services of sessions by name; the door shows them. */
import { token } from "../../contracts/service.ts";
import type { LanesService, SessionsService, SystemEventsService } from "./index.ts";

export const Sessions = token<SessionsService>("sessions");
export const Lanes = token<LanesService>("lanes");
export const SystemEvents = token<SystemEventsService>("system-events");
