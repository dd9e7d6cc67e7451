/** The door of upkeep: what a gateway that runs for months removes by itself. */
import { token } from "../../contracts/service.ts";

export interface UpkeepService {
  /** One pass now. Never rejects; what could not be done is logged. */
  pass(): Promise<void>;
}

export const Upkeep = token<UpkeepService>("upkeep");
