/** Connections by node. A device may hold several sockets; the newest is asked. */
import type { Caller } from "../../contracts/method.ts";

/** One connection of a node. */
export interface NodeSession {
  readonly nodeId: string;
  readonly caller: Caller;
  readonly connectedAtMs: number;
}

export class NodeSessions {
  readonly #byNode = new Map<string, readonly NodeSession[]>();

  add(session: NodeSession): void {
    this.#byNode.set(session.nodeId, [...this.of(session.nodeId), session]);
  }

  remove(session: NodeSession): void {
    const others = this.of(session.nodeId).filter((other) => other !== session);
    if (others.length > 0) this.#byNode.set(session.nodeId, others);
    else this.#byNode.delete(session.nodeId);
  }

  /** Oldest first. */
  of(nodeId: string): readonly NodeSession[] {
    return this.#byNode.get(nodeId) ?? [];
  }

  newest(nodeId: string): NodeSession | undefined {
    return this.of(nodeId).at(-1);
  }

  nodes(): Iterable<string> {
    return this.#byNode.keys();
  }
}
