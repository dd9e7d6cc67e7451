import { provide } from "../../contracts/service.ts";
import { StoreToken } from "../../store/index.ts";
import { Agents } from "../agents/index.ts";
import { Config, SessionNotices } from "../config/index.ts";
import { Inbound } from "../inbound/index.ts";
import { Sessions, SystemEvents } from "../sessions/index.ts";
import { createNotices } from "./_notices.ts";

export const services = [
  provide(SessionNotices, async ({ use, platform }) => {
    const [config, agents, sessions, events, inbound, store] = await Promise.all([
      use(Config),
      use(Agents),
      use(Sessions),
      use(SystemEvents),
      use(Inbound),
      use(StoreToken),
    ]);
    return createNotices({
      paths: platform.paths,
      config: () => config.current(),
      defaultAgent: () => agents.default().id,
      sessions,
      events,
      inbound,
      kv: store.kv,
    });
  }),
];
