import { token } from "../contracts/service.ts";
import type { ModelsService } from "./index.ts";

export const Models = token<ModelsService>("models");
