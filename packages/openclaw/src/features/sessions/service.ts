import { provide } from "../../contracts/service.ts";
import { Events } from "../../contracts/bus.ts";
import { Models } from "../../models/index.ts";
import { StoreToken, TranscriptsToken } from "../../store/index.ts";
import { Config } from "../config/index.ts";
import { createSessions } from "./_sessions.ts";
import { createSystemEvents } from "./_system-events.ts";
import { Lanes, Sessions, SystemEvents } from "./index.ts";
import { SessionLanes } from "./lane.ts";
import { RowView } from "./_view.ts";

export const services = [
  provide(Sessions, async ({ use, platform }) => {
    const [config, lanes] = await Promise.all([use(Config), use(Lanes)]);
    return createSessions({
      platform,
      store: await use(StoreToken),
      transcripts: await use(TranscriptsToken),
      config,
      events: await use(Events),
      view: new RowView({ config, models: () => use(Models), now: () => platform.clock.now() }),
      active: (key) => lanes.active(key),
    });
  }),
  provide(SystemEvents, async ({ use, platform }) =>
    createSystemEvents((await use(StoreToken)).systemEvents, platform),
  ),
  provide(Lanes, async ({ use, platform, scope }) => {
    const config = await use(Config);
    return new SessionLanes({
      platform,
      store: await use(StoreToken),
      closing: scope.signal,
      maxConcurrent: () => Number(config.current().at("agents.defaults.maxConcurrent") ?? 1),
    });
  }),
];
