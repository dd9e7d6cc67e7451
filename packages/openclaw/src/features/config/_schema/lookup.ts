/** One place of the schema without what is below it: the answer of `config.schema.lookup`. */
import type { ConfigSection } from "../../../contracts/config.ts";
import { compact } from "../../../base/text.ts";
import { errors } from "../errors.ts";
import { branchesOf, childrenOf, type SchemaAnswer, type UiHint } from "./hints.ts";
import { reloadKind } from "../_follow/plan.ts";
import { parsePath } from "../_path.ts";
import type { Schema } from "./schema.ts";

const BELOW = ["properties", "patternProperties", "additionalProperties", "items", "required", "anyOf", "default"];

interface Place {
  readonly path: string;
  readonly reloadKind?: "restart" | "hot" | "none";
  readonly hint?: UiHint;
  /** Key of the hint in `uiHints`. */
  readonly hintPath?: string;
}

export interface Located extends Place {
  /** Without what stands below. */
  readonly schema: Record<string, unknown>;
  readonly children: (Place & {
    readonly key: string;
    readonly type?: string | string[];
    readonly required: boolean;
    readonly hasChildren: boolean;
  })[];
}

/** `agents.list[].id`, `agents.list.*.id` and `agents.list[0].id` are the same place. Throws `CONFIG_SCHEMA_PATH_UNKNOWN`. */
export function lookUp(
  { schema: root, uiHints }: SchemaAnswer,
  path: string,
  sections: readonly ConfigSection[],
): Located {
  const words = wordsOf(path);
  let schema: Schema = root;
  const place: string[] = [];
  for (const word of words) {
    const children = childrenOf(schema);
    const key = children.has(word) ? word : "*";
    const child = children.get(key);
    if (!child) throw errors.CONFIG_SCHEMA_PATH_UNKNOWN();
    schema = child;
    place.push(key);
  }
  const required = new Set(branchesOf(schema).flatMap((branch) => (branch["required"] ?? []) as string[]));
  return {
    path,
    schema: shallow(schema),
    ...(words.length === 0 ? {} : { reloadKind: reloadKind(sections, words) }),
    ...hintAt(uiHints, place),
    children: [...childrenOf(schema)].map(([key, child]) =>
      compact({
        key,
        path: [...words, key].join("."),
        type: typeOf(child),
        required: required.has(key),
        hasChildren: childrenOf(child).size > 0,
        reloadKind: reloadKind(sections, [...words, key]),
        ...hintAt(uiHints, [...place, key]),
      }),
    ),
  };
}

function wordsOf(path: string): readonly string[] {
  const segments = parsePath(path.replaceAll(/\[\*?\]/g, ".*").replace(/^\./, ""));
  if (!segments) throw errors.CONFIG_SCHEMA_PATH_UNKNOWN();
  return segments.map(String);
}

function hintAt(hints: SchemaAnswer["uiHints"], place: readonly string[]): Pick<Place, "hint" | "hintPath"> {
  const hintPath = place.join(".");
  const hint = Object.hasOwn(hints, hintPath) ? hints[hintPath] : undefined;
  return hint === undefined ? {} : { hint, hintPath };
}

/** Without what is below; of a choice, its shapes in the same way. */
function shallow(schema: Schema): Record<string, unknown> {
  const standard = schema["default"];
  return {
    ...Object.fromEntries(Object.entries(schema).filter(([key]) => !BELOW.includes(key))),
    ...(standard === undefined || (standard !== null && typeof standard === "object") ? {} : { default: standard }),
    ...(Array.isArray(schema["anyOf"]) ? { anyOf: (schema["anyOf"] as Schema[]).map(shallow) } : {}),
  };
}

function typeOf(schema: Schema): string | string[] | undefined {
  const types = [...new Set(branchesOf(schema).map((branch) => branch["type"]))].filter(
    (type): type is string => typeof type === "string",
  );
  return types.length > 1 ? types : types[0];
}
