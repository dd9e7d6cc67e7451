import { provide } from "../../contracts/service.ts";
import { Events } from "../../contracts/bus.ts";
import { StoreToken, TranscriptsToken } from "../../store/index.ts";
import { Config } from "../config/index.ts";
import { createSessions } from "./_sessions.ts";
import { createSystemEvents } from "./_system-events.ts";
import { Lanes, Sessions, SystemEvents } from "./index.ts";
import { SessionLanes } from "./lane.ts";

export const services = [
  provide(Sessions, async ({ use, platform }) =>
    createSessions({
      platform,
      store: await use(StoreToken),
      transcripts: await use(TranscriptsToken),
      config: await use(Config),
      events: await use(Events),
    }),
  ),
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
