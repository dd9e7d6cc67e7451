/** What a file is, by its first bytes, else by what its server says, else by its name. */
import type { OutboundMedia } from "../../contracts/envelope.ts";

type Kind = OutboundMedia["kind"];

const MAGIC: readonly (readonly [mime: string, at: number, bytes: string])[] = [
  ["image/png", 0, "\u0089PNG"],
  ["image/jpeg", 0, "\u00ff\u00d8\u00ff"],
  ["image/gif", 0, "GIF8"],
  ["image/webp", 8, "WEBP"],
  ["application/pdf", 0, "%PDF-"],
  ["audio/ogg", 0, "OggS"],
  ["audio/mpeg", 0, "ID3"],
  ["audio/wav", 8, "WAVE"],
  ["audio/flac", 0, "fLaC"],
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
  svg: "image/svg+xml",
  mp3: "audio/mpeg",
  m4a: "audio/mp4",
  ogg: "audio/ogg",
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
};

export function mimeOf(data: Uint8Array, name: string, told?: string): string {
  const head = Buffer.from(data.subarray(0, 32)).toString("latin1");
  const magic = MAGIC.find(([, at, bytes]) => head.startsWith(bytes, at))?.[0];
  const byName = BY_NAME[/\.([a-z0-9]{1,8})$/i.exec(name)?.[1]?.toLowerCase() ?? ""];
  // An office document is a zip file, too.
  if (magic !== undefined && magic !== "application/zip") return magic;
  const said = told?.split(";")[0]?.trim().toLowerCase();
  return (
    (said === "" || said === "application/octet-stream" ? undefined : said) ??
    byName ??
    magic ??
    "application/octet-stream"
  );
}

/** How it is shown; pictures that apps do not show are documents. */
export function kindOfMime(mime: string): Kind {
  if (/^image\/(?:png|jpeg|webp)$/.test(mime)) return "image";
  if (mime.startsWith("audio/")) return "audio";
  return /^video\/(?:mp4|quicktime|webm)$/.test(mime) ? "video" : "document";
}

export function extensionOf(mime: string): string {
  return Object.entries(BY_NAME).find(([, known]) => known === mime)?.[0] ?? "bin";
}
