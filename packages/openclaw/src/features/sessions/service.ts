import { provide } from "../../contracts/service.ts";
import { Events } from "../../contracts/bus.ts";
import { Models } from "../../models/index.ts";
import { SessionFilesToken, StoreToken, TranscriptsToken } from "../../store/index.ts";
import type { RunLane } from "../../store/index.ts";
import { Config } from "../config/index.ts";
import { sessionFiles } from "./_files.ts";
import { createSessions } from "./_sessions.ts";
import { createSystemEvents } from "./_system-events.ts";
import { Lanes, Sessions, SystemEvents } from "./index.ts";
import { SessionSearch } from "./_service-tokens.ts";
import { envelopeHeader } from "./_envelope.ts";
import { SessionLanes } from "./lane.ts";
import { queueSettings } from "./_queue/settings.ts";
import type { QueueConfig } from "./_queue/settings.ts";
import { RowView } from "./_list/view.ts";

export const services = [
  provide(SessionFilesToken, async ({ use, platform }) => sessionFiles((await use(Config)).current(), platform.paths)),
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
  provide(SessionSearch, async ({ platform, scope }) => {
    const { SearchHost } = await import("./_search/host.ts");
    return new SearchHost(platform.clock, scope.signal);
  }),
  provide(SystemEvents, async ({ use, platform }) =>
    createSystemEvents((await use(StoreToken)).systemEvents, platform),
  ),
  provide(Lanes, async ({ use, platform, scope }) => {
    const [config, store, events] = await Promise.all([use(Config), use(StoreToken), use(Events)]);
    return new SessionLanes({
      platform,
      store,
      events,
      closing: scope.signal,
      header: ({ options }) => options.envelope && envelopeHeader(options.envelope, config.current()),
      cap: (lane) => (lane === "nested" ? 1 : Number(config.current().at(CAPS[lane]) ?? 1)),
      settings: async (key, channel) => {
        const queue = config.current().at("messages.queue") as QueueConfig | undefined;
        return queueSettings(queue, channel, (await store.sessions.get(key))?.entry);
      },
    });
  }),
];

/** Settings that say how many runs of a lane there may be at once. Runs that others wait for come one at a time. */
const CAPS: Readonly<Record<Exclude<RunLane, "nested">, string>> = {
  main: "agents.defaults.maxConcurrent",
  subagent: "agents.defaults.subagents.maxConcurrent",
  cron: "cron.maxConcurrentRuns",
};
