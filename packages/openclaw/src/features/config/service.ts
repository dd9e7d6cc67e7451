import { provide } from "../../contracts/service.ts";
import { Config, ConfigSections, createConfig } from "./index.ts";

export const services = [
  provide(Config, async ({ use, platform }) => createConfig({ platform, sections: await use(ConfigSections) })),
];
