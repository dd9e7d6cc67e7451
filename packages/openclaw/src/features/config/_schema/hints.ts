/** What forms show about every setting, derived from the sections: the answer of `config.schema`. */
import type { ConfigSection } from "../../../contracts/config.ts";
import { compact } from "../../../base/text.ts";
import { composeSchema, propertiesOf, type Schema } from "./schema.ts";
import { restartsAt } from "../_follow/plan.ts";
import { secretsOf, type IsSecret } from "./redact.ts";

export interface UiHint {
  readonly label?: string;
  readonly help?: string;
  readonly group?: string;
  readonly order?: number;
  readonly advanced?: boolean;
  readonly sensitive?: boolean;
  readonly placeholder?: string;
  readonly tags?: string[];
  /** Parts that a change restarts, `gateway` for the whole; absent when it applies at once. */
  readonly restarts?: string[];
}

export interface SchemaAnswer {
  readonly schema: Record<string, unknown>;
  /** By path; `*` stands for any name or entry. */
  readonly uiHints: Record<string, UiHint>;
  readonly version: string;
  /** ISO 8601. */
  readonly generatedAt: string;
}

/** What people set first comes first; other sections follow by name. */
const FIRST = ["agents", "models", "auth", "channels", "gateway", "session", "messages", "commands", "tools", "hooks"];
const WORDS: Readonly<Record<string, string>> = {
  acp: "ACP",
  api: "API",
  dm: "DM",
  http: "HTTP",
  id: "ID",
  ids: "IDs",
  mcp: "MCP",
  ms: "(ms)",
  otel: "OpenTelemetry",
  tls: "TLS",
  tts: "TTS",
  ttl: "TTL",
  ui: "UI",
  url: "URL",
};
/** Settings that few people ever touch. */
const ADVANCED = /(?:Ms|Bytes|Seconds|Concurrency|Threshold|Retries)$|^(?:max|min|debounce|dangerously)[A-Z]|^retry$/;
const MAX_DEPTH = 12;

/** Hints made before others get a turn: some 10 ms. */
const AT_ONCE = 500;

/** There are thousands of settings, so the work is done in pieces. */
export async function describeSchema(
  sections: readonly ConfigSection[],
  version: string,
  now: number,
): Promise<SchemaAnswer> {
  const schema = composeSchema(sections);
  return {
    schema: { $schema: "https://json-schema.org/draft/2020-12/schema", title: "openclaw.json", ...schema },
    uiHints: await inPieces(hintsOf(schema, sections)),
    version,
    generatedAt: new Date(now).toISOString(),
  };
}

export function labelOf(key: string): string {
  const words = key.replaceAll(/([a-z0-9])([A-Z])/g, "$1 $2").split(/[\s_-]+/);
  return words.map((word) => WORDS[word.toLowerCase()] ?? word.charAt(0).toUpperCase() + word.slice(1)).join(" ");
}

/** The schemas directly below one: named properties, and under `*` those of other names or of entries. */
export function childrenOf(schema: Schema): ReadonlyMap<string, Schema> {
  const found = new Map<string, Schema>();
  for (const branch of branchesOf(schema)) {
    for (const [key, child] of Object.entries(propertiesOf(branch))) if (!found.has(key)) found.set(key, child);
    const any = [
      ...Object.values((branch["patternProperties"] ?? {}) as Readonly<Record<string, Schema>>),
      branch["additionalProperties"],
      branch["items"],
    ].find((child) => isSchema(child));
    if (any && !found.has("*")) found.set("*", any as Schema);
  }
  return found;
}

async function inPieces(hints: Iterable<readonly [string, UiHint]>): Promise<Record<string, UiHint>> {
  const all: Record<string, UiHint> = {};
  let made = 0;
  for (const [name, shown] of hints) {
    all[name] = shown;
    made += 1;
    if (made % AT_ONCE === 0) await new Promise((resolve) => setImmediate(resolve));
  }
  return all;
}

function* hintsOf(root: Schema, all: readonly ConfigSection[]): Generator<readonly [string, UiHint]> {
  const summaries = new Map(all.map(({ path, summary }) => [path, summary]));
  const walk = function* (schema: Schema, path: readonly string[], near: Near): Generator<readonly [string, UiHint]> {
    for (const [at, [key, child]] of [...childrenOf(schema)].entries()) {
      const place = [...path, key];
      const name = place.join(".");
      const below = nearer(near, key, path.length);
      const shown = hint(child, { place, at, ...below, summary: summaries.get(name) });
      yield [name, shown];
      if (place.length < MAX_DEPTH && shown.sensitive !== true) yield* walk(child, place, below);
    }
  };
  yield* walk(root, [], { sections: all, isSecret: secretsOf(all) });
}

/** The sections that can say something about a place or what is below it. */
interface Near {
  readonly sections: readonly ConfigSection[];
  readonly isSecret: IsSecret;
}

function nearer(near: Near, key: string, depth: number): Near {
  const sections = near.sections.filter(({ path }) => {
    const words = path.split(".");
    return words.length <= depth || words[depth] === key;
  });
  return sections.length === near.sections.length ? near : { sections, isSecret: secretsOf(sections) };
}

interface Where {
  readonly place: readonly string[];
  readonly at: number;
  readonly isSecret: IsSecret;
  readonly sections: readonly ConfigSection[];
  readonly summary: string | undefined;
}

function hint(schema: Schema, { place, at, isSecret, sections, summary }: Where): UiHint {
  const [section = "", ...below] = place;
  const key = place.at(-1) ?? "";
  const restarts = restartsAt(sections, place);
  const standard = schema["default"];
  const advanced = ADVANCED.test(key) || below.length > 4;
  return compact({
    label: key === "*" ? undefined : labelOf(key),
    help: text(schema["description"]) ?? summary,
    group: below.length === 0 ? labelOf(section) : undefined,
    order: below.length === 0 ? orderOf(section, at) : at * 10,
    advanced: advanced || undefined,
    sensitive: (isText(schema) && isSecret(place)) || undefined,
    placeholder: standard === undefined || typeof standard === "object" ? undefined : String(standard),
    tags: restarts.includes("gateway") ? ["restart"] : undefined,
    restarts: restarts.length > 0 ? [...restarts] : undefined,
  });
}

function orderOf(section: string, at: number): number {
  const first = FIRST.indexOf(section);
  return first >= 0 ? first * 10 : 1000 + at * 10;
}

/** The schema itself, or the shapes that it is a choice of. */
export function branchesOf(schema: Schema): readonly Schema[] {
  const branches = schema["anyOf"];
  return Array.isArray(branches) ? (branches as Schema[]).flatMap(branchesOf) : [schema];
}

/** Whether text or a number may stand there, possibly among other shapes. */
function isText(schema: Schema): boolean {
  return branchesOf(schema).some(({ type }) => type === undefined || type === "string" || type === "number");
}

function text(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}

function isSchema(value: unknown): boolean {
  return value !== null && typeof value === "object" && Object.keys(value).length > 0;
}
