/** The conversation as Chat Completions messages. */
import type {
  AssistantMessage,
  DocumentPart,
  ImagePart,
  TextPart,
  ThinkingPart,
  ToolCallPart,
  ToolResultMessage,
  UserMessage,
} from "../../contracts/message.ts";
import type { Endpoint, ModelRequest } from "../../contracts/model.ts";
import { wiresFor } from "./_remembered.ts";
import { shownTo } from "./_shown.ts";
import { detailsIn } from "./_reasoning-details.ts";
import { mistralToolId, openaiToolId, plainToolId } from "./_tool-ids.ts";

interface Wire {
  readonly role: string;
  readonly [key: string]: unknown;
}

export function openaiMessages(request: ModelRequest): Wire[] {
  const { endpoint, messages, thinking } = request;
  const wireOf = wiresFor(request);
  const compat = endpoint.model.compat ?? {};
  const route: Route = { endpoint, idOf: idsFor(endpoint), thinks: thinking !== "off" || !endpoint.model.reasoning };
  const out: Wire[] = [];
  let pictures: ImagePart[] = [];
  let afterResults = false;
  // Tool messages hold text only, so pictures of results follow them as a user message.
  const showPictures = () => {
    if (pictures.length > 0) out.push(userMessage([text("Pictures from the tool results:"), ...pictures], endpoint));
    pictures = [];
  };
  for (const message of messages) {
    if (message.role === "toolResult") {
      out.push(wireOf(message, () => toolMessage(message, route)));
      pictures.push(...message.content.filter((part) => part.type === "image"));
      afterResults = true;
      continue;
    }
    showPictures();
    if (message.role === "assistant") {
      const turn = wireOf(message, () => assistantMessage(message, route));
      if (turn) out.push(turn);
    } else {
      if (afterResults && compat.requiresAssistantAfterToolResult)
        out.push({ role: "assistant", content: "Results received." });
      out.push(wireOf(message, () => userMessage(message.content, endpoint)));
    }
    afterResults = false;
  }
  showPictures();
  return out;
}

interface Route {
  readonly endpoint: Endpoint;
  readonly idOf: (id: string) => string;
  readonly thinks: boolean;
}

function isSameRoute(message: AssistantMessage, endpoint: Endpoint): boolean {
  return message.provider === endpoint.provider && message.api === endpoint.api;
}

/** Kimi gets its own ids back as they were: its `functions.name:0` mean something. Those of others are fitted. */
function idsFor({ params, provider, model }: Endpoint): (id: string) => string {
  if (params?.["sanitizeToolCallIds"] === true) return plainToolId;
  if (provider === "mistral") return mistralToolId;
  const kept = model.compat?.thinkingFormat === "moonshot" || /kimi/i.test(model.id);
  return (id) => (kept && /^functions\.[\w-]+:\d+$/.test(id) ? id : openaiToolId(id));
}

function text(content: string): TextPart {
  return { type: "text", text: content };
}

function userMessage(content: UserMessage["content"], endpoint: Endpoint): Wire {
  const seen = shownTo(endpoint, content);
  if (seen.every((part) => part.type === "text")) return { role: "user", content: joined(seen) };
  return { role: "user", content: seen.map(wirePart) };
}

function wirePart(part: TextPart | ImagePart | DocumentPart): object {
  if (part.type === "text") return part;
  const url = `data:${part.mimeType};base64,${part.data}`;
  return part.type === "image"
    ? { type: "image_url", image_url: { url } }
    : { type: "file", file: { filename: part.name ?? "document.pdf", file_data: url } };
}

function joined(parts: readonly { readonly type: string; readonly text?: string }[]): string {
  return parts
    .map((part) => part.text ?? "")
    .filter((piece) => piece.trim() !== "")
    .join("\n");
}

function toolMessage(message: ToolResultMessage, { endpoint, idOf }: Route): Wire {
  const { strictMessageKeys, requiresToolResultName } = endpoint.model.compat ?? {};
  const content = joined(message.content) || "(see the picture)";
  if (strictMessageKeys) return { role: "user", content: `Result of ${message.toolName}:\n${content}` };
  return {
    role: "tool",
    tool_call_id: idOf(message.toolCallId),
    ...(requiresToolResultName && { name: message.toolName }),
    content,
  };
}

/** Undefined when nothing of the message can be said to this server. */
function assistantMessage(message: AssistantMessage, { endpoint, idOf, thinks }: Route): Wire | undefined {
  const compat = endpoint.model.compat ?? {};
  const sameRoute = isSameRoute(message, endpoint);
  const thinking = sameRoute ? message.content.filter((part): part is ThinkingPart => part.type === "thinking") : [];
  const thought = thinking.map((part) => part.thinking).join("\n");
  const said = joined(message.content.filter((part) => part.type === "text"));
  const content =
    compat.requiresThinkingAsText && thought ? [`<thinking>\n${thought}\n</thinking>`, said].join("\n") : said;
  if (compat.strictMessageKeys) return content ? { role: "assistant", content } : undefined;

  const calls = message.content.filter((part): part is ToolCallPart => part.type === "toolCall");
  if (!content && calls.length === 0) return undefined;
  return {
    role: "assistant",
    content: content || (compat.requiresStringContent ? "" : null),
    ...detailsReplay(thinking),
    ...reasoningReplay(endpoint, { thought, called: calls.length > 0, thinks }),
    ...(calls.length > 0 && { tool_calls: calls.map((call) => wireCall(call, idOf(call.id), sameRoute)) }),
  };
}

/** What a router gave with proofs goes back to it word for word. */
function detailsReplay(thinking: readonly ThinkingPart[]): Record<string, unknown> {
  const details = thinking.flatMap((part) => detailsIn(part.thinkingSignature) ?? []);
  return details.length > 0 ? { reasoning_details: details } : {};
}

/** DeepSeek and Kimi want to see again what they thought before they called a tool, Z.AI when it was told to keep it. */
function reasoningReplay(
  { model: { compat = {} }, params }: Endpoint,
  { thought, called, thinks }: { readonly thought: string; readonly called: boolean; readonly thinks: boolean },
): Record<string, string> {
  if (compat.requiresReasoningContentOnAssistantMessages) return { reasoning_content: thought };
  const { thinkingFormat } = compat;
  if (thinkingFormat === "zai")
    return params?.["preserveThinking"] === true && thought ? { reasoning_content: thought } : {};
  const replays = (thinkingFormat === "deepseek" && thinks) || thinkingFormat === "moonshot";
  return replays && called ? { reasoning_content: thought } : {};
}

function wireCall(call: ToolCallPart, id: string, sameRoute: boolean) {
  return {
    id,
    type: "function",
    function: { name: call.name, arguments: JSON.stringify(call.arguments) },
    // Gemini refuses a conversation whose calls come back without its signature.
    ...(sameRoute &&
      call.thoughtSignature && { extra_content: { google: { thought_signature: call.thoughtSignature } } }),
  };
}
