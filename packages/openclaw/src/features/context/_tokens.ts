/**
 * How much of a window something takes. Without the model's own tokenizer: a quarter of the UTF-8 bytes, which
 * errs on the high side for prose in any script; a picture counts 1,500.
 */
import type { Message } from "../../contracts/message.ts";
import type { SystemBlock, ToolSchema } from "../../contracts/model.ts";

const IMAGE_TOKENS = 1500;
/** Roles, ids and separators of one message. */
const FRAME_TOKENS = 4;

const known = new WeakMap<object, number>();

function remembered(of: object, count: () => number): number {
  let tokens = known.get(of);
  if (tokens === undefined) known.set(of, (tokens = count()));
  return tokens;
}

export function textTokens(text: string): number {
  return Math.ceil(Buffer.byteLength(text) / 4);
}

/** Counted once for each message. */
export function messageTokens(message: Message): number {
  return remembered(message, () => {
    if (typeof message.content === "string") return textTokens(message.content) + FRAME_TOKENS;
    let tokens = FRAME_TOKENS;
    for (const part of message.content) {
      if (part.type === "text") tokens += textTokens(part.text);
      else if (part.type === "thinking") tokens += textTokens(part.thinking);
      else if (part.type === "toolCall")
        tokens += textTokens(part.name + JSON.stringify(part.arguments)) + FRAME_TOKENS;
      else tokens += IMAGE_TOKENS;
    }
    return tokens;
  });
}

export function totalTokens(messages: readonly Message[]): number {
  let sum = 0;
  for (const message of messages) sum += messageTokens(message);
  return sum;
}

/** What goes along with every request: the prompt and the schemas of the tools. Counted once for each. */
export function fixedTokens(system: readonly SystemBlock[], schemas: readonly ToolSchema[]): number {
  let tokens = 0;
  for (const block of system) tokens += remembered(block, () => textTokens(block.text));
  for (const schema of schemas)
    tokens += remembered(
      schema,
      () => textTokens(schema.name + schema.description) + textTokens(JSON.stringify(schema.parameters)),
    );
  return tokens;
}
