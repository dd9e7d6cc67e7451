/** Services of the gateway itself. */
import { token } from "../contracts/service.ts";
import type { PairingDesk } from "./pairing.ts";
import type { PresenceList } from "./presence.ts";

export const Pairing = token<PairingDesk>("pairing");
export const Presence = token<PresenceList>("presence");
