/** A process that writes a configuration again and again, for tests: `<file> <prefix> <count>`. */
import { dirname } from "node:path";
import { systemClock } from "../../../base/time.ts";
import { sampleSections as sections } from "../_samples.ts";
import { editConfig } from "../_service.ts";

const [config = "", prefix = "", count = "0"] = process.argv.slice(2);
const state = dirname(config);
const platform = { env: {}, paths: { home: state, state, config }, clock: systemClock, version: "2026.11.0" };
for (let at = 0; at < Number(count); at += 1)
  await editConfig({ platform, sections }, [{ path: `env.vars.${prefix}_${at}`, value: "x" }]);
