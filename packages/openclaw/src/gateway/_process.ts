/** What the parts of a running gateway share: how far it is, since when, and which sockets are open. */
import type { Clock } from "../base/time.ts";
import type { ChannelsService } from "../features/channels/index.ts";
import type { Connection } from "./_socket/connection.ts";

export type Phase = "starting" | "ready" | "draining";

export class GatewayProcess {
  phase: Phase = "starting";
  readonly connections = new Set<Connection>();
  /** Known once start-up is through. */
  channels: ChannelsService | undefined;
  readonly #clock: Clock;
  readonly #began: number;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#began = clock.monotonic();
  }

  uptimeMs(): number {
    return Math.round(this.#clock.monotonic() - this.#began);
  }

  /** Channel accounts that should run and gave up, as `channel:account`. */
  failing(): string[] {
    const accounts = this.channels?.status() ?? [];
    const gaveUp = accounts.filter(
      ({ enabled, configured, state, problem }) =>
        enabled && configured && state === "stopped" && problem !== undefined,
    );
    return gaveUp.map(({ channel, account }) => `${channel}:${account}`);
  }
}
