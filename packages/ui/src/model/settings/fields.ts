/** From the schema to what a form shows of one place. */
import { isDict } from "./path.ts";
import type { Path, Segment } from "./path.ts";
import { anyNameOf, branchesOf, entryOf, lookUp, namedOf } from "./schema.ts";
import type { Catalogue, Hint, Schema } from "./schema.ts";

export type Control =
  | { readonly kind: "switch" }
  | { readonly kind: "choice"; readonly options: readonly (string | number | boolean)[] }
  | { readonly kind: "text"; readonly numeric: "no" | "only" | "too" }
  | { readonly kind: "secret" }
  /** One entry per line. */
  | { readonly kind: "lines"; readonly numeric: boolean }
  | { readonly kind: "checks"; readonly options: readonly string[] }
  /** A place of its own: settings, named entries, or a list of entries. */
  | { readonly kind: "place"; readonly entries: "none" | "named" | "listed" }
  /** Only the file itself can say it. */
  | { readonly kind: "file" };

export interface Field {
  readonly path: Path;
  readonly key: string;
  readonly label: string;
  readonly help?: string;
  /** Text of the default; of an empty list nothing. */
  readonly standard?: string;
  readonly standardValue?: unknown;
  readonly advanced: boolean;
  readonly order: number;
  readonly restarts: readonly string[];
  readonly control: Control;
  /** The same setting may also be an object: the first of the settings that it then has. */
  readonly deeper?: Path;
}

/** The fields below a path, in the order of the schema's hints; `value` brings in what stands under names of one's own. */
export function fieldsBelow(catalogue: Catalogue, path: Path, value: unknown): readonly Field[] {
  const here = lookUp(catalogue, path);
  if (here === undefined) return [];
  const named = namedOf(here.schema).map(([key]) => key);
  const known = new Set(named);
  const own: Segment[] = Array.isArray(value)
    ? value.map((_, at) => at)
    : anyNameOf(here.schema) !== undefined && isDict(value)
      ? Object.keys(value).filter((key) => !known.has(key))
      : [];
  return [...named, ...own]
    .map((segment) =>
      fieldAt(
        catalogue,
        [...path, segment],
        Array.isArray(value) || isDict(value) ? (value as Readonly<Record<Segment, unknown>>)[segment] : undefined,
      ),
    )
    .filter((field) => field !== undefined)
    .toSorted((a, b) => a.order - b.order);
}

export function fieldAt(catalogue: Catalogue, path: Path, value: unknown): Field | undefined {
  const found = lookUp(catalogue, path);
  const last = path.at(-1);
  if (found === undefined || last === undefined) return undefined;
  const { schema, hint } = found;
  const standard = schema["default"];
  return {
    path,
    key: String(last),
    label: labelOf(last, hint, value),
    ...(hint.help === undefined ? {} : { help: hint.help }),
    ...(standard === undefined || isDict(standard) ? {} : { standard: plain(standard), standardValue: standard }),
    advanced: hint.advanced === true,
    order: hint.order ?? 0,
    restarts: hint.restarts ?? [],
    control: controlOf(schema, hint, value),
    ...deeperOf(schema, hint, path),
  };
}

function plain(standard: unknown): string {
  return Array.isArray(standard) ? standard.map(shown).join(", ") : shown(standard);
}

function deeperOf(schema: Schema, hint: Hint, path: Path): { readonly deeper?: Path } {
  const first = namedOf(schema)[0]?.[0];
  const isEither = branchesOf(schema).length > 1 && isPlace(schema) && hint.sensitive !== true;
  return isEither && first !== undefined ? { deeper: [...path, first] } : {};
}

function labelOf(last: Segment, hint: Hint, value: unknown): string {
  if (typeof last === "string") return hint.label ?? last;
  const name = isDict(value) ? (value["name"] ?? value["id"] ?? value["agentId"]) : value;
  return typeof name === "string" && name !== "" ? name : `#${last + 1}`;
}

/** What a form shows where this may stand; of several shapes the one that the value has, else the simplest. */
export function controlOf(schema: Schema, hint: Hint, value?: unknown): Control {
  const branches = branchesOf(schema);
  if (hint.sensitive === true) return { kind: "secret" };
  if (isDict(value) && isPlace(schema)) return placeOf(schema);
  if (Array.isArray(value) || branches.every(({ type }) => type === "array")) return listOf(schema);
  const plain = branches.filter(({ type }) => type !== "object" && type !== "array");
  const control = scalarOf(plain);
  if (control !== undefined) return control;
  if (isPlace(schema)) return placeOf(schema);
  return { kind: "file" };
}

function scalarOf(branches: readonly Schema[]): Control | undefined {
  if (branches.length === 0) return undefined;
  const values = branches.flatMap((branch) => {
    if (Array.isArray(branch["enum"])) return branch["enum"] as (string | number)[];
    if ("const" in branch) return [branch["const"] as string | number | boolean];
    return branch["type"] === "boolean" ? [true, false] : [undefined];
  });
  if (branches.length === 1 && branches[0]?.["type"] === "boolean") return { kind: "switch" };
  const options = values.filter((each) => each !== undefined);
  if (options.length === values.length) return { kind: "choice", options: [...new Set(options)] };
  const types = branches.map(({ type }) => type);
  if (!types.every((type) => ["string", "number", "integer", "boolean"].includes(String(type)))) return undefined;
  const numbers = types.filter((type) => type === "number" || type === "integer").length;
  return { kind: "text", numeric: numbers === 0 ? "no" : numbers === types.length ? "only" : "too" };
}

function listOf(schema: Schema): Control {
  const entry = entryOf(schema);
  if (entry === undefined) return { kind: "file" };
  const control = controlOf(entry, {});
  if (control.kind === "choice" && control.options.every((one) => typeof one === "string"))
    return { kind: "checks", options: control.options };
  if (control.kind === "text") return { kind: "lines", numeric: control.numeric === "only" };
  return control.kind === "place" && control.entries === "none"
    ? { kind: "place", entries: "listed" }
    : { kind: "file" };
}

function placeOf(schema: Schema): Control {
  return { kind: "place", entries: anyNameOf(schema) === undefined ? "none" : "named" };
}

function isPlace(schema: Schema): boolean {
  return (
    branchesOf(schema).filter(({ type }) => type === "object").length === 1 &&
    (namedOf(schema).length > 0 || anyNameOf(schema) !== undefined)
  );
}

/** A value in one line. */
export function shown(value: unknown): string {
  return typeof value === "string" ? value : (JSON.stringify(value) ?? "");
}

/** What somebody typed, as the value that it means; what is no number stays text for the gateway to judge. */
export function typed(text: string, numeric: "no" | "only" | "too"): unknown {
  const value = Number(text);
  const isNumber = text.trim() !== "" && Number.isFinite(value);
  if (numeric === "no" || !isNumber) return text;
  return numeric === "only" || (String(value) === text && Number.isSafeInteger(value)) ? value : text;
}
