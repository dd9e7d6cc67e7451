/**
 * Step 3 of loading: `$include`.
 *
 * 1. every object with `$include` is found, deepest file first
 * 2. each file that it names is read within the limits, parsed, and expanded in turn
 * 3. several files are merged from left to right
 * 4. keys beside `$include` are merged over the result
 */
import { dirname, delimiter, join } from "node:path";
import type { Env } from "../../../base/env.ts";
import { Fault, errorText } from "../../../base/errors.ts";
import { readWithin, realPath } from "../../../base/open.ts";
import { isInside, pathFrom } from "../../../base/path.ts";
import { decode } from "./decode.ts";
import type { ConfigIssue } from "../index.ts";
import {
  INCLUDE,
  dictOf,
  hasInclude,
  isDict,
  listOf,
  mergePieces,
  type Dict,
  type Origins,
  type Piece,
  type Source,
} from "./merge.ts";
import { parseDocument } from "./parse.ts";
import { formatPath, type Segment } from "../_path.ts";

export { INCLUDE, hasInclude };

const MAX_DEPTH = 10;
const MAX_FILES = 200;
const MAX_FILE_BYTES = 4 * 1024 * 1024;
const MAX_BYTES = 16 * 1024 * 1024;

export interface IncludeOptions {
  /** The configuration file. */
  readonly file: string;
  /** `~` in paths. */
  readonly home: string;
  /** `OPENCLAW_INCLUDE_ROOTS` confines where files may be. */
  readonly env: Env;
  /** Texts that count instead of what the files hold. */
  readonly texts?: ReadonlyMap<string, string>;
}

export interface Included {
  readonly root: Piece;
  readonly origins: Origins;
  /** Every file that was named, with the config path of what it gives. */
  readonly files: readonly { readonly file: string; readonly at: string }[];
  /** What was read, by file. */
  readonly texts: ReadonlyMap<string, string>;
  /** What went wrong; each names its file when it is not the configuration file itself. */
  readonly issues: readonly IncludeIssue[];
}

/** `source` is where the `$include` stands; an issue with a place of its own already has it. */
export interface IncludeIssue {
  readonly issue: ConfigIssue;
  readonly source?: Source;
}

/** Never throws: what cannot be included is left out and reported. */
export async function expandIncludes(value: Dict, options: IncludeOptions): Promise<Included> {
  const run = new Expansion(options);
  const root = await run.expand({ value, source: { file: options.file, path: [] } }, { at: [], chain: [options.file] });
  if (!isDict(root.value) && run.issues.length === 0)
    run.issues.push({
      issue: { path: "", message: "the included file must hold an object here" },
      source: { file: options.file, path: [INCLUDE] },
    });
  return {
    root: isDict(root.value) ? root : { value: {}, source: root.source },
    origins: run.origins,
    files: run.files,
    texts: run.texts,
    issues: run.issues,
  };
}

/** Reports what went wrong with one `$include`. */
type Fail = (message: string) => undefined;

interface Spot {
  /** Config path of the value. */
  readonly at: readonly Segment[];
  /** Files from the configuration file down to the one that the value stands in. */
  readonly chain: readonly string[];
}

class Expansion {
  readonly origins: Origins = new WeakMap();
  readonly files: { readonly file: string; readonly at: string }[] = [];
  readonly texts = new Map<string, string>();
  readonly issues: IncludeIssue[] = [];
  readonly #options: IncludeOptions;
  #roots: Promise<readonly string[] | undefined> | undefined;
  #bytes = 0;

  constructor(options: IncludeOptions) {
    this.#options = options;
  }

  /** The value with every `$include` in it served. A value without any stays the same object. */
  async expand(piece: Piece, spot: Spot): Promise<Piece> {
    const { value, source } = piece;
    if (!hasInclude(value)) return piece;
    if (Array.isArray(value)) return listOf(await this.#children(piece, spot, [...value.keys()]), source, this.origins);
    const dict = value as Dict;
    const keys = Object.keys(dict).filter((key) => key !== INCLUDE);
    const children = await this.#children(piece, spot, keys);
    const own = dictOf(
      keys.map((key, at) => [key, children[at] as Piece] as const),
      source,
      this.origins,
    );
    return Object.hasOwn(dict, INCLUDE) ? this.#serve(dict[INCLUDE], own, spot) : own;
  }

  async #children({ value, source }: Piece, { at, chain }: Spot, keys: readonly Segment[]): Promise<Piece[]> {
    const children: Piece[] = [];
    for (const key of keys) {
      const child = {
        value: (value as Readonly<Record<Segment, unknown>>)[key],
        source: { file: source.file, path: [...source.path, key] },
      };
      children.push(await this.expand(child, { at: [...at, key], chain }));
    }
    return children;
  }

