/** Asking the local network for gateways. */
import type { Clock } from "../../base/time.ts";
import type { Beacon } from "./index.ts";
import type { Network } from "./_network.ts";
import { beaconsIn, SERVICE, type Answer } from "./_records.ts";

/** The question is repeated once: a single packet may be lost. */
const AGAIN_MS = 400;
const MAX_ANSWERS = 2000;

/** Everybody who answered within `timeoutMs`. Closes the network. */
export async function discover(network: Network, clock: Clock, timeoutMs: number): Promise<readonly Beacon[]> {
  const answers: Answer[] = [];
  network.onTrouble(() => {});
  network.onAnswers((more) => {
    if (answers.length < MAX_ANSWERS) answers.push(...more);
  });
  try {
    network.ask({ name: SERVICE, type: "PTR" });
    await clock.sleep(Math.min(AGAIN_MS, timeoutMs));
    network.ask({ name: SERVICE, type: "PTR" });
    await clock.sleep(Math.max(0, timeoutMs - AGAIN_MS));
    return beaconsIn(answers);
  } finally {
    network.close();
  }
}
