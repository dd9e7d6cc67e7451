import { token } from "../../contracts/service.ts";
import type { Stability } from "./_stability.ts";

export const StabilityToken = token<Stability>("stability");
