import { provide } from "../../contracts/service.ts";
import { Nodes, type NodesService } from "./index.ts";

function makeNodes(): NodesService {
  return { arrived() {}, forget: async () => {} };
}

export const services = [provide(Nodes, makeNodes)];
