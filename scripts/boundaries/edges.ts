/** Rules that look at one import at a time. Each answers with a sentence, or undefined when the import is in order. */
import type { Import, Module } from "./graph.ts";
import { isBelow, type Place } from "./place.ts";
import { EXCEPTIONS, FEATURE_ORDER, LAYERS, LAZY_ONLY } from "./table.ts";

/** An import of one of our modules by another. */
export interface Edge {
  readonly module: Module;
  readonly import: Import & { readonly target: string };
  readonly from: Place;
  readonly to: Place;
}

export type EdgeRule = (edge: Edge) => string | undefined;

/** A layer imports only the layers that its row names. */
export const layers: EdgeRule = ({ import: { kind }, from, to }) => {
  const row = LAYERS[from.layer];
  if (!row || EXCEPTIONS[`${nameOf(from)} → ${to.layer}`] !== undefined) return undefined;
  if (from.layer === to.layer)
    return row.apart && from.unit !== to.unit ? `${from.unit} must not import ${to.unit}` : undefined;
  if (row.imports.includes("*") || row.imports.includes(to.layer)) return undefined;
  if (row.lazily?.[to.layer] === undefined) return `${from.layer} must not import ${to.layer}`;
  return kind === "static" ? `${from.layer} reaches ${to.layer} only through import()` : undefined;
};

/** Another unit is entered through its `index.ts`. */
export const doors: EdgeRule = ({ import: { target }, from, to }) => {
  const layer = LAYERS[to.layer];
  if (from.unit === to.unit || layer?.door !== "index" || LAYERS[from.layer]?.wires) return undefined;
  return target === `${to.unit}/index.ts` ? undefined : `the door of ${to.unit} is its index.ts`;
};

/** `_name.ts` and `_folder/` belong to the folder they stand in. */
export const privacy: EdgeRule = ({ module, import: { target } }) => {
  const at = target.search(/\/_[^/]*(\/|$)/);
  if (at === -1) return undefined;
  const owner = target.slice(0, at);
  return isBelow(module.path, owner) ? undefined : `${target.slice(at + 1)} is private to ${owner}`;
};

/** A feature imports features of earlier rows, or a neighbour that the table names. */
export const featureOrder: EdgeRule = ({ from, to }) => {
  if (from.layer !== "features" || to.layer !== "features" || from.unit === to.unit) return undefined;
  const [importer, imported] = [nameOf(from), nameOf(to)];
  for (const name of [importer, imported])
    if (rowOf(name) === -1) return `the feature ${name} is missing in the order of features`;
  if (rowOf(imported) < rowOf(importer) || EXCEPTIONS[`${importer} → ${imported}`] !== undefined) return undefined;
  return `the feature ${importer} must not import ${imported}: it stands in the same row of the order or later`;
};

/** Some modules are loaded only when they are needed. */
export const laziness: EdgeRule = ({ module, import: { kind, target } }) => {
  const rule = kind === "static" ? LAZY_ONLY.find(({ files }) => files.test(target)) : undefined;
  if (!rule || rule.free?.test(module.path)) return undefined;
  return `${target} is reached only through import(): ${rule.reason}`;
};

function nameOf({ unit }: Place): string {
  return unit.slice(unit.lastIndexOf("/") + 1);
}

function rowOf(feature: string): number {
  return FEATURE_ORDER.findIndex((row) => row.includes(feature));
}
