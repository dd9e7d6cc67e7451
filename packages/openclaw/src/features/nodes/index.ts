/** The door of nodes: devices that lend the gateway their commands. */
import { token } from "../../contracts/service.ts";
import type { Caller } from "../../contracts/method.ts";

export interface NodesService {
  /** A node has logged in; `gone` aborts when its socket closes. Returns at once. */
  arrived(caller: Caller, gone: AbortSignal): void;
  /** Its device was removed: the record and what it asked for go too. */
  forget(nodeId: string): Promise<void>;
}

export const Nodes = token<NodesService>("nodes");
