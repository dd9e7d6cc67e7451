/** What is left of a plan, as its provider says; never an estimate. */
import { cut, plainLine } from "../../../base/text.ts";
import { record } from "../../../base/record.ts";
import type { Access } from "../../../models/index.ts";

export interface QuotaWindow {
  /** `5h`, `week`, `credit`, or the provider's own word. */
  readonly label: string;
  /** 0 to 100. */
  readonly usedPercent: number;
  /** Unix epoch milliseconds. */
  readonly resetAt?: number;
}

export interface ProviderQuota {
  readonly provider: string;
  readonly displayName: string;
  readonly windows: readonly QuotaWindow[];
  readonly plan?: string;
  /** One sentence, in place of windows. */
  readonly error?: string;
}

/** One request to the provider, and how its answer is read. */
export interface QuotaSource {
  readonly provider: string;
  readonly displayName: string;
  /** Undefined: this credential has no plan that could be asked for. */
  readonly request: (access: Access) => QuotaRequest | undefined;
  readonly read: (answer: Readonly<Record<string, unknown>>) => Pick<ProviderQuota, "windows" | "plan">;
}

export interface QuotaRequest {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Sent by POST. */
  readonly body?: string;
}

/** Undefined for what is no number; shares of one become percents. */
export function percent(value: unknown, of: 1 | 100 = 100): number | undefined {
  const number = typeof value === "number" ? value : typeof value === "string" ? Number(value) : Number.NaN;
  if (!Number.isFinite(number)) return undefined;
  return Math.min(100, Math.max(0, Math.round((number / of) * 1000) / 10));
}

/** The year 2200: whoever says more does not know. */
const LAST_MOMENT = 7.3e12;

/** From milliseconds, seconds or a date as text. */
export function moment(value: unknown): number | undefined {
  if (typeof value === "string") {
    const at = Date.parse(value);
    return Number.isNaN(at) ? undefined : at;
  }
  if (typeof value !== "number" || !(value > 0 && value < LAST_MOMENT)) return undefined;
  return value < 1e11 ? Math.round(value * 1000) : Math.round(value);
}

/** A window, where its share is known. */
export function windowOf(label: string, usedPercent: number | undefined, resetAt?: number): QuotaWindow[] {
  if (usedPercent === undefined) return [];
  return [{ label, usedPercent, ...(resetAt === undefined ? {} : { resetAt }) }];
}

/** The name of a window by its length in seconds. */
export function lengthLabel(seconds: unknown, usual: string): string {
  if (typeof seconds !== "number" || seconds <= 0 || seconds > 400 * 86_400) return usual;
  const hours = Math.round(seconds / 3600);
  if (hours < 24) return `${Math.max(1, hours)}h`;
  const days = Math.round(hours / 24);
  return days === 7 ? "week" : days >= 28 && days <= 31 ? "month" : `${days}d`;
}

const MOST_ROWS = 8;

export function rows(value: unknown): readonly Readonly<Record<string, unknown>>[] {
  return Array.isArray(value) ? value.slice(0, MOST_ROWS).map(record) : [];
}

export function word(value: unknown): string | undefined {
  if (typeof value !== "string") return undefined;
  return plainLine(cut(value, 60)) || undefined;
}
