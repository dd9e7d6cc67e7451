/** A request that was refused for its pictures, once more with smaller ones. */
import type { ImagePart, Message, TextPart } from "../../../contracts/message.ts";
import type { ModelRequest } from "../../../contracts/model.ts";
import { Media } from "../../media/index.ts";
import type { MediaService } from "../../media/index.ts";
import type { RunDeps } from "../run.ts";

const SMALL = { maxSide: 1024, maxBytes: 750_000 };
const LEFT_OUT: TextPart = { type: "text", text: "[picture left out: the model takes no picture of this size]" };

/** Undefined where it has no pictures that can be made smaller. */
export async function withSmallerPictures(
  { use }: Pick<RunDeps, "use">,
  request: ModelRequest,
): Promise<ModelRequest | undefined> {
  if (!request.messages.some(({ content }) => Array.isArray(content) && content.some(isPicture))) return undefined;
  const media = await use(Media);
  const messages = await Promise.all(request.messages.map((message) => smaller(media, message)));
  return messages.every((message, at) => message === request.messages[at]) ? undefined : { ...request, messages };
}

async function smaller(media: MediaService, message: Message): Promise<Message> {
  if (message.role === "assistant" || typeof message.content === "string") return message;
  if (!message.content.some(isPicture)) return message;
  const parts = await Promise.all(message.content.map(async (part) => (isPicture(part) ? fitted(media, part) : part)));
  return parts.every((part, at) => part === message.content[at])
    ? message
    : ({ ...message, content: parts } as Message);
}

async function fitted(media: MediaService, part: ImagePart): Promise<ImagePart | TextPart> {
  const before = Buffer.from(part.data, "base64");
  try {
    const { data, mimeType } = await media.fit(before, SMALL);
    if (data.byteLength >= before.byteLength) return part;
    return { ...part, data: Buffer.from(data).toString("base64"), mimeType };
  } catch {
    return LEFT_OUT;
  }
}

function isPicture(part: { readonly type: string }): part is ImagePart {
  return part.type === "image";
}
