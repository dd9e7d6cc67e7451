/**
 * Surfaces that wait for approval, one per node. In memory: a node that is turned away asks again when it
 * connects. A request ends 5 minutes after its node was last there to ask.
 */
import { uuid, type Random } from "../../base/ids.ts";
import type { Clock } from "../../base/time.ts";
import type { OperatorScope } from "../../contracts/method.ts";
import type { describe } from "./_record.ts";
import { isSame, requiredScopes, type Surface } from "./_surface.ts";

const PENDING_MS = 300_000;
const MAX_PENDING = 100;

export interface NodeRequest extends ReturnType<typeof describe>, Surface {
  readonly requestId: string;
  readonly nodeId: string;
  readonly requiredApproveScopes: readonly OperatorScope[];
  readonly silent: boolean;
  /** The node was approved before, for less. */
  readonly isRepair: boolean;
  readonly ts: number;
}

export interface RequestHooks {
  readonly clock: Clock;
  readonly random: Random;
  /** A connected node goes on asking. */
  readonly isConnected: (nodeId: string) => boolean;
  readonly requested: (request: NodeRequest) => void;
  readonly ended: (request: NodeRequest, decision: "rejected" | "expired") => void;
}

export class Requests {
  readonly #hooks: RequestHooks;
  readonly #waiting = new Map<string, { request: NodeRequest; cancel: () => void }>();

  constructor(hooks: RequestHooks) {
    this.#hooks = hooks;
  }

  /**
   * The same surface again refreshes its request; another one supersedes it. Undefined when too many wait.
   * `quiet`: nobody is told, because it is approved at once.
   */
  ask(
    of: Pick<NodeRequest, "nodeId" | "isRepair"> & ReturnType<typeof describe>,
    surface: Surface,
    { quiet = false }: { readonly quiet?: boolean } = {},
  ): NodeRequest | undefined {
    const { clock, random, ended, requested } = this.#hooks;
    const earlier = this.#waiting.get(of.nodeId)?.request;
    if (earlier !== undefined && isSame(earlier, surface)) return this.#keep({ ...earlier, ts: clock.now() });
    if (earlier !== undefined) {
      this.#drop(of.nodeId);
      ended(earlier, "rejected");
    }
    if (this.#waiting.size >= MAX_PENDING) return undefined;
    const request = this.#keep({
      requestId: uuid(random),
      ...of,
      ...surface,
      requiredApproveScopes: requiredScopes(surface),
      silent: quiet,
      ts: clock.now(),
    });
    if (!quiet) requested(request);
    return request;
  }

  list(): readonly NodeRequest[] {
    return [...this.#waiting.values()].map(({ request }) => request);
  }

  get(requestId: string): NodeRequest | undefined {
    return this.list().find((request) => request.requestId === requestId);
  }

  of(nodeId: string): NodeRequest | undefined {
    return this.#waiting.get(nodeId)?.request;
  }

  /** Takes it out without telling anybody. */
  take(nodeId: string): NodeRequest | undefined {
    const found = this.of(nodeId);
    this.#drop(nodeId);
    return found;
  }

  reject(nodeId: string): void {
    const found = this.take(nodeId);
    if (found !== undefined) this.#hooks.ended(found, "rejected");
  }

  /** The node has left: its five minutes begin. */
  left(nodeId: string): void {
    const found = this.of(nodeId);
    if (found !== undefined) this.#keep({ ...found, ts: this.#hooks.clock.now() });
  }

  close(): void {
    for (const nodeId of this.#waiting.keys()) this.#drop(nodeId);
  }

  #keep(request: NodeRequest): NodeRequest {
    const { clock } = this.#hooks;
    this.#drop(request.nodeId);
    const cancel = clock.timer(PENDING_MS, () => this.#late(request));
    this.#waiting.set(request.nodeId, { request, cancel });
    return request;
  }

  #late(request: NodeRequest): void {
    if (this.#hooks.isConnected(request.nodeId)) {
      this.#keep(request);
      return;
    }
    this.#drop(request.nodeId);
    this.#hooks.ended(request, "expired");
  }

  #drop(nodeId: string): void {
    this.#waiting.get(nodeId)?.cancel();
    this.#waiting.delete(nodeId);
  }
}
