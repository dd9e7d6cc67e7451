/**
 * A picture made to fit: turned upright, made smaller, without what its camera wrote into it (place, owner). The
 * first step of the ladder that fits is taken; a picture is never made larger.
 */
import type { Sharp, SharpOptions } from "sharp";
import { MAX_PIXELS, isBomb } from "../../../base/picture-size.ts";
import { TaskTrouble } from "./protocol.ts";
import type { Fitted, Work } from "./protocol.ts";

type Library = (input: Uint8Array, options?: SharpOptions) => Sharp;

const SIDES = [2048, 1536, 1280, 1024, 800];
const QUALITIES = [85, 75, 65, 50, 35];

export async function fitted({ data, maxSide, maxBytes }: Work["picture"]["asked"]): Promise<Fitted> {
  const sharp = await library();
  const { width, height, hasAlpha } = await sharp(data, { limitInputPixels: false })
    .metadata()
    .catch((error: Error) => {
      throw new TaskTrouble("unreadable", error.message);
    });
  if (isBomb({ width, height })) throw new TaskTrouble("bomb", `${width} × ${height} pixels`);
  const first = Math.min(maxSide, Math.max(width, height));
  const sides = [first, ...SIDES.filter((side) => side < first)];
  const upright = () => sharp(data, { limitInputPixels: MAX_PIXELS, failOn: "error" }).autoOrient();
  if (hasAlpha) {
    const png = await within(upright(), first).png({ compressionLevel: 9 }).toBuffer({ resolveWithObject: true });
    if (png.data.length <= maxBytes) return finished(png, "image/png");
  }
  // Decoded once; each step begins with the pixels of the one before.
  let pixels = await within(upright().flatten({ background: "#ffffff" }), first)
    .toColourspace("srgb")
    .raw()
    .toBuffer({ resolveWithObject: true });
  for (const side of sides) {
    const raw = () => sharp(pixels.data, { raw: pixels.info });
    if (side !== first) pixels = await within(raw(), side).raw().toBuffer({ resolveWithObject: true });
    for (const quality of QUALITIES) {
      const jpeg = await raw().jpeg({ quality, mozjpeg: false }).toBuffer({ resolveWithObject: true });
      if (jpeg.data.length <= maxBytes) return finished(jpeg, "image/jpeg");
    }
  }
  throw new TaskTrouble("wont_fit", `more than ${maxBytes} bytes even at ${sides.at(-1)} pixels`);
}

function within(picture: Sharp, side: number): Sharp {
  return picture.resize(side, side, { fit: "inside", withoutEnlargement: true });
}

function finished({ data, info }: { data: Buffer; info: { width: number; height: number } }, mimeType: string): Fitted {
  return { data: new Uint8Array(data), mimeType, width: info.width, height: info.height };
}

async function library(): Promise<Library> {
  try {
    const { default: sharp } = await import("sharp");
    sharp.cache(false);
    sharp.concurrency(1);
    return sharp;
  } catch (error) {
    throw new TaskTrouble("missing", (error as Error).message.split("\n")[0] ?? "");
  }
}
