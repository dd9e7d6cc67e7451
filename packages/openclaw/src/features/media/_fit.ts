/** A picture within limits: as it is where it fits, else made smaller; refused by its header where nobody should decode it. */
import { imageType } from "../../base/file-kind.ts";
import { mimeOf } from "../../base/file-type.ts";
import { isBomb, isWhole, pictureSize } from "../../base/picture-size.ts";
import type { MediaThread } from "./_thread/host.ts";
import { TaskTrouble } from "./_thread/protocol.ts";
import type { PictureLimits } from "./_thread/protocol.ts";
import { errors } from "./errors.ts";

export interface FittedPicture {
  readonly data: Uint8Array;
  readonly mimeType: string;
  /** Pixels. */
  readonly width: number;
  readonly height: number;
  /** It is not the file that was given. */
  readonly changed: boolean;
}

/** What is no kind that models take, and can be made one. */
const CONVERTED = new Set(["image/avif", "image/tiff", "image/heic"]);

export async function fit(
  thread: () => Promise<MediaThread>,
  data: Uint8Array,
  { maxSide, maxBytes }: PictureLimits,
): Promise<FittedPicture> {
  const size = pictureSize(data);
  if (size && isBomb(size)) throw errors.IMAGE_BOMB(size);
  const known = imageType(Buffer.from(data.subarray(0, 16)));
  if (known === undefined && !CONVERTED.has(mimeOf(data, "")))
    throw errors.IMAGE_BROKEN({ reason: "it is no picture" });
  if (known !== undefined && !size) throw errors.IMAGE_BROKEN({ reason: "its header is broken or cut off" });
  const whole = isWhole(data);
  const fits = size !== undefined && whole && Math.max(size.width, size.height) <= maxSide && data.length <= maxBytes;
  const asItIs = (): FittedPicture => ({
    data,
    mimeType: size!.mimeType,
    width: size!.width,
    height: size!.height,
    changed: false,
  });
  if (fits && size.orientation === 1) return asItIs();
  try {
    const answer = await (await thread()).ask("picture", { data, maxSide, maxBytes });
    return { ...answer, changed: true };
  } catch (error) {
    if (!(error instanceof TaskTrouble)) throw error;
    if (fits && error.trouble !== "bomb") return asItIs();
    switch (error.trouble) {
      case "missing":
        throw errors.IMAGE_PROCESSING_UNAVAILABLE().with({ details: { reason: "image_processing_unavailable" } });
      case "bomb":
        throw errors.IMAGE_BOMB({ width: size?.width ?? 0, height: size?.height ?? 0 });
      case "wont_fit":
        throw errors.IMAGE_TOO_BIG({ image: "", maxBytes });
      default:
        throw errors.IMAGE_BROKEN({ reason: error.message });
    }
  }
}
