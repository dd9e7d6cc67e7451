/** What a provider made, brought here and looked at: the bytes must be what was asked for. */
import { join } from "node:path";
import { Fault } from "../../../base/errors.ts";
import { ensureDir, info, list, move, readRange, remove, writeStream } from "../../../base/files.ts";
import { extensionOf, mimeOf, safeFileName } from "../../../base/file-type.ts";
import type { Fetch } from "../../../base/fetch.ts";
import { errors } from "../errors.ts";
import { GenerationFailed } from "./provider.ts";
import type { Access, Found, Kind } from "./provider.ts";

/** A file here, or the address of one that is too large to keep. */
export type MadeFile =
  | { readonly path: string; readonly mimeType: string; readonly bytes: number }
  | { readonly url: string };

export interface Bringing {
  readonly kind: Kind;
  readonly access: Pick<Access, "baseUrl" | "configured">;
  readonly fetch: Fetch;
  readonly signal: AbortSignal;
  /** Absolute. */
  readonly folder: string;
  /** Without an ending; the same for the same file, so that a repeat overwrites. */
  readonly name: string;
  /** Of a file that has an address which anybody may open. */
  readonly maxBytes: number;
}

const MB = 1024 * 1024;
const CONNECT_MS = 60_000;
const HEAD = 4096;
/** Of a file that only its maker's key opens: its address would be of no use to anybody. */
const MAX_KEYED = 256 * MB;
export const SAVED_BYTES: Readonly<Record<Kind, number>> = { image: 16 * MB, video: 16 * MB, music: 48 * MB };
const MEDIA: Readonly<Record<Kind, RegExp>> = {
  image: /^image\/(?:png|jpeg|webp|gif)$/,
  video: /^video\/(?:mp4|webm|quicktime)$/,
  music: /^audio\//,
};

/** Rejects with `GenerationFailed`. */
export async function bring(found: Found, bringing: Bringing): Promise<MadeFile> {
  const { folder, kind, name } = bringing;
  await ensureDir(folder);
  const part = join(folder, `${name}.part`);
  try {
    const bytes = await written(found, part, bringing);
    const head = (await readRange(part, 0, HEAD))?.data ?? Buffer.alloc(0);
    const mimeType = mimeOf(head, "");
    if (!MEDIA[kind].test(mimeType)) throw new GenerationFailed(`it sent ${mimeType} in place of ${WORDS[kind]}`);
    const path = join(folder, `${name}.${extensionOf(mimeType)}`);
    await move(part, path);
    return { path, mimeType, bytes };
  } catch (error) {
    await remove(part);
    const tooLarge =
      error instanceof Fault && (error.code === "FETCH_TOO_LARGE" || error.code === "GENERATE_TOO_LARGE");
    if (tooLarge && kind === "video" && "url" in found && found.headers === undefined) return { url: found.url };
    throw tooLarge ? new GenerationFailed(`${WORDS[kind]} is larger than can be kept`) : error;
  }
}

const WORDS: Readonly<Record<Kind, string>> = { image: "a picture", video: "a video", music: "music" };

async function written(found: Found, part: string, bringing: Bringing): Promise<number> {
  if (!("url" in found))
    return writeStream(part, [found.data], {
      maxBytes: bringing.maxBytes,
      tooLarge: () => errors.GENERATE_TOO_LARGE(),
    });
  const { access, fetch, signal } = bringing;
  if (!URL.canParse(found.url)) throw new GenerationFailed("it named no address");
  const { origin } = new URL(access.baseUrl);
  const isOwn = new URL(found.url).origin === origin;
  const keyed = isOwn && found.headers !== undefined;
  const maxBytes = keyed && bringing.kind === "video" ? MAX_KEYED : bringing.maxBytes;
  const response = await fetch(found.url, {
    ...(keyed ? { headers: found.headers } : {}),
    connectTimeoutMs: CONNECT_MS,
    maxBytes,
    signal,
    // Private addresses only where the operator's own server is the one that was asked; storage elsewhere is public.
    egress: isOwn && access.configured ? { origin } : "public",
  });
  if (!response.ok || !response.body) {
    await response.body?.cancel();
    const passing = response.status === 429 || response.status >= 500;
    throw new GenerationFailed(`the file could not be fetched (HTTP ${response.status})`, { passing });
  }
  return writeStream(part, response.body, { maxBytes, tooLarge: () => errors.GENERATE_TOO_LARGE() });
}

const KEPT_MS = 30 * 86_400_000;
const KEPT_BYTES = 2 * 1024 * MB;

/** Forgets what is older than a month, then the oldest until two gigabytes are left. */
export async function sweep(folder: string, now: number): Promise<number> {
  const paths = (await list(folder)).map((name) => join(folder, name));
  const known: { path: string; size: number; mtimeMs: number }[] = [];
  for (const path of paths) {
    const found = await info(path);
    if (found?.isFile === true) known.push({ path, ...found });
  }
  let total = known.reduce((sum, { size }) => sum + size, 0);
  let removed = 0;
  for (const { path, size, mtimeMs } of known.toSorted((a, b) => a.mtimeMs - b.mtimeMs)) {
    if (mtimeMs > now - KEPT_MS && total <= KEPT_BYTES) break;
    total -= size;
    removed += 1;
    await remove(path);
  }
  return removed;
}

/** The beginning of a file's name: what was asked for, or the kind, and what makes it the only one. */
export function stemOf(kind: Kind, filename: string | undefined, id: string): string {
  const wanted = (filename ?? "").replace(/\.[a-z0-9]{1,8}$/i, "");
  if (wanted.trim() === "") return `${kind}-${id}`;
  return `${safeFileName(wanted.replaceAll(".", "_"), "application/octet-stream").replace(/\.[a-z0-9]{1,8}$/i, "")}-${id.slice(0, 8)}`;
}
