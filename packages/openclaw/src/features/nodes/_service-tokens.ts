import type { Token } from "../../contracts/service.ts";
import { Nodes } from "./index.ts";
import type { NodeRegistry } from "./_nodes.ts";

/** The service as this unit's own methods know it. */
export const Registry = Nodes as Token<NodeRegistry>;
