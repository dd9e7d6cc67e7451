/** What kinds of providers have in common: ids in, values or reasons out. */
import type { Platform } from "../../contracts/service.ts";

export type Answer = { readonly value: string } | { readonly problem: string };

export interface ProviderContext {
  readonly platform: Pick<Platform, "env" | "paths" | "spawn" | "clock">;
  /** Name of the provider in the configuration. */
  readonly alias: string;
  /** Longest question to a program, bytes. */
  readonly maxBatchBytes: number;
}

/** The settings of one provider as the schema of `secrets.providers` has them. */
export type Settings = Readonly<Record<string, unknown>>;

/** Answers for every id, in order. Never rejects. */
export type Provider = (ids: readonly string[], settings: Settings, context: ProviderContext) => Promise<Answer[]>;

/** One secret is not larger than this, whatever the source allows. */
const MAX_SECRET = 64 * 1024;

/** A secret is text that is not empty. */
export function answer(value: unknown, emptyProblem = "it is empty"): Answer {
  if (typeof value !== "string") return { problem: "it is not text" };
  if (value === "") return { problem: emptyProblem };
  return value.length > MAX_SECRET ? { problem: `it is longer than ${MAX_SECRET} characters` } : { value };
}

/** The same reason for every id. */
export function failAll(ids: readonly string[], problem: string): Answer[] {
  return ids.map(() => ({ problem }));
}

export function number(settings: Settings, key: string): number | undefined {
  const value = settings[key];
  return typeof value === "number" && value > 0 ? value : undefined;
}

export function texts(settings: Settings, key: string): readonly string[] | undefined {
  const value = settings[key];
  return Array.isArray(value) ? value.filter((each) => typeof each === "string") : undefined;
}
