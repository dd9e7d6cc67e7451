import { provide } from "../../contracts/service.ts";
import { Config } from "../config/index.ts";
import { Discovery } from "./index.ts";

export const services = [
  provide(Discovery, async ({ use, platform }) => ({
    async announce(what, scope) {
      const [{ announce }, { openNetwork }] = await Promise.all([import("./_announce.ts"), import("./_network.ts")]);
      await announce(what, { platform, config: (await use(Config)).current(), scope, open: openNetwork });
    },
    async discover(timeoutMs) {
      const [{ discover }, { openNetwork }] = await Promise.all([import("./_discover.ts"), import("./_network.ts")]);
      return discover(await openNetwork(), platform.clock, timeoutMs);
    },
  })),
];
