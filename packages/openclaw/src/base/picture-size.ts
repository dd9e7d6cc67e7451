/**
 * How large a picture says it is, from its header alone: PNG (IHDR), GIF (logical screen), JPEG (frame header, EXIF
 * orientation), WebP (VP8, VP8L, VP8X). Nothing is decoded, so it is safe for files that nobody should decode.
 */
import { imageType } from "./file-kind.ts";

export interface PictureSize {
  readonly mimeType: string;
  /** Pixels, as they are stored. */
  readonly width: number;
  readonly height: number;
  /** EXIF orientation, 1 to 8; 1 = upright. */
  readonly orientation: number;
}

/** A picture beyond either is refused before anything decodes it. */
export const MAX_PIXELS = 64_000_000;
export const MAX_SIDE = 16_384;

/** Undefined for what is no picture of these kinds, and for a header that is cut off or broken. */
export function pictureSize(bytes: Uint8Array): PictureSize | undefined {
  const data = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const mimeType = imageType(data.subarray(0, 16));
  const read = mimeType === undefined ? undefined : READERS[mimeType];
  const size = read?.(data);
  if (mimeType === undefined || size === undefined || size.width < 1 || size.height < 1) return undefined;
  return { mimeType, orientation: 1, ...size };
}

/** Larger than anything that is decoded here. */
export function isBomb({ width, height }: Pick<PictureSize, "width" | "height">): boolean {
  return width > MAX_SIDE || height > MAX_SIDE || width * height > MAX_PIXELS;
}

/** Whether the end of the picture is there: what was cut off in between would fail wherever it is looked at. */
export function isWhole(bytes: Uint8Array): boolean {
  const data = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  switch (imageType(data.subarray(0, 16))) {
    case "image/png":
      return data.lastIndexOf("IEND", undefined, "latin1") > 0;
    case "image/jpeg": {
      const scan = data.lastIndexOf(Buffer.from([0xff, 0xda]));
      return scan > 0 && data.lastIndexOf(Buffer.from([0xff, 0xd9])) > scan;
    }
    case "image/gif":
      return reachesTrailer(data);
    case "image/webp":
      return data.length >= 12 && data.readUInt32LE(4) + 8 <= data.length + 1;
    default:
      return false;
  }
}

/** Goes from block to block of a GIF (GIF89a specification, appendix A) to the byte that ends it. */
function reachesTrailer(data: Buffer): boolean {
  const table = (flags = 0) => ((flags & 0x80) === 0 ? 0 : 3 * 2 ** ((flags & 7) + 1));
  let at = 13 + table(data[10]);
  while (at < data.length) {
    const kind = data[at];
    if (kind === 0x3b) return true;
    if (kind === 0x21) at += 2;
    else if (kind === 0x2c) at += 11 + table(data[at + 9]);
    else return false;
    for (let length = data[at]; length !== undefined && length > 0; length = data[at]) at += 1 + length;
    at += 1;
  }
  return false;
}

type Read = (data: Buffer) => { width: number; height: number; orientation?: number } | undefined;

const READERS: Readonly<Record<string, Read>> = {
  "image/png": (data) =>
    data.length < 24 || data.toString("latin1", 12, 16) !== "IHDR"
      ? undefined
      : { width: data.readUInt32BE(16), height: data.readUInt32BE(20) },
  "image/gif": (data) => (data.length < 10 ? undefined : { width: data.readUInt16LE(6), height: data.readUInt16LE(8) }),
  "image/jpeg": jpegSize,
  "image/webp": webpSize,
};

/** SOF markers that carry a size: all but DHT, JPG and DAC. */
const isFrame = (marker: number) => marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);

function jpegSize(data: Buffer): ReturnType<Read> {
  let orientation = 1;
  for (let at = 2; at + 9 < data.length;) {
    if (data[at] !== 0xff) return undefined;
    const marker = data[at + 1] ?? 0;
    if (marker === 0xff) {
      at += 1;
      continue;
    }
    if (marker === 0x01 || (marker >= 0xd0 && marker <= 0xd8)) {
      at += 2;
      continue;
    }
    if (marker === 0xd9 || marker === 0xda) return undefined;
    const length = data.readUInt16BE(at + 2);
    if (length < 2) return undefined;
    if (isFrame(marker)) return { height: data.readUInt16BE(at + 5), width: data.readUInt16BE(at + 7), orientation };
    if (marker === 0xe1) orientation = exifOrientation(data.subarray(at + 4, at + 2 + length)) ?? orientation;
    at += 2 + length;
  }
  return undefined;
}

const ORIENTATION_TAG = 0x0112;

/** Tag 0x0112 of the first directory of an EXIF block (TIFF 6.0, section 2). */
function exifOrientation(block: Buffer): number | undefined {
  if (block.length < 14 || block.toString("latin1", 0, 6) !== "Exif\0\0") return undefined;
  const tiff = block.subarray(6);
  const little = tiff.toString("latin1", 0, 2) === "II";
  const u16 = (at: number) => (at + 2 > tiff.length ? 0 : little ? tiff.readUInt16LE(at) : tiff.readUInt16BE(at));
  const u32 = (at: number) => (at + 4 > tiff.length ? 0 : little ? tiff.readUInt32LE(at) : tiff.readUInt32BE(at));
  const first = u32(4);
  const count = Math.min(u16(first), 256);
  for (let i = 0; i < count; i += 1) {
    const entry = first + 2 + i * 12;
    if (u16(entry) !== ORIENTATION_TAG) continue;
    const value = u16(entry + 8);
    return value >= 1 && value <= 8 ? value : undefined;
  }
  return undefined;
}

function webpSize(data: Buffer): ReturnType<Read> {
  if (data.length < 30) return undefined;
  switch (data.toString("latin1", 12, 16)) {
    case "VP8 ":
      return { width: data.readUInt16LE(26) & 0x3fff, height: data.readUInt16LE(28) & 0x3fff };
    case "VP8L": {
      const bits = data.readUInt32LE(21);
      return { width: (bits & 0x3fff) + 1, height: ((bits >>> 14) & 0x3fff) + 1 };
    }
    case "VP8X":
      return { width: data.readUIntLE(24, 3) + 1, height: data.readUIntLE(27, 3) + 1 };
    default:
      return undefined;
  }
}
