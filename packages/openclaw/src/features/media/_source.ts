/** A file from where a call says that it is: a path, an address, a file that came in, or the call itself. */
import { Fault, errorText } from "../../base/errors.ts";
import { sha256 } from "../../base/ids.ts";
import { readWithin, realPath } from "../../base/open.ts";
import { pathFrom } from "../../base/path.ts";
import { shortened } from "../../base/text.ts";
import { isOwners } from "../../contracts/principal.ts";
import { readRootOf } from "../../contracts/tool.ts";
import type { Preview, ToolContext } from "../../contracts/tool.ts";
import { errors } from "./errors.ts";
import type { MediaService } from "./index.ts";

export type Source =
  | { readonly kind: "path"; readonly path: string }
  | { readonly kind: "url"; readonly url: string }
  | { readonly kind: "data"; readonly base64: string }
  | { readonly kind: "media"; readonly ref: string };

export interface Loading {
  readonly context: ToolContext;
  readonly media: Pick<MediaService, "find" | "read">;
  readonly maxBytes: number;
  /** More than `maxBytes`. `name`: what was given, shortened. */
  readonly tooBig: (name: string) => Fault;
  readonly unreachable: (name: string, reason: string) => Fault;
}

const CONNECT_MS = 15_000;
/** Of what was given, in errors. */
const MAX_SHOWN = 120;

/** Undefined for a data URI that is none, and for an address of another kind. */
export function sourceOf(given: string): Source | undefined {
  if (/^https?:\/\//i.test(given)) return { kind: "url", url: given };
  if (/^media:\/\//i.test(given)) return { kind: "media", ref: given };
  const data = /^data:[\w/+.-]*;base64,([A-Za-z0-9+/=\s]+)$/.exec(given)?.[1];
  if (data !== undefined) return { kind: "data", base64: data };
  if (/^data:/i.test(given) || /^(?!file:)[a-z][a-z0-9+.-]{1,20}:\/\//i.test(given)) return undefined;
  return { kind: "path", path: given.replace(/^file:\/\//, "") };
}

export function nameOf(given: string): string {
  return shortened(given, MAX_SHOWN);
}

/** What a call would read, for the gate. */
export async function previewOf(
  given: readonly string[],
  { workspace, platform }: ToolContext,
  kind: string,
): Promise<Preview> {
  const sources = given.map(sourceOf);
  const paths = await Promise.all(
    sources.flatMap((source) =>
      source?.kind === "path" ? [realPath(pathFrom(workspace, source.path, platform.paths.home))] : [],
    ),
  );
  const named = sources.map((source, i) =>
    source?.kind === "data" ? `data:${sha256(given[i] ?? "").slice(0, 12)}` : (given[i] ?? ""),
  );
  return {
    target: named.join(", "),
    exact: { [kind]: named, ...(paths.length === 0 ? {} : { paths, path: paths[0] }) },
  };
}

export async function bytesOf(source: Source, given: string, loading: Loading): Promise<Buffer> {
  const { context, maxBytes, media } = loading;
  const tooBig = () => loading.tooBig(nameOf(given));
  switch (source.kind) {
    case "url":
      return fetched(source.url, loading);
    case "data":
      if (source.base64.length * 0.75 > maxBytes + 4) throw tooBig();
      return Buffer.from(source.base64, "base64");
    case "media": {
      const found = await media.find(source.ref);
      // An id is made of the message and can be guessed: what came in elsewhere is for the owner.
      const isMine = isOwners(context.principal) || found?.sessionKey === context.sessionKey;
      if (!found || !isMine) throw errors.MEDIA_UNKNOWN({ ref: source.ref });
      if (found.bytes > maxBytes) throw tooBig();
      return media.read(found);
    }
    case "path": {
      const path = pathFrom(context.workspace, source.path, context.platform.paths.home);
      try {
        return await readWithin({ root: readRootOf(path, context), path, maxBytes });
      } catch (error) {
        throw error instanceof Fault && error.code === "FILE_TOO_LARGE" ? tooBig() : error;
      }
    }
  }
}

/** From a public address only: a file is no way into the network of this machine. */
async function fetched(url: string, { context, maxBytes, tooBig, unreachable }: Loading): Promise<Buffer> {
  try {
    const options = { signal: context.signal, connectTimeoutMs: CONNECT_MS, maxBytes, egress: "public" } as const;
    const response = await context.platform.fetch(url, options);
    if (!response.ok) throw new Error(`status ${response.status}`);
    return Buffer.from(await response.arrayBuffer());
  } catch (error) {
    context.signal.throwIfAborted();
    if (error instanceof Fault && error.code === "FETCH_TOO_LARGE") throw tooBig(nameOf(url));
    if (error instanceof Fault && error.code === "EGRESS_REFUSED") throw error;
    throw unreachable(nameOf(url), errorText(error));
  }
}
