/** The conversation, in order already (`features/context`), as Converse messages: alternating. */
import type {
  AssistantMessage,
  DocumentPart,
  ImagePart,
  TextPart,
  ToolResultMessage,
} from "../../contracts/message.ts";
import type { Endpoint, ModelRequest } from "../../contracts/model.ts";
import { REDACTED } from "./_messages-anthropic.ts";
import { shownTo } from "./_shown.ts";
import { anthropicToolId } from "./_tool-ids.ts";

/** One key says what it is: `text`, `image`, `toolUse` … */
type Block = Readonly<Record<string, unknown>>;
interface Turn {
  readonly role: "user" | "assistant";
  readonly content: Block[];
}

export interface Telling {
  readonly endpoint: Endpoint;
  /** Calls and results go as such; else they are told in words, because the protocol has no calls without tools. */
  readonly tools: boolean;
  /** Stands behind the last question. */
  readonly mark: Block | undefined;
}

export function bedrockMessages({ messages }: Pick<ModelRequest, "messages">, telling: Telling): Turn[] {
  const turns: Turn[] = [];
  for (const message of messages) {
    if (message.role === "assistant") add(turns, "assistant", assistantBlocks(message, telling));
    else if (message.role === "toolResult") add(turns, "user", [resultBlock(message, telling)]);
    else add(turns, "user", userBlocks(message.content, telling.endpoint));
  }
  if (telling.mark) turns.findLast((turn) => turn.role === "user")?.content.push(telling.mark);
  return turns;
}

/** Turns of one role in a row become one. */
function add(turns: Turn[], role: Turn["role"], blocks: readonly Block[]): void {
  const last = turns.at(-1);
  if (last?.role === role) last.content.push(...blocks);
  else turns.push({ role, content: [...blocks] });
}

type Shown = TextPart | ImagePart | DocumentPart;

/** A document must have a text beside it. */
function userBlocks(content: string | readonly Shown[], endpoint: Endpoint): Block[] {
  const blocks = visibleBlocks(content, endpoint);
  const silent = blocks.some((block) => "document" in block) && !blocks.some((block) => "text" in block);
  return silent ? [{ text: "(see the document)" }, ...blocks] : blocks;
}

function visibleBlocks(content: string | readonly Shown[], endpoint: Endpoint): Block[] {
  return shownTo(endpoint, content).flatMap((part, at): Block[] => {
    if (part.type === "text") return [{ text: part.text }];
    const source = { bytes: part.data };
    const format = formatOf(part.mimeType);
    if (part.type === "image") return [{ image: { format: format === "jpg" ? "jpeg" : format, source } }];
    return [{ document: { format, name: documentName(part.name, at), source } }];
  });
}

/** `image/png` → `png`. */
function formatOf(mimeType: string): string {
  return (mimeType.split("/")[1] ?? "").split(/[+;]/)[0] ?? "";
}

/** Letters, digits, single blanks, hyphens, brackets: everything else is refused. */
function documentName(name: string | undefined, at: number): string {
  const plain = (name ?? "")
    .replace(/\.[a-z0-9]{1,5}$/i, "")
    .replace(/[^a-zA-Z0-9()[\]-]+/g, " ")
    .trim();
  return plain.slice(0, 100) || `document ${at + 1}`;
}

function resultBlock(message: ToolResultMessage, { endpoint, tools }: Telling): Block {
  const blocks = visibleBlocks(message.content, endpoint);
  if (!tools) {
    const said = blocks.flatMap((block) => (typeof block["text"] === "string" ? [block["text"]] : []));
    return { text: `[result of ${message.toolName}]\n${said.join("\n") || "(a picture)"}` };
  }
  return {
    toolResult: {
      toolUseId: anthropicToolId(message.toolCallId),
      content: blocks,
      ...(message.isError && { status: "error" }),
    },
  };
}

/** Thoughts go back word for word to whoever signed them, and to nobody else. */
function assistantBlocks(message: AssistantMessage, { endpoint, tools }: Telling): Block[] {
  const sameRoute = message.provider === endpoint.provider && message.api === endpoint.api;
  return message.content.flatMap((part): Block[] => {
    switch (part.type) {
      case "text":
        return [{ text: part.text }];
      case "thinking":
        return sameRoute ? reasoningBlock(part.thinking, part.thinkingSignature) : [];
      case "toolCall":
        if (!tools) return [{ text: `[called ${part.name} with ${JSON.stringify(part.arguments)}]` }];
        return [{ toolUse: { toolUseId: anthropicToolId(part.id), name: part.name, input: part.arguments } }];
    }
  });
}

function reasoningBlock(text: string, signature: string | undefined): Block[] {
  if (!signature?.trim()) return [];
  if (signature.startsWith(REDACTED))
    return [{ reasoningContent: { redactedContent: signature.slice(REDACTED.length) } }];
  return [{ reasoningContent: { reasoningText: { text, signature } } }];
}
