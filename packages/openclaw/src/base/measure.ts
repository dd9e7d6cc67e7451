/** Durations and sizes as configuration and flags write them; counts as people read them. */

const UNITS_MS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };
const UNITS_BYTES: Readonly<Record<string, number>> = { "": 1, k: 1024, m: 1024 ** 2, g: 1024 ** 3, t: 1024 ** 4 };

/** `90s`, `1.5h`, `1h30m`, or a bare number in `unit`, as milliseconds; undefined for anything else. */
export function durationMs(value: unknown, unit: "ms" | "s" | "m" | "h" | "d"): number | undefined {
  if (typeof value === "number")
    return Number.isFinite(value) && value >= 0 ? value * (UNITS_MS[unit] ?? 1) : undefined;
  if (typeof value !== "string") return undefined;
  const text = value.trim().toLowerCase();
  if (/^\d{1,15}(\.\d{1,6})?$/.test(text)) return Number(text) * (UNITS_MS[unit] ?? 1);
  if (!/^(\d{1,15}(\.\d{1,6})?(ms|s|m|h|d)\s{0,2}){1,5}$/.test(text)) return undefined;
  let sum = 0;
  for (const [, amount, named] of text.matchAll(/(\d+(?:\.\d+)?)(ms|s|m|h|d)/g))
    sum += Number(amount) * (UNITS_MS[named ?? ""] ?? 0);
  return sum;
}

/** `20mb`, `1.5 GB`, `4096`, as bytes (1 kb = 1,024); undefined for anything else. */
export function byteCount(value: unknown): number | undefined {
  if (typeof value === "number") return Number.isFinite(value) && value >= 0 ? Math.floor(value) : undefined;
  if (typeof value !== "string") return undefined;
  const match = /^(\d{1,15}(?:\.\d{1,6})?) ?([kmgt]?)b?$/.exec(value.trim().toLowerCase());
  return match ? Math.floor(Number(match[1]) * (UNITS_BYTES[match[2] ?? ""] ?? 1)) : undefined;
}

/** A count as people read it: `950`, `1.2k`, `345k`, `3.4M`. */
export function shortCount(count: number): string {
  if (count < 1000) return String(count);
  const [value, unit] = count < 999_500 ? [count / 1000, "k"] : [count / 1_000_000, "M"];
  return `${value >= 99.95 ? Math.round(value) : Number(value.toFixed(1))}${unit}`;
}
