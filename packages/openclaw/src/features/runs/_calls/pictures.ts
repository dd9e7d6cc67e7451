/** Pictures of a tool's result, made to fit what the model takes (`agents.defaults.imageMaxDimensionPx`). */
import { errorData } from "../../../base/errors.ts";
import { pictureSize, isBomb } from "../../../base/picture-size.ts";
import type { ImagePart, TextPart } from "../../../contracts/message.ts";
import type { ConfigSnapshot } from "../../../contracts/config.ts";
import type { Use } from "../../../contracts/service.ts";
import type { ToolResult } from "../../../contracts/tool.ts";
import { Media, toolPicture } from "../../media/index.ts";
import type { PictureLimits } from "../../media/index.ts";

/** Never rejects: a picture that cannot be shown is a note in its place. */
export async function withFittingPictures(use: Use, config: ConfigSnapshot, result: ToolResult): Promise<ToolResult> {
  if (!result.content.some(({ type }) => type === "image")) return result;
  const limits = toolPicture(config);
  const content = await Promise.all(
    result.content.map(async (part) => (part.type === "image" ? fitting(use, part, limits) : part)),
  );
  return { ...result, content };
}

async function fitting(use: Use, part: ImagePart, limits: PictureLimits): Promise<ImagePart | TextPart> {
  const data = Buffer.from(part.data, "base64");
  const size = pictureSize(data);
  const fits = size && !isBomb(size) && Math.max(size.width, size.height) <= limits.maxSide;
  if (fits && data.length <= limits.maxBytes) return part;
  try {
    const fitted = await (await use(Media)).fit(data, limits);
    return { type: "image", data: Buffer.from(fitted.data).toString("base64"), mimeType: fitted.mimeType };
  } catch (error) {
    return { type: "text", text: `[picture left out: ${errorData(error).message}]` };
  }
}
