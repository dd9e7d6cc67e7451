import { defineCheck, type Finding } from "../../contracts/check.ts";
import { ConfigSections, loadConfig } from "../config/index.ts";
import { findRefs } from "./_refs.ts";
import { createSecretResolver } from "./index.ts";

export const checks = [
  defineCheck({
    id: "secrets.resolved",
    kind: "doctor",
    summary: "Every secret that the configuration refers to can be had.",
    needsConfig: true,
    async run({ platform, use }): Promise<readonly Finding[]> {
      const sections = await use(ConfigSections);
      const { snapshot } = await loadConfig({ platform, sections });
      if (!snapshot || findRefs(snapshot.root).length === 0) return [];
      const { issues, places } = await createSecretResolver({ platform, sections })(snapshot.root, "check");
      if (issues.length === 0)
        return [{ level: "ok", message: `Secrets that the configuration refers to: ${places.length} there.` }];
      return issues.map(({ path, message }) => ({
        level: "error",
        message: `${path}: ${message}`,
        remedy: "The gateway does not start without it: make it available where the reference points.",
      }));
    },
  }),
];
