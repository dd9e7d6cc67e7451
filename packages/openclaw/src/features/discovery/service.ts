import { provide } from "../../contracts/service.ts";
import { Config } from "../config/index.ts";
import { Discovery } from "./index.ts";
import { beaconsIn, SERVICE, type Answer } from "./_records.ts";

/** A question is repeated once: a single packet may be lost. */
const AGAIN_MS = 400;
const MAX_ANSWERS = 2000;

export const services = [
  provide(Discovery, async ({ use, platform }) => ({
    async announce(what, scope) {
      const { announce } = await import("./_announce.ts");
      await announce(what, { platform, config: (await use(Config)).current(), scope });
    },
    async discover(timeoutMs) {
      const { openNetwork } = await import("./_network.ts");
      const network = await openNetwork();
      const answers: Answer[] = [];
      network.onTrouble(() => {});
      network.onAnswers((more) => {
        if (answers.length < MAX_ANSWERS) answers.push(...more);
      });
      try {
        network.ask({ name: SERVICE, type: "PTR" });
        await platform.clock.sleep(Math.min(AGAIN_MS, timeoutMs));
        network.ask({ name: SERVICE, type: "PTR" });
        await platform.clock.sleep(Math.max(0, timeoutMs - AGAIN_MS));
        return beaconsIn(answers);
      } finally {
        network.close();
      }
    },
  })),
];
