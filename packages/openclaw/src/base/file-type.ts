/** What a file is, by its first bytes, else by what its server says, else by its name. */
import { cutBytes } from "./text.ts";

export type FileKind = "image" | "audio" | "video" | "document";

const MAGIC: readonly (readonly [mime: string, at: number, bytes: string])[] = [
  ["image/png", 0, "\u0089PNG"],
  ["image/jpeg", 0, "\u00ff\u00d8\u00ff"],
  ["image/gif", 0, "GIF8"],
  ["image/webp", 8, "WEBP"],
  ["image/tiff", 0, "II*\u0000"],
  ["image/tiff", 0, "MM\u0000*"],
  ["image/avif", 4, "ftypavif"],
  ["image/heic", 4, "ftyphei"],
  ["image/heic", 4, "ftypmif1"],
  ["application/pdf", 0, "%PDF-"],
  ["audio/ogg", 0, "OggS"],
  ["audio/mpeg", 0, "ID3"],
  ["audio/mpeg", 0, "\u00ff\u00fb"],
  ["audio/mpeg", 0, "\u00ff\u00f3"],
  ["audio/mpeg", 0, "\u00ff\u00f2"],
  ["audio/aac", 0, "\u00ff\u00f1"],
  ["audio/aac", 0, "\u00ff\u00f9"],
  ["audio/wav", 8, "WAVE"],
  ["audio/flac", 0, "fLaC"],
  ["audio/amr", 0, "#!AMR"],
  ["audio/mp4", 4, "ftypM4A"],
  ["video/quicktime", 4, "ftypqt"],
  ["video/mp4", 4, "ftyp"],
  ["video/webm", 0, "\u001aE\u00df\u00a3"],
  ["application/zip", 0, "PK\u0003\u0004"],
];

const BY_NAME: Readonly<Record<string, string>> = {
  png: "image/png",
  jpg: "image/jpeg",
  jpeg: "image/jpeg",
  gif: "image/gif",
  webp: "image/webp",
  tiff: "image/tiff",
  tif: "image/tiff",
  bmp: "image/bmp",
  avif: "image/avif",
  heic: "image/heic",
  svg: "image/svg+xml",
  mp3: "audio/mpeg",
  m4a: "audio/mp4",
  aac: "audio/aac",
  amr: "audio/amr",
  flac: "audio/flac",
  ogg: "audio/ogg",
  oga: "audio/ogg",
  opus: "audio/ogg",
  wav: "audio/wav",
  mp4: "video/mp4",
  mov: "video/quicktime",
  webm: "video/webm",
  pdf: "application/pdf",
  txt: "text/plain",
  md: "text/markdown",
  csv: "text/csv",
  json: "application/json",
  html: "text/html",
  zip: "application/zip",
  docx: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
  xlsx: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
  pptx: "application/vnd.openxmlformats-officedocument.presentationml.presentation",
};

const UNKNOWN = "application/octet-stream";
/** Types that are known by their first bytes: whoever says one of them without those bytes is wrong. */
const KNOWN_BY_BYTES = new Set(MAGIC.map(([mime]) => mime));

/** `data`: the file, or its beginning. `told`: what its server says. */
export function mimeOf(data: Uint8Array, name: string, told?: string): string {
  const head = Buffer.from(data.subarray(0, 32)).toString("latin1");
  const magic = MAGIC.find(([, at, bytes]) => head.startsWith(bytes, at))?.[0];
  // An office document is a zip file, too.
  if (magic !== undefined && magic !== "application/zip") return magic;
  if (/^\s*(?:<!doctype html|<html[\s>])/i.test(Buffer.from(data.subarray(0, 512)).toString("latin1")))
    return "text/html";
  const said = told?.split(";")[0]?.trim().toLowerCase();
  const byName = BY_NAME[/\.([a-z0-9]{1,8})$/i.exec(name)?.[1]?.toLowerCase() ?? ""];
  return believed(said) ?? believed(byName) ?? magic ?? UNKNOWN;
}

/** RFC 6838 §4.2. What is told goes on to models and programs: words that are no type are not passed on. */
const MIME = /^[a-z0-9][\w!#$&^.+-]{0,62}\/[a-z0-9][\w!#$&^.+-]{0,100}$/;

function believed(mime: string | undefined): string | undefined {
  return mime === undefined || !MIME.test(mime) || mime === UNKNOWN || KNOWN_BY_BYTES.has(mime) ? undefined : mime;
}

/** How apps show it; pictures that they do not show are documents. */
export function kindOfMime(mime: string): FileKind {
  if (/^image\/(?:png|jpeg|webp)$/.test(mime)) return "image";
  if (mime.startsWith("audio/")) return "audio";
  return /^video\/(?:mp4|quicktime|webm)$/.test(mime) ? "video" : "document";
}

/** Without a dot; `bin` for what has no usual one. */
export function extensionOf(mime: string): string {
  return Object.entries(BY_NAME).find(([, known]) => known === mime)?.[0] ?? "bin";
}

/** The last part of a name, safe to show and to write to a folder, with an ending that fits. At most 120 bytes. */
export function safeFileName(name: string, mime: string): string {
  const last = name.split(/[\\/]/).at(-1) ?? "";
  // oxlint-disable-next-line no-control-regex -- control characters are what is replaced
  const clean = last
    .normalize("NFC")
    .replace(/[\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069/\\:*?"<>|]/g, "_")
    .replace(/^[.\s]+/, "");
  const ending = /\.[a-z0-9]{1,8}$/i.exec(clean)?.[0] ?? `.${extensionOf(mime)}`;
  const stem = clean.endsWith(ending) ? clean.slice(0, -ending.length) : clean;
  return `${cutBytes(stem, MAX_NAME_BYTES - ending.length).trim() || "file"}${ending}`;
}

const MAX_NAME_BYTES = 120;
