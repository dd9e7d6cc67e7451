import { token } from "../../contracts/service.ts";
import type { GenerateService } from "./index.ts";

/** Where work that goes on by itself is remembered. */
export const TASK_SPACE = "generation-tasks";

export const Generate = token<GenerateService>("generate");
