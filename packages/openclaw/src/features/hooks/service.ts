import { Once } from "../../base/once.ts";
import { provide, type ServiceContext } from "../../contracts/service.ts";
import { Models } from "../../models/index.ts";
import { StoreToken } from "../../store/index.ts";
import { Agents } from "../agents/index.ts";
import { Channels } from "../channels/index.ts";
import { Inbound } from "../inbound/index.ts";
import { Lanes, OneOffSessions, Sessions, SystemEvents } from "../sessions/index.ts";
import { TokenFailures } from "./_failures.ts";
import { Hooks, type HooksService } from "./index.ts";
import { Reports } from "./_report.ts";
import { serve, type HookAnswer, type ServeDeps } from "./_serve.ts";
import { isOneOff } from "./_session.ts";

async function makeHooks({ use, platform, scope }: ServiceContext): Promise<HooksService> {
  const [agents, sessions, lanes, events] = await Promise.all([
    use(Agents),
    use(Sessions),
    use(Lanes),
    use(SystemEvents),
  ]);
  const [channels, models, store, inbound] = await Promise.all([
    use(Channels),
    use(Models),
    use(StoreToken),
    use(Inbound),
  ]);
  const { kv, turns } = store;
  const log = platform.log.for("hooks");
  const reports = new Reports({ kv, turns, lanes, events, inbound, log, closing: scope.signal });
  const deps: ServeDeps = {
    platform,
    agents,
    sessions,
    lanes,
    channels,
    models,
    turns,
    reports,
    events,
    inbound,
    failures: new TokenFailures(platform.clock),
    once: new Once<HookAnswer>(platform.clock),
  };
  await reports.resume();
  const oneOffs = new OneOffSessions({ platform, store, sessions, kinds: [{ search: ":hook:", isOneOff }] });
  return {
    serve(call) {
      oneOffs.tidy();
      return serve(deps, call);
    },
  };
}

export const services = [provide(Hooks, makeHooks)];
