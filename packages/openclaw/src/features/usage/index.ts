/** The door of usage: what models were used for, by day and in sum. */
export { dayTeller, spanOf, zoneOf } from "./_days.ts";
export type { Span, ZoneQuestion } from "./_days.ts";
export { totalsOf } from "./_totals.ts";
export type { Totals } from "./_totals.ts";
export { quotaLine } from "./_quota/text.ts";
export type { ProviderQuota, QuotaWindow } from "./_quota/quota.ts";
export { ProviderQuotas } from "./_service-tokens.ts";
