/** Where the running gateway can be reached, for those who tell others. */
import type { OwnAddresses } from "./bind.ts";

export interface ReachFacts {
  readonly bind: string;
  readonly host: string;
  readonly port: number;
  readonly tls: boolean;
  readonly authMode: string;
  readonly tailscale?: "serve" | "funnel";
  readonly own: OwnAddresses;
}

/** Filled in once the port is open. */
export class Reach {
  #facts: ReachFacts | undefined;

  set(facts: ReachFacts): void {
    this.#facts = facts;
  }

  facts(): ReachFacts | undefined {
    return this.#facts;
  }
}
