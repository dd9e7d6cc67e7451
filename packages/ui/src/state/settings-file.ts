/** The configuration file as the gateway tells it, and what it says when it refuses another one. */
import { Fault, preciseCode } from "openclaw/client";
import { included } from "../model/settings/edits.ts";
import { isDict, valueAt } from "../model/settings/path.ts";
import type { Dict } from "../model/settings/path.ts";

export interface Issue {
  readonly path: string;
  readonly message: string;
  /** 1-based, of the text. */
  readonly line?: number;
}

export interface SettingsFile {
  readonly path: string;
  readonly hash: string;
  /** Null when there is none, or when it cannot be read. */
  readonly raw: string | null;
  readonly exists: boolean;
  readonly valid: boolean;
  readonly issues: readonly Issue[];
  /** The file as data, includes put in, secrets hidden. */
  readonly base: Dict;
  /** `gateway.reload.mode`. */
  readonly mode: string;
}

/** The answer of `config.get`. */
export function readFile(answer: Dict): SettingsFile {
  const base = included(answer["parsed"], answer["config"]);
  const runtime = answer["runtimeConfig"];
  return {
    path: String(answer["path"] ?? ""),
    hash: String(answer["hash"] ?? ""),
    raw: typeof answer["raw"] === "string" ? answer["raw"] : null,
    exists: answer["exists"] === true,
    valid: answer["valid"] === true,
    issues: [...list(answer["issues"]), ...list(answer["legacyIssues"])],
    base: isDict(base) ? base : {},
    mode: String(valueAt(runtime, ["gateway", "reload", "mode"]) ?? "hybrid"),
  };
}

function list(value: unknown): readonly Issue[] {
  return Array.isArray(value) ? (value as Issue[]) : [];
}

/** The file is not the one that the page has read. */
export function isConflict(error: unknown): boolean {
  if (!(error instanceof Fault)) return false;
  return preciseCode(error) === "CONFIG_CHANGED" || error.message.startsWith("config changed since last load");
}

/** What a refusal names; of a text that is no JSON5, the line. */
export function issuesOf(error: unknown): readonly Issue[] {
  if (!(error instanceof Fault)) return [];
  const named = list(error.details?.["issues"]);
  if (named.length > 0) return named;
  const line = /\bat (\d+):\d+$/.exec(error.message)?.[1];
  return line === undefined ? [] : [{ path: "", message: error.message, line: Number(line) }];
}
