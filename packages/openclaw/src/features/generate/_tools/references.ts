/** Files that a call gives along, read where reading is allowed. */
import type { Fault } from "../../../base/errors.ts";
import { mimeOf } from "../../../base/file-type.ts";
import type { ToolContext } from "../../../contracts/tool.ts";
import { Media, bytesOf, shortName, sourceOf } from "../../media/index.ts";
import { errors } from "../errors.ts";
import type { Reference } from "../index.ts";

export interface Given {
  readonly kind: Reference["kind"];
  readonly what: string;
  readonly one: string | undefined;
  readonly more: readonly string[] | undefined;
  readonly roles?: readonly string[] | undefined;
  readonly most: number;
}

const MAX_BYTES = 20 * 1024 * 1024;
/** All of them together: they go into one request. */
const MAX_TOTAL = 64 * 1024 * 1024;

/** What is given, the single one first. Throws `GENERATE_TOO_MANY`. */
export function givenIn({ one, more = [], most, what }: Given): readonly string[] {
  const all = [...(one === undefined ? [] : [one]), ...more];
  if (all.length > most) throw errors.GENERATE_TOO_MANY({ what, count: all.length, most });
  return all;
}

export async function referencesIn(given: readonly Given[], context: ToolContext): Promise<readonly Reference[]> {
  const media = await context.use(Media);
  const references: Reference[] = [];
  let total = 0;
  for (const group of given) {
    for (const [i, path] of givenIn(group).entries()) {
      const refuse = (reason: string): Fault => errors.GENERATE_REFERENCE({ given: shortName(path), reason });
      const source = sourceOf(path);
      if (!source) throw refuse("it is no path and no address");
      const data = await bytesOf(source, path, {
        context,
        media,
        maxBytes: MAX_BYTES,
        tooBig: () => refuse("it has more than 20 MB"),
        unreachable: (_name, reason) => refuse(reason),
      });
      total += data.length;
      if (total > MAX_TOTAL) throw refuse("all files together have more than 64 MB");
      const mimeType = mimeOf(data, "");
      if (!mimeType.startsWith(`${group.kind}/`)) throw refuse(`it is ${mimeType} and no ${group.kind}`);
      const role = group.roles?.[i];
      references.push({ kind: group.kind, data, mimeType, ...(role === undefined || role === "" ? {} : { role }) });
    }
  }
  return references;
}
