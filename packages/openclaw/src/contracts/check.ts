/** Doctor and audit checks. */
import type { CliContext } from "./cli.ts";

/** Services over local data, and the gateway where one answers (`call` rejects when none does). */
export type CheckContext = Pick<CliContext, "use" | "platform" | "call">;

export interface Finding {
  readonly level: "ok" | "info" | "warn" | "error";
  readonly message: string;
  /** What to do, one sentence. */
  readonly remedy?: string;
}

export interface Check {
  readonly id: string;
  readonly kind: "doctor" | "audit";
  readonly summary: string;
  /** Looks at a valid configuration: left out while there is none. */
  readonly needsConfig?: true;
  /** Looks only. An error that is thrown is a finding of its own. */
  run(context: CheckContext): Promise<readonly Finding[]>;
  /**
   * For `doctor --fix`: mends what loses nothing that cannot be brought back, and says what it did, one line
   * each (`removed gateway.prot`). What is left over `run` finds again afterwards.
   */
  fix?(context: CheckContext): Promise<readonly string[]>;
}

export function defineCheck(check: Check): Check {
  return check;
}
