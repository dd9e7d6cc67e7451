import { token } from "../../contracts/service.ts";
import type { VoiceService } from "./index.ts";

export const Voice = token<VoiceService>("voice");
