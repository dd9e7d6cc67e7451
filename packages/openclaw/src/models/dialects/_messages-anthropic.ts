/** The conversation, in order already (`features/context`), as Messages API turns: alternating. */
import type { AssistantMessage, Message, ToolResultMessage, UserMessage } from "../../contracts/message.ts";
import type { Endpoint, ModelRequest } from "../../contracts/model.ts";
import type { CacheMark } from "./_request-anthropic.ts";
import { wiresFor } from "./_remembered.ts";
import { shownTo } from "./_shown.ts";
import { anthropicToolId } from "./_tool-ids.ts";

/** Stands in a thinking part's signature for a block whose thought the vendor keeps to itself. */
export const REDACTED = "redacted:";

type Block = { readonly type: string; readonly [key: string]: unknown };
interface Turn {
  readonly role: "user" | "assistant";
  readonly content: Block[];
}

export function anthropicMessages(
  request: ModelRequest,
  options: { readonly thinks: boolean; readonly mark: CacheMark },
): Turn[] {
  const { endpoint, messages } = request;
  const wireOf = wiresFor(request);
  const turns: Turn[] = [];
  for (const message of messages) {
    const role = message.role === "assistant" ? "assistant" : "user";
    add(
      turns,
      role,
      wireOf(message, () => blocksOf(message, endpoint)),
    );
  }
  // With thinking on, the vendor refuses an answer that somebody else has begun.
  if (options.thinks && turns.at(-1)?.role === "assistant") turns.pop();
  markLastUserTurn(turns, options.mark);
  return turns;
}

function blocksOf(message: Message, endpoint: Endpoint): readonly Block[] {
  if (message.role === "assistant") return assistantBlocks(message, endpoint);
  return message.role === "toolResult" ? [resultBlock(message, endpoint)] : visibleBlocks(message.content, endpoint);
}

/** Turns of one role in a row become one. */
function add(turns: Turn[], role: Turn["role"], blocks: readonly Block[]): void {
  const last = turns.at(-1);
  if (last?.role === role) last.content.push(...blocks);
  else turns.push({ role, content: [...blocks] });
}

function markLastUserTurn(turns: readonly Turn[], mark: CacheMark): void {
  const content = turns.findLast((turn) => turn.role === "user")?.content;
  const last = content?.at(-1);
  if (content && last && mark) content[content.length - 1] = { ...last, ...mark };
}

function textBlock(text: string): Block {
  return { type: "text", text };
}

function visibleBlocks(content: UserMessage["content"], endpoint: Endpoint): Block[] {
  return shownTo(endpoint, content).flatMap((part): Block[] => {
    if (part.type === "text") return [textBlock(part.text)];
    const source = { type: "base64", media_type: part.mimeType, data: part.data };
    if (part.type === "image") return [{ type: "image", source }];
    return [{ type: "document", source, ...(part.name === undefined ? {} : { title: part.name }) }];
  });
}

function resultBlock(message: ToolResultMessage, endpoint: Endpoint): Block {
  const blocks = visibleBlocks(message.content, endpoint);
  const [only] = blocks;
  const content = blocks.length === 1 && only?.type === "text" ? only["text"] : blocks;
  return {
    type: "tool_result",
    tool_use_id: anthropicToolId(message.toolCallId),
    content,
    ...(message.isError && { is_error: true }),
  };
}

/** Thoughts go back word for word to whoever signed them, and to nobody else. */
function assistantBlocks(message: AssistantMessage, endpoint: Endpoint): Block[] {
  const sameRoute = message.provider === endpoint.provider && message.api === endpoint.api;
  return message.content.flatMap((part): Block[] => {
    switch (part.type) {
      case "text":
        return [textBlock(part.text)];
      case "thinking":
        return sameRoute ? thinkingBlock(part.thinking, part.thinkingSignature) : [];
      case "toolCall":
        return [{ type: "tool_use", id: anthropicToolId(part.id), name: part.name, input: part.arguments }];
    }
  });
}

function thinkingBlock(thinking: string, signature: string | undefined): Block[] {
  if (!signature?.trim()) return [];
  if (signature.startsWith(REDACTED)) return [{ type: "redacted_thinking", data: signature.slice(REDACTED.length) }];
  return [{ type: "thinking", thinking, signature }];
}
