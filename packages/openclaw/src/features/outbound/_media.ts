/**
 * Files that an answer names: read where reading is allowed, or fetched, and copied to `<state>/media/outbound`, so
 * that what is sent is what stood there when the answer was given, also after a restart. The copy goes once it was sent.
 */
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { Fault, errorText } from "../../base/errors.ts";
import { ensureDir, readBytes, remove, writeDurable } from "../../base/files.ts";
import { extensionOf, kindOfMime, mimeOf, safeFileName } from "../../base/file-type.ts";
import { sha256 } from "../../base/ids.ts";
import { readWithin, realPath } from "../../base/open.ts";
import { cut } from "../../base/text.ts";
import type { OutboundMedia } from "../../contracts/envelope.ts";
import type { Platform } from "../../contracts/service.ts";
import type { MediaService } from "../media/index.ts";
import { isPersonal, isProtected } from "../policy/index.ts";
import { errors } from "./errors.ts";

export interface Staging {
  /** Absolute; relative paths start here. */
  readonly workspace: string;
  /** Asked for by somebody who may have files of the workspace only, and not the owner's notes. */
  readonly forGuest?: boolean;
  /** Asked for by somebody else than the owner: everything but the owner's notes. */
  readonly withoutNotes?: boolean;
  readonly maxBytes: number;
  /** The same for the same file of the same answer: a repeat overwrites. */
  readonly key: string;
  readonly asVoice: boolean;
  /** Finds what came in, and makes pictures smaller. */
  readonly media: Pick<MediaService, "find" | "fit">;
}

const FETCH_MS = 30_000;
/** Apps show no more; what is larger only costs time. */
const MAX_SIDE = 2048;
/** A picture may be this large before it is made smaller. */
const MAX_PICTURE_BYTES = 32 * 1024 * 1024;

/** Throws a Fault whose sentence says why the file cannot go. */
export async function stage(platform: Platform, source: string, staging: Staging): Promise<OutboundMedia> {
  const cameIn = source.startsWith("media://") ? await staging.media.find(source) : undefined;
  const given = /^https?:\/\//i.test(source)
    ? await download(platform, source, Math.max(staging.maxBytes, MAX_PICTURE_BYTES))
    : await local(platform, cameIn?.path ?? source, staging);
  const name = cameIn?.fileName ?? given.name;
  const { data, mimeType } = await fitted(given, staging);
  const kind = kindOfMime(mimeType);
  const folder = join(platform.paths.state, "media", "outbound");
  const path = join(folder, `${sha256(staging.key).slice(0, 32)}.${extensionOf(mimeType)}`);
  await ensureDir(folder);
  await writeDurable(path, data);
  return {
    path,
    kind,
    mimeType,
    fileName: safeFileName(name, mimeType),
    bytes: data.length,
    ...(staging.asVoice && kind === "audio" ? { asVoice: true } : {}),
  };
}

/** What is in a copy; throws when it is gone. */
export async function contentOf({ path, bytes }: OutboundMedia): Promise<Uint8Array> {
  const data = await readBytes(path, bytes);
  if (!data) throw errors.MEDIA_GONE({ path });
  return data;
}

export async function discard({ path }: OutboundMedia): Promise<void> {
  await remove(path).catch(() => undefined);
}

/** One line for the person, in place of a file that cannot go. */
export function apology(source: string, error: unknown): string {
  const name = cut(source.split(/[\\/]/).at(-1) ?? source, 80);
  const reason = error instanceof Fault ? error.message : errorText(error);
  return `⚠️ The file ${name} could not be attached: ${reason}`;
}

/** Pictures within what apps show and the network takes; anything else only if it is small enough. */
async function fitted(
  { data, name, told }: { readonly data: Uint8Array; readonly name: string; readonly told: string | undefined },
  { media, maxBytes }: Staging,
): Promise<{ readonly data: Uint8Array; readonly mimeType: string }> {
  const mimeType = mimeOf(data, name, told);
  if (kindOfMime(mimeType) !== "image") {
    if (data.length > maxBytes) throw tooLarge(maxBytes);
    return { data, mimeType };
  }
  try {
    return await media.fit(data, { maxSide: MAX_SIDE, maxBytes });
  } catch (error) {
    if (data.length > maxBytes)
      throw error instanceof Fault && error.code === "IMAGE_TOO_BIG" ? tooLarge(maxBytes) : error;
    return { data, mimeType }; // The network may still take it, or show it as a document.
  }
}

function tooLarge(maxBytes: number): Fault {
  return errors.MEDIA_TOO_LARGE({ megabytes: Math.round((maxBytes / 1024 / 1024) * 1000) / 1000 });
}

async function local(platform: Platform, source: string, { workspace, maxBytes, forGuest, withoutNotes }: Staging) {
  const most = Math.max(maxBytes, MAX_PICTURE_BYTES);
  const path = absolute(platform, source, workspace);
  const roots = forGuest ? [workspace] : rootsOf(platform, workspace);
  await checkPrivate(platform, path, { workspace, withoutNotes: forGuest === true || withoutNotes === true });
  for (const root of roots) {
    try {
      const data = await readWithin({ root, path, maxBytes: most });
      return { data, name: path.split("/").at(-1) ?? "file", told: undefined };
    } catch (error) {
      if (error instanceof Fault && error.code === "FILE_TOO_LARGE") throw tooLarge(maxBytes);
      // A root that is not there holds nothing.
      if (!(error instanceof Fault) || (error.code !== "PATH_OUTSIDE" && root === workspace)) throw error;
    }
  }
  throw errors.MEDIA_OUTSIDE({ roots });
}

/** Whatever the roots are: secrets of this installation go to nobody, and the owner's notes to the owner only. */
async function checkPrivate(
  { paths }: Platform,
  path: string,
  { workspace, withoutNotes }: { readonly workspace: string; readonly withoutNotes: boolean },
): Promise<void> {
  const [real, state, configFile, home] = await Promise.all([path, paths.state, paths.config, workspace].map(realPath));
  if (real === undefined || state === undefined || configFile === undefined || home === undefined) return;
  if (isProtected(real, { state, configFile, workspace: home }) || (withoutNotes && isPersonal(real, home)))
    throw errors.MEDIA_PRIVATE();
}

/** Folders from which files may be sent; links are followed before a path is held against them. */
function rootsOf({ paths, env }: Platform, workspace: string): readonly string[] {
  return [workspace, join(paths.state, "media"), join(env["TMPDIR"] ?? "/tmp", "openclaw")];
}

function absolute({ paths }: Platform, source: string, workspace: string): string {
  if (source.startsWith("file://")) {
    try {
      return fileURLToPath(source);
    } catch {
      throw errors.MEDIA_OUTSIDE({ roots: [workspace] });
    }
  }
  return source.startsWith("~/") ? join(paths.home, source.slice(2)) : resolve(workspace, source);
}

async function download({ fetch, clock }: Platform, url: string, maxBytes: number) {
  const late = new AbortController();
  const cancel = clock.timer(FETCH_MS, () => late.abort(errors.MEDIA_REFUSED({ status: 408 })));
  try {
    const response = await fetch(url, { connectTimeoutMs: FETCH_MS, maxBytes, egress: "public", signal: late.signal });
    if (!response.ok) throw errors.MEDIA_REFUSED({ status: response.status });
    const data = new Uint8Array(await response.arrayBuffer());
    const name = new URL(url).pathname.split("/").at(-1) ?? "";
    return { data, name: name === "" ? "file" : name, told: response.headers.get("content-type") ?? undefined };
  } finally {
    cancel();
  }
}
