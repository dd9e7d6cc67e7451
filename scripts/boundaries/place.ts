import { LAYERS } from "./table.ts";

/** Where a module stands. */
export interface Place {
  /** Name of its row in the table of layers. */
  readonly layer: string;
  /** The folder with a door that it belongs to: a layer, a feature or an extension. */
  readonly unit: string;
}

/** Undefined for what stands in no layer. */
export function placeOf(path: string): Place | undefined {
  for (const [layer, { at, unitPerFolder }] of Object.entries(LAYERS)) {
    if (!path.startsWith(`${at}/`)) continue;
    const inside = path.slice(at.length + 1).split("/");
    return { layer, unit: unitPerFolder ? `${at}/${inside[0]}` : at };
  }
  return undefined;
}

/** Whether `path` is below the folder `folder`. */
export function isBelow(path: string, folder: string): boolean {
  return path.startsWith(`${folder}/`);
}
