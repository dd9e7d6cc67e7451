import { provide } from "../../contracts/service.ts";
import { Config, ConfigSections, SecretResolver, createConfig, type ResolveSecrets } from "./index.ts";

/** For commands without a gateway: a secret that cannot be had is missing there, and no reason to stop. Doctor names it. */
export const services = [
  provide(Config, async ({ use, platform }) => {
    const secrets: ResolveSecrets = async (root, why) => {
      const found = await (await use(SecretResolver))(root, why);
      for (const { path, message } of found.issues) platform.log.info(`${path}: ${message}`);
      return { ...found, issues: [] };
    };
    return createConfig({ platform, sections: await use(ConfigSections), secrets });
  }),
];
