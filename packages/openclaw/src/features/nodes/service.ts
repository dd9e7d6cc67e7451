import { Events } from "../../contracts/bus.ts";
import { provide, type ServiceContext } from "../../contracts/service.ts";
import { StoreToken } from "../../store/index.ts";
import { Config } from "../config/index.ts";
import { Nodes } from "./index.ts";
import { importNodes } from "./_import.ts";
import { NodeRegistry } from "./_nodes.ts";
import { Records } from "./_record.ts";

async function makeNodes({ use, platform, scope }: ServiceContext): Promise<NodeRegistry> {
  const [store, events, config] = await Promise.all([use(StoreToken), use(Events), use(Config)]);
  const records = await Records.open(store.kv);
  await importNodes(platform, records);
  const registry = new NodeRegistry({ platform, events, config, records });
  scope.add("nodes that ask for approval", () => registry.requests.close());
  return registry;
}

export const services = [provide(Nodes, makeNodes)];
