/** Doctor and audit checks. */
import type { Platform, Use } from "./service.ts";

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
  run(context: { readonly use: Use; readonly platform: Platform }): Promise<readonly Finding[]>;
}

export function defineCheck(check: Check): Check {
  return check;
}
