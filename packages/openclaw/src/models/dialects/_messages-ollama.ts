/** The conversation as messages of `/api/chat`. */
import type {
  AssistantMessage,
  DocumentPart,
  ImagePart,
  TextPart,
  ThinkingPart,
  ToolCallPart,
  ToolResultMessage,
} from "../../contracts/message.ts";
import type { Endpoint, ModelRequest } from "../../contracts/model.ts";
import { shownTo } from "./_shown.ts";

interface Wire {
  readonly role: string;
  readonly [key: string]: unknown;
}

export function ollamaMessages({ endpoint, messages }: ModelRequest): Wire[] {
  return messages.flatMap((message): Wire[] => {
    switch (message.role) {
      case "user":
        return [{ role: "user", ...shown(message.content, endpoint) }];
      case "assistant":
        return assistantMessage(message, endpoint);
      case "toolResult":
        return [resultMessage(message, endpoint)];
    }
  });
}

/** Texts in one, pictures beside them as bare base64. */
function shown(content: string | readonly (TextPart | ImagePart | DocumentPart)[], endpoint: Endpoint) {
  // The protocol has no word for documents, whatever stands behind it.
  const { documents: _, ...without } = endpoint;
  const parts = shownTo(without, content);
  const texts = parts.flatMap((part) => (part.type === "text" ? [part.text] : []));
  const images = parts.flatMap((part) => (part.type === "image" ? [part.data] : []));
  return { content: texts.join("\n"), ...(images.length > 0 && { images }) };
}

/** Results are matched to calls by the tool's name and their order. */
function resultMessage(message: ToolResultMessage, endpoint: Endpoint): Wire {
  return { role: "tool", ...shown(message.content, endpoint), tool_name: message.toolName };
}

function assistantMessage(message: AssistantMessage, endpoint: Endpoint): Wire[] {
  const sameRoute = message.provider === endpoint.provider && message.api === endpoint.api;
  const calls = message.content.filter((part): part is ToolCallPart => part.type === "toolCall");
  const thinking = message.content.filter((part): part is ThinkingPart => part.type === "thinking");
  const content = message.content.flatMap((part) => (part.type === "text" ? [part.text] : [])).join("\n");
  return [
    {
      role: "assistant",
      content,
      ...(sameRoute &&
        calls.length > 0 &&
        thinking.length > 0 && { thinking: thinking.map((part) => part.thinking).join("\n") }),
      ...(calls.length > 0 && {
        tool_calls: calls.map((call) => ({ function: { name: call.name, arguments: call.arguments } })),
      }),
    },
  ];
}
