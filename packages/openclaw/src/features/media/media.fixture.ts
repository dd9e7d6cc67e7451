/** The media service over a folder, for tests of other units. */
import { quietLog } from "../../../../../test/harness/log.ts";
import { Scope } from "../../base/scope.ts";
import { systemClock } from "../../base/time.ts";
import type { Platform, ServiceContext } from "../../contracts/service.ts";
import type { MediaService } from "./index.ts";
import { services } from "./service.ts";

export function mediaOf(state: string, platform: Partial<Platform> = {}): MediaService & { close(): Promise<unknown> } {
  const scope = new Scope(systemClock, "media");
  const paths = { state, home: state, config: `${state}/openclaw.json` };
  const context = { scope, platform: { clock: systemClock, log: quietLog, paths, env: {}, ...platform } };
  const service = services[0]?.make(context as unknown as ServiceContext) as MediaService;
  return { ...service, close: () => scope.close() };
}
