/** The services of sessions by name; the door shows them. */
import { token } from "../../contracts/service.ts";
import type { SearchHost } from "./_search/host.ts";
import type { LanesService, SessionsService, SystemEventsService } from "./index.ts";

export const Sessions = token<SessionsService>("sessions");
/** Threads that look through transcripts; for this unit only. */
export const SessionSearch = token<Pick<SearchHost, "search">>("session-search");
export const Lanes = token<LanesService>("lanes");
export const SystemEvents = token<SystemEventsService>("system-events");
