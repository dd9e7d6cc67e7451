import { provide } from "../../contracts/service.ts";
import { ConfigSections, SecretResolver } from "../config/index.ts";
import { createSecretResolver } from "./index.ts";

export const services = [
  provide(SecretResolver, async ({ use, platform }) =>
    createSecretResolver({ platform, sections: await use(ConfigSections) }),
  ),
];
