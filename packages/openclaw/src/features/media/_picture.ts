/** A picture that a call names, made to fit. */
import { mimeOf } from "../../base/file-type.ts";
import type { ImagePart } from "../../contracts/message.ts";
import type { ToolContext } from "../../contracts/tool.ts";
import { bytesOf, nameOf, sourceOf } from "./_source.ts";
import { kindOf } from "./_store.ts";
import { errors } from "./errors.ts";
import type { MediaService } from "./index.ts";

interface Loading {
  readonly context: ToolContext;
  readonly media: Pick<MediaService, "find" | "read" | "fit">;
  readonly maxBytes: number;
}

/** Judged by its first bytes, whatever it is called. Throws for what is no picture or too large. */
export async function loadPicture(given: string, { context, media, maxBytes }: Loading): Promise<ImagePart> {
  const source = sourceOf(given);
  const unknown = () => errors.IMAGE_UNKNOWN({ image: source === undefined ? "The data URI" : nameOf(given) });
  if (source === undefined) throw unknown();
  const bytes = await bytesOf(source, given, {
    context,
    media,
    maxBytes,
    tooBig: (image) => errors.IMAGE_TOO_BIG({ image, maxBytes }),
    unreachable: (image, reason) => errors.IMAGE_URL({ image, reason }),
  });
  if (kindOf(mimeOf(bytes, "")) !== "image") throw unknown();
  const { data, mimeType } = await media.fit(bytes);
  return { type: "image", data: Buffer.from(data).toString("base64"), mimeType };
}
