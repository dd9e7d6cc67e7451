import { Events } from "../../contracts/bus.ts";
import { provide } from "../../contracts/service.ts";
import type { ServiceContext } from "../../contracts/service.ts";
import { StoreToken } from "../../store/index.ts";
import { Agents } from "../agents/index.ts";
import { Config } from "../config/index.ts";
import { Outbound } from "../outbound/index.ts";
import { People } from "../people/index.ts";
import { Lanes, Sessions, SystemEvents } from "../sessions/index.ts";
import { ChatCommands, Inbound } from "./index.ts";
import { createPipeline } from "./pipeline.ts";

export const services = [
  provide(Inbound, async ({ use, platform, scope }: ServiceContext) =>
    createPipeline({
      platform,
      use,
      store: await use(StoreToken),
      config: await use(Config),
      people: await use(People),
      sessions: await use(Sessions),
      lanes: await use(Lanes),
      systemEvents: await use(SystemEvents),
      agents: await use(Agents),
      outbound: await use(Outbound),
      events: await use(Events),
      commands: await use(ChatCommands),
      closing: scope.signal,
    }),
  ),
];
