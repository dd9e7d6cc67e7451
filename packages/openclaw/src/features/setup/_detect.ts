/** Which model a new installation begins with. */
import type { Platform } from "../../contracts/service.ts";
import type { DetectedModel } from "./index.ts";

/** Undefined leaves the choice to the gateway, which then answers with its offline model. */
export async function detectModel(platform: Platform): Promise<DetectedModel | undefined> {
  void platform;
  return undefined;
}
