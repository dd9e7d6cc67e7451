/** Files that go with a question: pictures and PDFs as they are, texts as text. */
import { basename, resolve } from "node:path";
import { cwd } from "node:process";
import { mimeOf } from "../../base/file-type.ts";
import { readBytes } from "../../base/files.ts";
import { errorText } from "../../base/errors.ts";
import type { DocumentPart, ImagePart, TextPart } from "../../contracts/message.ts";
import { MODEL_PICTURE } from "../media/index.ts";
import type { MediaService } from "../media/index.ts";
import { errors } from "./errors.ts";

const MAX_BYTES = 20 * 1024 * 1024;

export async function partOf(
  given: string,
  media: Pick<MediaService, "fit">,
): Promise<TextPart | ImagePart | DocumentPart> {
  const path = resolve(cwd(), given);
  const refuse = (reason: string) => errors.INFER_FILE({ path: given, reason });
  const data = await readBytes(path, MAX_BYTES).catch((error: unknown) => {
    throw refuse(errorText(error));
  });
  if (!data) throw refuse("it does not exist");
  const mimeType = mimeOf(data, basename(path));
  if (mimeType.startsWith("image/")) {
    const fitted = await media.fit(data, MODEL_PICTURE);
    return { type: "image", data: Buffer.from(fitted.data).toString("base64"), mimeType: fitted.mimeType };
  }
  if (mimeType === "application/pdf")
    return { type: "document", data: Buffer.from(data).toString("base64"), mimeType, name: basename(path) };
  const text = new TextDecoder().decode(data);
  if (text.includes("\0")) throw refuse(`a model cannot read ${mimeType}`);
  return { type: "text", text: `${basename(path)}:\n${text}` };
}

/** `--file` as commander gives it. */
export function filesOf(options: Readonly<Record<string, unknown>>): readonly string[] {
  const given = options["file"];
  return Array.isArray(given) ? given.map(String) : typeof given === "string" ? [given] : [];
}
