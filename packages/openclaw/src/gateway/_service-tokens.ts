/** Services of the gateway itself. */
import { token } from "../contracts/service.ts";
import { ConnectionsToken } from "../contracts/connections.ts";
import type { Token } from "../contracts/service.ts";
import type { Callers } from "./callers.ts";
import type { PairingDesk } from "./_devices/pairing.ts";
import type { PresenceList } from "./presence.ts";
import type { Reach } from "./_listen/reach.ts";
import type { SetupCodes } from "./_devices/setup-codes.ts";

export const Pairing = token<PairingDesk>("pairing");
/** What features know as connections; the gateway adds to it. */
export const OpenCallers = ConnectionsToken as Token<Callers>;
export const Setups = token<SetupCodes>("setup-codes");
export const ReachToken = token<Reach>("gateway-reach");
export const Presence = token<PresenceList>("presence");
