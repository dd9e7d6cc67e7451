/** What a provider is asked for: the wishes as far as it can fulfil them, and what became of the others. Pure. */
import { compact } from "../../../base/text.ts";
import type { Abilities, Wishes } from "./provider.ts";

export interface Change {
  readonly field: string;
  readonly requested: string | number;
  readonly applied: string | number;
}

export interface Fitted {
  readonly wishes: Wishes;
  readonly normalization: readonly Change[];
  readonly ignored: readonly { readonly key: string; readonly value: unknown }[];
}

const MEASURED: ReadonlySet<string> = new Set([
  "prompt",
  "count",
  "size",
  "aspectRatio",
  "resolution",
  "durationSeconds",
]);

export function fitted(asked: Wishes, can: Abilities): Fitted {
  const normalization: Change[] = [];
  const ignored: { key: string; value: unknown }[] = [];
  const note = <T extends string | number>(field: string, requested: T, applied: T): T => {
    if (requested !== applied) normalization.push({ field, requested, applied });
    return applied;
  };
  const drop = (key: string, value: unknown) => void ignored.push({ key, value });
  const plain = Object.entries(asked).filter(([key, value]) => {
    if (value === undefined || MEASURED.has(key)) return false;
    const passed = key === "providerOptions" || can.takes?.includes(key as keyof Wishes) === true;
    if (!passed) drop(key, value);
    return passed;
  });
  const seconds = asked.durationSeconds;
  if (seconds !== undefined && can.seconds === undefined) drop("durationSeconds", seconds);
  const resolution = asked.resolution;
  if (resolution !== undefined && can.resolutions === undefined) drop("resolution", resolution);
  return {
    wishes: {
      prompt: asked.prompt,
      ...Object.fromEntries(plain),
      ...shape(asked, can, note, drop),
      ...compact({
        count: asked.count === undefined ? undefined : note("count", asked.count, clamp(asked.count, 1, can.out)),
        resolution:
          resolution === undefined || can.resolutions === undefined
            ? undefined
            : note("resolution", resolution, nearestBy(can.resolutions, resolution, lines)),
        durationSeconds:
          seconds === undefined || can.seconds === undefined
            ? undefined
            : note("durationSeconds", seconds, nearestSeconds(can.seconds, seconds)),
      }),
    },
    normalization,
    ignored,
  };
}

type Note = <T extends string | number>(field: string, requested: T, applied: T) => T;

/** Size and aspect ratio say the same twice: where one of them is not understood, it becomes the other. */
function shape(
  { size, aspectRatio }: Wishes,
  { sizes, aspectRatios }: Abilities,
  note: Note,
  drop: (key: string, value: unknown) => void,
): Pick<Wishes, "size" | "aspectRatio"> {
  const made: { size?: string; aspectRatio?: string } = {};
  const ofSize = size === undefined ? undefined : ratio(size);
  const ofAspect = aspectRatio === undefined ? undefined : ratio(aspectRatio);
  if (aspectRatio !== undefined) {
    if (ofAspect === undefined) drop("aspectRatio", aspectRatio);
    else if (aspectRatios)
      made.aspectRatio = note("aspectRatio", aspectRatio, nearestBy(aspectRatios, aspectRatio, ratio));
    else if (sizes && ofSize === undefined)
      made.size = note(
        "aspectRatio",
        aspectRatio,
        sizes === "free" ? sizeOf(ofAspect) : nearestBy(sizes, aspectRatio, ratio),
      );
    else drop("aspectRatio", aspectRatio);
  }
  if (size !== undefined) {
    if (ofSize === undefined) drop("size", size);
    else if (sizes === "free") made.size = note("size", size, freeSize(size));
    else if (sizes) made.size = note("size", size, sizes.includes(size) ? size : nearestBy(sizes, size, ratio));
    else if (aspectRatios && made.aspectRatio === undefined)
      made.aspectRatio = note("size", size, nearestBy(aspectRatios, size, ratio));
    else drop("size", size);
  }
  return made;
}

/** Width over height of `1024x1536` or `2:3`. */
export function ratio(text: string): number | undefined {
  const [, width, height] = /^(\d{1,5})(?:\.\d+)?\s*[x×:/]\s*(\d{1,5})$/i.exec(text.trim()) ?? [];
  const value = Number(width) / Number(height);
  return Number.isFinite(value) && value > 0 ? value : undefined;
}

export function pixels(size: string): { readonly width: number; readonly height: number } | undefined {
  const [, width, height] = /^(\d{2,5})\s*[x×]\s*(\d{2,5})$/i.exec(size.trim()) ?? [];
  return width === undefined ? undefined : { width: Number(width), height: Number(height) };
}

/** `720P` → 720, `2K` → 2000. */
function lines(text: string): number | undefined {
  const [, count, unit] = /^(\d{1,4})\s*([pk])$/i.exec(text.trim()) ?? [];
  if (count === undefined) return undefined;
  return Number(count) * (unit?.toLowerCase() === "k" ? 1000 : 1);
}

function nearestBy(all: readonly string[], wanted: string, measure: (text: string) => number | undefined): string {
  const same = all.find((one) => one.toLowerCase() === wanted.trim().toLowerCase());
  const target = measure(wanted);
  const [first = wanted] = all;
  if (same !== undefined || target === undefined) return same ?? first;
  const distance = (one: string) => Math.abs(Math.log((measure(one) ?? Number.MAX_VALUE) / target));
  return all.reduce((best, one) => (distance(one) < distance(best) ? one : best), first);
}

const STEP = 16;
const LONGEST = 3840;
const STEEPEST = 3;

/** Multiples of 16, at most 3,840 on a side, and no steeper than 3 to 1. */
function freeSize(size: string): string {
  const { width, height } = pixels(size) ?? { width: 1024, height: 1024 };
  const scale = Math.min(1, LONGEST / Math.max(width, height));
  const [w, h] = [width * scale, height * scale];
  const round = (value: number) => Math.min(LONGEST, Math.max(STEP, Math.round(value / STEP) * STEP));
  return `${round(Math.max(w, h / STEEPEST))}x${round(Math.max(h, w / STEEPEST))}`;
}

/** About a megapixel of this shape. */
function sizeOf(shape: number): string {
  const width = Math.sqrt(1024 * 1024 * shape);
  return freeSize(`${Math.round(width)}x${Math.round(width / shape)}`);
}

function nearestSeconds(can: NonNullable<Abilities["seconds"]>, wanted: number): number {
  if ("min" in can) return clamp(Math.round(wanted), can.min, can.max);
  const [first = wanted] = can;
  return can.reduce((best, one) => (Math.abs(one - wanted) < Math.abs(best - wanted) ? one : best), first);
}

function clamp(value: number, min: number, max: number): number {
  return Math.min(max, Math.max(min, value));
}
