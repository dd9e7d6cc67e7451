import { token } from "../../contracts/service.ts";
import type { GenerateService } from "./index.ts";

export const Generate = token<GenerateService>("generate");
