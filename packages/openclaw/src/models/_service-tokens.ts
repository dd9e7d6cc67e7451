import { token } from "../contracts/service.ts";
import type { Vendor } from "../contracts/model.ts";
import type { ModelsService } from "./index.ts";

export const Models = token<ModelsService>("models");

/** Every company and server that is known by itself. Filled by the composition root. */
export const Vendors = token<readonly Vendor[]>("vendors");
