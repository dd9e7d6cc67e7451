/** The door of hooks: other programs start runs and wake the main session by HTTP. */
import { token } from "../../contracts/service.ts";
import type { RouteCall } from "../../contracts/route.ts";

export interface HooksService {
  /** Answers a request at `hooks.path` or below it. Throws a Fault for what it refuses. */
  serve(call: RouteCall): Promise<void>;
}

/** Making it takes up the reports of runs that a previous process left. */
export const Hooks = token<HooksService>("hooks");
