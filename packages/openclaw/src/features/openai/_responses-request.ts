/**
 * The body of `POST /v1/responses` → what is asked. Takes OpenAI's spelling of items and parts and that of
 * OpenResponses; keys that are not known are left alone.
 */
import type { Message } from "../../contracts/message.ts";
import type { RouteCall } from "../../contracts/route.ts";
import type { Ask } from "./_ask.ts";
import { flag, invalid, isObject, objects, text } from "./_fields.ts";
import type { Json } from "./_fields.ts";
import { filesPrompt } from "./_files.ts";
import type { FileSource } from "./_files.ts";
import { loadImages } from "./_images.ts";
import type { ImageSource } from "./_images.ts";
import { assistantMessage, callPart, question, resultMessage, userMessage } from "./_messages.ts";
import { responsesSampling } from "./_sampling.ts";
import { offerOf } from "./_tools.ts";

const MISSING = "Missing user message in `input`.";
const IMAGES = "input_image content in `input`";

export interface ResponsesAsk extends Ask {
  /** `previous_response_id`. */
  readonly previous?: string;
}

/** Throws `API_INVALID`. */
export async function readResponses(call: RouteCall, body: Json): Promise<ResponsesAsk> {
  const model = text(body, "model");
  if (model === undefined) throw invalid("model: Invalid input: expected string, received undefined");
  const user = text(body, "user");
  const previous = text(body, "previous_response_id");
  const stream = flag(body, "stream") ?? false;
  const instructions = text(body, "instructions");
  const sampling = responsesSampling(body);
  const offer = offerOf(body);
  const items = itemsOf(body["input"]);
  refuseManyUrls(call, items);
  const messages = question(await conversation(call, items));
  if (messages.length === 0) throw invalid(MISSING);
  const told = items
    .filter(({ role }) => role === "system" || role === "developer")
    .map(({ content }) => textOf(content));
  const files = await filesPrompt(call, items.flatMap(({ content }) => objects(content)).flatMap(fileOf));
  return {
    model,
    stream,
    ...(user === undefined ? {} : { user }),
    ...(previous === undefined ? {} : { previous }),
    system: [instructions ?? "", ...told, files].filter((one) => one.trim() !== "").join("\n\n"),
    messages,
    ...offer,
    sampling,
  };
}

function itemsOf(input: unknown): readonly Json[] {
  if (typeof input === "string") return [{ type: "message", role: "user", content: input }];
  if (input !== undefined && !Array.isArray(input))
    throw invalid("input: Invalid input: expected a string or a list of items");
  return objects(input);
}

async function conversation(call: RouteCall, items: readonly Json[]): Promise<readonly Message[]> {
  const timestamp = call.platform.clock.now();
  const newest = items.findLastIndex(({ role }) => role === "user");
  const out: Message[] = [];
  for (const [at, item] of items.entries()) {
    const { type = "message", role, content } = item;
    if (type === "function_call_output") {
      out.push(resultMessage(String(item["call_id"] ?? ""), outputOf(item["output"]), { before: out, timestamp }));
    } else if (type === "function_call" && typeof item["call_id"] === "string" && typeof item["name"] === "string") {
      addCall(out, callPart(item["call_id"], item["name"], item["arguments"]), timestamp);
    } else if (type === "message" && role === "user") {
      const images =
        at === newest ? await loadImages(call, "responses", objects(content).flatMap(imageOf), IMAGES) : [];
      const said = textOf(content);
      const hasFiles = objects(content).some((part) => part["type"] === "input_file");
      if (said.trim() !== "" || images.length > 0) out.push(userMessage(said, images, timestamp));
      else if (hasFiles) out.push(userMessage("User sent file(s) with no text.", [], timestamp));
    } else if (type === "message" && role === "assistant" && textOf(content).trim() !== "") {
      out.push(assistantMessage(textOf(content), [], timestamp));
    }
  }
  return out;
}

/** Calls of one answer are items of their own here. */
function addCall(out: Message[], part: ReturnType<typeof callPart>, timestamp: number): void {
  const last = out.at(-1);
  if (last?.role !== "assistant") out.push(assistantMessage("", [part], timestamp));
  else out[out.length - 1] = { ...last, content: [...last.content, part], stopReason: "toolUse" };
}

function textOf(content: unknown): string {
  if (typeof content === "string") return content;
  return objects(content)
    .flatMap(({ text: said, refusal }) => [said, refusal].filter((one) => typeof one === "string"))
    .join("\n");
}

/** A string, or a list of parts. */
function outputOf(output: unknown): string {
  if (typeof output === "string") return output;
  const said = textOf(output);
  return said === "" ? JSON.stringify(output ?? "") : said;
}

function imageOf(part: Json): ImageSource[] {
  if (part["type"] !== "input_image") return [];
  const { source, image_url: image } = part;
  const url = isObject(source) ? source["url"] : isObject(image) ? image["url"] : image;
  if (typeof url === "string") return [{ url }];
  if (isObject(source) && typeof source["data"] === "string")
    return [{ data: source["data"], mimeType: String(source["media_type"] ?? "") }];
  throw invalid(`Invalid ${IMAGES}. Reason: an image has neither address nor data.`);
}

function fileOf(part: Json): FileSource[] {
  if (part["type"] !== "input_file") return [];
  const source = isObject(part["source"]) ? part["source"] : {};
  const name = String(part["filename"] ?? source["filename"] ?? "file");
  const mimeType = source["media_type"];
  const base = { name, ...(typeof mimeType === "string" ? { mimeType } : {}) };
  const url = source["url"] ?? part["file_url"];
  if (typeof url === "string") return [{ ...base, from: { url } }];
  const data = source["data"] ?? part["file_data"];
  if (typeof data === "string") return [{ ...base, from: { data } }];
  throw invalid(`invalid request: ${name} has neither address nor data`);
}

function refuseManyUrls(call: RouteCall, items: readonly Json[]): void {
  const most = Number(call.config.at("gateway.http.endpoints.responses.maxUrlParts") ?? 8);
  const urls = items
    .flatMap(({ content }) => objects(content))
    .flatMap(({ source, image_url: image, file_url: file }) => [
      isObject(source) ? source["url"] : undefined,
      image,
      file,
    ])
    .filter((url) => typeof url === "string" && /^https?:/i.test(url));
  if (urls.length > most) throw invalid(`invalid request: more than ${most} addresses`);
}
