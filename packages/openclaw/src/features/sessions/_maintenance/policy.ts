/** `session.maintenance`, read. */
import { byteCount, durationMs } from "../../../base/measure.ts";
import type { Static } from "../../../contracts/schema.ts";
import type { sessionSection } from "../config.ts";

export interface MaintenancePolicy {
  /** `warn` only says what would go. */
  readonly mode: "warn" | "enforce";
  readonly pruneAfterMs: number;
  readonly maxEntries: number;
  /** How long transcripts of ended sessions stay; undefined = for ever. */
  readonly retentionMs: number | undefined;
  readonly maxBytes: number | undefined;
  /** What is left when `maxBytes` was passed. */
  readonly highWaterBytes: number;
}

const THIRTY_DAYS = 30 * 86_400_000;

export function maintenancePolicy(section: Static<typeof sessionSection.schema>): MaintenancePolicy {
  const given = section.maintenance ?? {};
  const pruneAfterMs = durationMs(given.pruneAfter, "d") ?? durationMs(given.pruneDays, "d") ?? THIRTY_DAYS;
  const retention = given.resetArchiveRetention;
  const maxBytes = byteCount(given.maxDiskBytes);
  return {
    mode: given.mode ?? "warn",
    pruneAfterMs,
    maxEntries: given.maxEntries ?? 500,
    retentionMs: retention === false ? undefined : (durationMs(retention, "d") ?? pruneAfterMs),
    maxBytes,
    highWaterBytes: byteCount(given.highWaterBytes) ?? Math.floor((maxBytes ?? 0) * 0.8),
  };
}
