import { token } from "../../contracts/service.ts";
import type { Liveness } from "./_liveness.ts";
import type { Stability } from "./_stability.ts";

export const StabilityToken = token<Stability>("stability");
export const LivenessToken = token<Liveness>("liveness");
