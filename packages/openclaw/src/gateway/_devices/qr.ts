/** QR codes of setup codes: as a picture for apps and as text for a terminal. */
import { crc32, deflateSync } from "node:zlib";

/** Pixels per module, and the quiet zone around the code in modules (ISO/IEC 18004 asks for four). */
const SCALE = 6;
const QUIET = 4;

/** A PNG as `data:` URL. */
export async function qrDataUrl(text: string): Promise<string> {
  const { encode } = await import("uqr");
  const { data } = encode(text, { border: QUIET });
  return `data:image/png;base64,${png(data).toString("base64")}`;
}

/** Two modules per character, light on dark terminals and dark on light ones alike. */
export async function qrText(text: string): Promise<string> {
  const { renderUnicodeCompact } = await import("uqr");
  return renderUnicodeCompact(text, { border: 2 });
}

/** Black where a module is set: one bit per pixel, greyscale (PNG, W3C recommendation, third edition). */
function png(modules: readonly (readonly boolean[])[]): Buffer {
  const size = modules.length * SCALE;
  const row = Math.ceil(size / 8);
  const pixels = Buffer.alloc(size * (row + 1));
  for (let y = 0; y < size; y += 1) {
    for (let x = 0; x < size; x += 1) {
      const black = modules[Math.floor(y / SCALE)]?.[Math.floor(x / SCALE)] ?? false;
      const at = y * (row + 1) + 1 + (x >> 3);
      if (!black) pixels[at] = (pixels[at] ?? 0) | (0x80 >> (x & 7));
    }
  }
  const head = Buffer.alloc(13);
  head.writeUInt32BE(size, 0);
  head.writeUInt32BE(size, 4);
  head.writeUInt8(1, 8);
  return Buffer.concat([
    Buffer.from("89504e470d0a1a0a", "hex"),
    chunk("IHDR", head),
    chunk("IDAT", deflateSync(pixels)),
    chunk("IEND", Buffer.alloc(0)),
  ]);
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, "latin1"), data]);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(data.length);
  const sum = Buffer.alloc(4);
  sum.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, sum]);
}
