import type { Clock } from "../../base/time.ts";
import type { Log } from "../../base/log.ts";
import type { Connection } from "./_connection.ts";
import type { Writer } from "./_writer.ts";

/** What every port of this adapter works with. */
export interface Adapter {
  readonly connection: Connection;
  readonly writer: Writer;
  readonly clock: Clock;
  readonly log: Log;
}
