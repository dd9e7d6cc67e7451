/** Pictures of a request: bounded, checked, and fetched where that is allowed. */
import type { ImagePart } from "../../contracts/message.ts";
import type { RouteCall } from "../../contracts/route.ts";
import { errorData } from "../../base/errors.ts";
import { Media } from "../media/index.ts";
import { invalid } from "./_fields.ts";
import { fetchRules, fetchUrl } from "./_remote.ts";
import type { Api } from "./_target.ts";

const MIMES = ["image/jpeg", "image/png", "image/gif", "image/webp"];
const MAX_BYTES = 10 * 1024 * 1024;
const MAX_TOTAL = 20 * 1024 * 1024;
const MAX_COUNT = 8;

export type ImageSource = { readonly url: string } | { readonly data: string; readonly mimeType: string };

/** Where the picture stood, for the message: `` image_url content in `messages` ``. */
export async function loadImages(
  call: RouteCall,
  api: Api,
  sources: readonly ImageSource[],
  where: string,
): Promise<ImagePart[]> {
  const endpoint = api === "chat" ? "chatCompletions" : "responses";
  const rules = fetchRules(call, `gateway.http.endpoints.${endpoint}.images`, { mimes: MIMES, maxBytes: MAX_BYTES });
  const refuse = (reason: string) => invalid(`Invalid ${where}. Reason: ${reason}.`);
  if (sources.length > MAX_COUNT) throw refuse(`there are more than ${MAX_COUNT} images`);
  const images: ImagePart[] = [];
  let total = 0;
  for (const source of sources) {
    const { data, mimeType } = await bytesOf(call, source, rules).catch((error: Error) => {
      throw refuse(error.message);
    });
    const size = (data.length * 3) / 4;
    if (!rules.mimes.includes(mimeType)) throw refuse(`the type ${mimeType || "unknown"} is not supported`);
    if (size > rules.maxBytes) throw refuse(`an image is larger than ${rules.maxBytes} bytes`);
    total += size;
    if (total > MAX_TOTAL) throw refuse(`the images are larger than ${MAX_TOTAL} bytes together`);
    const fitted = await (await call.use(Media)).fit(Buffer.from(data, "base64")).catch((error: unknown) => {
      throw refuse(errorData(error).message.replace(/\.$/, ""));
    });
    const picture = fitted.changed ? Buffer.from(fitted.data).toString("base64") : data;
    images.push({ type: "image", data: picture, mimeType: fitted.mimeType });
  }
  return images;
}

async function bytesOf(
  call: RouteCall,
  source: ImageSource,
  rules: Parameters<typeof fetchUrl>[2],
): Promise<{ data: string; mimeType: string }> {
  if ("data" in source) return { data: checked(source.data), mimeType: source.mimeType.toLowerCase() };
  const parsed = dataUrl(source.url);
  if (parsed) return { data: checked(parsed.data), mimeType: parsed.mimeType };
  if (!/^https?:/i.test(source.url)) throw new Error("it is neither a data: nor an http(s) address");
  const { bytes, mimeType } = await fetchUrl(call, source.url, rules);
  return { data: bytes.toString("base64"), mimeType };
}

/** `data:<mime>[;…];base64,<data>`; undefined for anything else. */
export function dataUrl(url: string): { data: string; mimeType: string } | undefined {
  if (!/^data:/i.test(url)) return undefined;
  const comma = url.indexOf(",");
  const [mimeType = "", ...parameters] = url.slice("data:".length, Math.max(comma, 0)).split(";");
  if (comma < 0 || parameters.at(-1)?.toLowerCase() !== "base64") throw new Error("it is not encoded as base64");
  return { data: url.slice(comma + 1), mimeType: mimeType.toLowerCase() };
}

export function checked(data: string): string {
  const clean = /\s/.test(data) ? data.replace(/\s+/g, "") : data;
  if (clean === "" || !/^[A-Za-z0-9+/]+={0,2}$/.test(clean)) throw new Error("its base64 is malformed");
  return clean;
}