  /** What the files give, with the keys beside `$include` over it. */
  async #serve(named: unknown, own: Piece, spot: Spot): Promise<Piece> {
    const source = { file: own.source.file, path: [...own.source.path, INCLUDE] };
    const fail: Fail = (message) => {
      this.issues.push({ issue: { path: formatPath(spot.at), message }, source });
      return undefined;
    };
    const paths = typeof named === "string" ? [named] : named;
    if (!Array.isArray(paths) || paths.length === 0 || !paths.every((path) => typeof path === "string" && path !== ""))
      return fail(`${INCLUDE} must name a file or a list of files`) ?? own;
    let merged: Piece | undefined;
    for (const path of paths as string[]) {
      const piece = await this.#include(path, spot, fail);
      if (piece) merged = merged ? mergePieces(merged, piece, this.origins) : piece;
    }
    if (!merged) return own;
    if (Object.keys(own.value as object).length === 0) return merged;
    if (!isDict(merged.value)) return fail("sibling keys need an included object") ?? own;
    return mergePieces(merged, own, this.origins);
  }

  async #include(written: string, { at, chain }: Spot, fail: Fail): Promise<Piece | undefined> {
    const file = pathFrom(dirname(chain.at(-1) ?? ""), written, this.#options.home);
    const way = [...chain, file].join(" → ");
    this.files.push({ file, at: formatPath(at) });
    if (chain.includes(file)) return fail(`${INCLUDE} goes in a circle: ${way}`);
    if (chain.length > MAX_DEPTH) return fail(`${INCLUDE} goes deeper than ${MAX_DEPTH} files: ${way}`);
    if (this.files.length > MAX_FILES) return fail(`more than ${MAX_FILES} files are included`);
    const text = await this.#text(file, fail);
    if (text === undefined) return undefined;
    const parsed = await parseDocument(text);
    if (!parsed.ok) {
      this.issues.push({ issue: { ...parsed.issue, path: formatPath(at), file } });
      return undefined;
    }
    return this.expand({ value: parsed.value, source: { file, path: [] } }, { at, chain: [...chain, file] });
  }

  async #text(file: string, fail: Fail): Promise<string | undefined> {
    const known = this.texts.get(file) ?? this.#options.texts?.get(file);
    try {
      const bytes = known === undefined ? await this.#read(file) : Buffer.from(known);
      this.#bytes += bytes.length;
      if (this.#bytes > MAX_BYTES) return fail(`the included files are larger than ${MAX_BYTES} bytes together`);
      const { text, issue } = decode(bytes);
      this.texts.set(file, text);
      if (!issue) return text;
      this.issues.push({ issue: { ...issue, file } });
    } catch (error) {
      fail(reasonOf(error, file));
    }
    return undefined;
  }

  async #read(file: string): Promise<Buffer> {
    const roots = await (this.#roots ??= confinement(this.#options));
    const real = roots && (await realPath(file));
    const root = roots?.find((each) => isInside(each, real ?? ""));
    if (roots && root === undefined) throw new Error(`${file} is outside the folders of OPENCLAW_INCLUDE_ROOTS`);
    return readWithin({ root, path: file, maxBytes: MAX_FILE_BYTES });
  }
}

/** Real paths of the folders that files may be in; undefined when they may be anywhere. */
async function confinement({ file, home, env }: IncludeOptions): Promise<readonly string[] | undefined> {
  const listed = env["OPENCLAW_INCLUDE_ROOTS"];
  if (!listed) return undefined;
  const folders = listed.split(delimiter).filter((folder) => folder.trim() !== "");
  return Promise.all(
    [dirname(file), ...folders.map((folder) => pathFrom(home, folder, home))].map((path) => realPath(join(path))),
  );
}

function reasonOf(error: unknown, file: string): string {
  if (error instanceof Fault && error.code === "PATH_MISSING") return `there is no file ${file}`;
  return errorText(error);
}
