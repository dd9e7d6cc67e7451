/** A picture from where it is: a file, an address, or the call itself. */
import { mimeOf } from "../../base/file-type.ts";
import { Fault, errorText } from "../../base/errors.ts";
import { readWithin } from "../../base/open.ts";
import { pathFrom } from "../../base/path.ts";
import { shortened } from "../../base/text.ts";
import type { ImagePart } from "../../contracts/message.ts";
import { readRootOf } from "../../contracts/tool.ts";
import type { ToolContext } from "../../contracts/tool.ts";
import { kindOf } from "./_store.ts";
import { errors } from "./errors.ts";
import type { MediaService } from "./index.ts";

export type Source =
  | { readonly kind: "path"; readonly path: string }
  | { readonly kind: "url"; readonly url: string }
  | { readonly kind: "data"; readonly base64: string }
  | { readonly kind: "media"; readonly ref: string };

const CONNECT_MS = 15_000;
/** Of what was given, in errors. */
const MAX_SHOWN = 120;

export function sourceOf(given: string): Source {
  if (/^https?:\/\//i.test(given)) return { kind: "url", url: given };
  if (/^media:\/\//i.test(given)) return { kind: "media", ref: given };
  const data = /^data:[\w/+.-]*;base64,([A-Za-z0-9+/=\s]+)$/.exec(given)?.[1];
  if (data !== undefined) return { kind: "data", base64: data };
  if (/^data:/i.test(given)) throw errors.IMAGE_UNKNOWN({ image: "The data URI" });
  return { kind: "path", path: given.replace(/^file:\/\//, "") };
}

/** Judged by its first bytes, whatever it is called, and made to fit. Throws for what is no picture or too large. */
export async function loadPicture(given: string, loading: Omit<Loading, "given">): Promise<ImagePart> {
  const bytes = await bytesOf(sourceOf(given), { given, ...loading });
  if (kindOf(mimeOf(bytes, "")) !== "image") throw errors.IMAGE_UNKNOWN({ image: shortened(given, MAX_SHOWN) });
  const { data, mimeType } = await loading.media.fit(bytes);
  return { type: "image", data: Buffer.from(data).toString("base64"), mimeType };
}

interface Loading {
  readonly given: string;
  readonly media: Pick<MediaService, "find" | "read" | "fit">;
  readonly context: ToolContext;
  readonly maxBytes: number;
}

async function bytesOf(source: Source, loading: Loading): Promise<Buffer> {
  const tooBig = () => errors.IMAGE_TOO_BIG({ image: shortened(loading.given, MAX_SHOWN), maxBytes: loading.maxBytes });
  if (source.kind === "url") return fetched(source.url, loading, tooBig);
  if (source.kind === "data") {
    if (source.base64.length * 0.75 > loading.maxBytes + 4) throw tooBig();
    return Buffer.from(source.base64, "base64");
  }
  const { context, maxBytes, media } = loading;
  if (source.kind === "media") {
    const found = await media.find(source.ref);
    if (!found) throw errors.MEDIA_UNKNOWN({ ref: source.ref });
    if (found.bytes > maxBytes) throw tooBig();
    return media.read(found);
  }
  const path = pathFrom(context.workspace, source.path, context.platform.paths.home);
  try {
    return await readWithin({ root: readRootOf(path, context), path, maxBytes });
  } catch (error) {
    throw error instanceof Fault && error.code === "FILE_TOO_LARGE" ? tooBig() : error;
  }
}

/** From a public address only: a picture is no way into the network of this machine. */
async function fetched(url: string, { context, maxBytes }: Loading, tooBig: () => Fault): Promise<Buffer> {
  try {
    const options = { signal: context.signal, connectTimeoutMs: CONNECT_MS, maxBytes, egress: "public" } as const;
    const response = await context.platform.fetch(url, options);
    if (!response.ok) throw new Error(`status ${response.status}`);
    return Buffer.from(await response.arrayBuffer());
  } catch (error) {
    context.signal.throwIfAborted();
    if (error instanceof Fault && error.code === "FETCH_TOO_LARGE") throw tooBig();
    if (error instanceof Fault && error.code === "EGRESS_REFUSED") throw error;
    throw errors.IMAGE_URL({ image: shortened(url, MAX_SHOWN), reason: errorText(error) });
  }
}
