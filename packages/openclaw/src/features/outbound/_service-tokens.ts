import { token } from "../../contracts/service.ts";
import type { OutboundService } from "./index.ts";

export const Outbound = token<OutboundService>("outbound");
