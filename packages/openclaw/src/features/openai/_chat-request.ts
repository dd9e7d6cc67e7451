/** The body of `POST /v1/chat/completions` → what is asked. */
import type { Message } from "../../contracts/message.ts";
import type { RouteCall } from "../../contracts/route.ts";
import type { Ask } from "./_ask.ts";
import { flag, invalid, isObject, objects, text } from "./_fields.ts";
import type { Json } from "./_fields.ts";
import { loadImages } from "./_images.ts";
import type { ImageSource } from "./_images.ts";
import { assistantMessage, callPart, question, resultMessage, userMessage } from "./_messages.ts";
import { chatSampling } from "./_sampling.ts";
import { offerOf } from "./_tools.ts";

const MISSING = "Missing user message in `messages`.";
const IMAGES = "image_url content in `messages`";

export interface ChatAsk extends Ask {
  readonly includeUsage: boolean;
}

/** Throws `API_INVALID`. */
export async function readChat(call: RouteCall, body: Json): Promise<ChatAsk> {
  const model = text(body, "model") ?? "openclaw";
  const user = text(body, "user");
  const stream = flag(body, "stream") ?? false;
  const options = body["stream_options"] ?? {};
  if (!isObject(options)) throw invalid("stream_options: Invalid input: expected object");
  const sampling = chatSampling(body);
  const offer = offerOf(body);
  const list = objects(body["messages"]);
  const messages = question(await conversation(call, list));
  if (messages.length === 0) throw invalid(MISSING);
  return {
    model,
    stream,
    includeUsage: options["include_usage"] === true,
    ...(user === undefined ? {} : { user }),
    system: list
      .filter(({ role }) => role === "system" || role === "developer")
      .map(({ content }) => textOf(content))
      .filter((one) => one.trim() !== "")
      .join("\n\n"),
    messages,
    ...offer,
    sampling,
  };
}

async function conversation(call: RouteCall, list: readonly Json[]): Promise<readonly Message[]> {
  const timestamp = call.platform.clock.now();
  const newest = list.findLastIndex(({ role }) => role === "user");
  const out: Message[] = [];
  for (const [at, { role, content, ...rest }] of list.entries()) {
    const said = textOf(content);
    if (role === "user") {
      const images = at === newest ? await loadImages(call, "chat", imagesOf(content), IMAGES) : [];
      if (said.trim() !== "" || images.length > 0) out.push(userMessage(said, images, timestamp));
    } else if (role === "assistant") {
      const calls = objects(rest["tool_calls"]).flatMap(toolCall);
      if (said.trim() !== "" || calls.length > 0) out.push(assistantMessage(said, calls, timestamp));
    } else if (role === "tool") {
      out.push(resultMessage(String(rest["tool_call_id"] ?? ""), said, { before: out, timestamp }));
    } else if (role === "function" && said.trim() !== "") {
      out.push(userMessage(`Tool:${String(rest["name"] ?? "function")}: ${said}`, [], timestamp));
    }
  }
  return out;
}

function toolCall({ id, function: made }: Json) {
  if (typeof id !== "string" || !isObject(made) || typeof made["name"] !== "string") return [];
  return [callPart(id, made["name"], made["arguments"])];
}

/** A string, or the texts of its parts. */
function textOf(content: unknown): string {
  if (typeof content === "string") return content;
  return objects(content)
    .flatMap((part) => (part["type"] === "text" && typeof part["text"] === "string" ? [part["text"]] : []))
    .join("\n");
}

function imagesOf(content: unknown): ImageSource[] {
  return objects(content).flatMap(({ type, image_url: image }) => {
    if (type !== "image_url") return [];
    const url = isObject(image) ? image["url"] : image;
    if (typeof url !== "string") throw invalid(`Invalid ${IMAGES}. Reason: an image has no url.`);
    return [{ url }];
  });
}
