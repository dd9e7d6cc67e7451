/** The conversation as items of the Responses protocol. */
import type {
  AssistantMessage,
  DocumentPart,
  ImagePart,
  TextPart,
  ToolCallPart,
  ToolResultMessage,
  UserMessage,
} from "../../contracts/message.ts";
import type { Endpoint, ModelRequest } from "../../contracts/model.ts";
import { itemOf, messageOf } from "./_responses-items.ts";
import { shownTo } from "./_shown.ts";
import { functionName, openaiToolId } from "./_tool-ids.ts";

type Item = Readonly<Record<string, unknown>>;

export function responsesItems({ endpoint, messages }: ModelRequest): Item[] {
  const out: Item[] = [];
  let pictures: ImagePart[] = [];
  const showPictures = () => {
    if (pictures.length > 0) out.push(userItem([PICTURES, ...pictures], endpoint));
    pictures = [];
  };
  for (const message of messages) {
    if (message.role === "toolResult") {
      out.push(resultItem(message, endpoint));
      // Servers that imitate the vendor take text only as a result; the pictures follow it.
      if (!endpoint.native) pictures.push(...message.content.filter((part) => part.type === "image"));
      continue;
    }
    showPictures();
    if (message.role === "assistant") out.push(...assistantItems(message, endpoint));
    else out.push(userItem(message.content, endpoint));
  }
  showPictures();
  return out;
}

const PICTURES: TextPart = { type: "text", text: "Pictures from the tool results:" };

function userItem(content: UserMessage["content"], endpoint: Endpoint): Item {
  const seen = shownTo(endpoint, content);
  if (seen.every((part) => part.type === "text")) return { role: "user", content: joined(seen) || "(empty)" };
  return { role: "user", content: seen.map(inputPart) };
}

function inputPart(part: TextPart | ImagePart | DocumentPart): Item {
  if (part.type === "text") return { type: "input_text", text: part.text };
  const url = `data:${part.mimeType};base64,${part.data}`;
  return part.type === "image"
    ? { type: "input_image", detail: "auto", image_url: url }
    : { type: "input_file", filename: part.name ?? "document.pdf", file_data: url };
}

function joined(parts: readonly { readonly type: string; readonly text?: string }[]): string {
  return parts
    .map((part) => part.text ?? "")
    .filter((piece) => piece.trim() !== "")
    .join("\n");
}

function resultItem(message: ToolResultMessage, endpoint: Endpoint): Item {
  const shown = endpoint.native ? shownTo(endpoint, message.content) : message.content;
  const output =
    endpoint.native && shown.some((part) => part.type === "image")
      ? shown.map(inputPart)
      : joined(shown) || (shown.length > 0 ? "(see the picture)" : "(no output)");
  return { type: "function_call_output", call_id: openaiToolId(message.toolCallId), output };
}

/**
 * Thoughts go back to whoever made them, each in front of what followed it: the vendor refuses a thought without its
 * successor, and an id whose thought is missing.
 */
function assistantItems(message: AssistantMessage, endpoint: Endpoint): Item[] {
  const own = message.provider === endpoint.provider && message.api === endpoint.api;
  const items: Item[] = [];
  let thought: Item | undefined;
  let reasoned = false;
  const say = (item: Item) => {
    if (thought) items.push(thought);
    reasoned ||= thought !== undefined;
    thought = undefined;
    items.push(item);
  };
  for (const part of message.content) {
    if (part.type === "thinking") {
      const kept = own ? itemOf(part.thinkingSignature) : undefined;
      if (kept?.["type"] === "compaction") items.push(kept);
      else if (kept) thought = kept;
    } else if (part.type === "toolCall") {
      say(callItem(part, own && (reasoned || thought !== undefined)));
    } else if (part.text.trim() !== "") {
      say(saidItem(part, own, reasoned || thought !== undefined));
    }
  }
  return items;
}

function callItem(call: ToolCallPart, withId: boolean): Item {
  const id = withId && call.thoughtSignature?.startsWith("fc") ? { id: call.thoughtSignature } : {};
  return {
    type: "function_call",
    ...id,
    call_id: openaiToolId(call.id),
    name: functionName(call.name),
    arguments: JSON.stringify(call.arguments),
  };
}

function saidItem({ text, textSignature }: TextPart, own: boolean, withId: boolean): Item {
  const { id, phase } = own ? messageOf(textSignature) : {};
  const order = phase === undefined ? {} : { phase };
  if (id === undefined || !withId) return { role: "assistant", content: text, ...order };
  const content = [{ type: "output_text", text, annotations: [] }];
  return { type: "message", id, role: "assistant", status: "completed", content, ...order };
}
