import { provide } from "../../contracts/service.ts";
import { Config } from "../config/index.ts";
import { People } from "./index.ts";
import { createPeople } from "./_people.ts";

export const services = [
  provide(People, async ({ use, platform }) => {
    const config = await use(Config);
    return createPeople({ platform, configuredOwners: () => ownersIn(config.current().at("commands.ownerAllowFrom")) });
  }),
];

function ownersIn(value: unknown): string[] {
  return Array.isArray(value) ? value.map(String) : [];
}
