/** A conversation as text for a model that summarises it: data in a frame that the data cannot close. */
import { elide } from "../../../base/text.ts";
import { textOf } from "../../../contracts/message.ts";
import type { Message } from "../../../contracts/message.ts";
import { textTokens } from "../_tokens.ts";

/** Characters of each kind of message that are told. */
interface Lengths {
  readonly said: number;
  readonly result: number;
  readonly arguments: number;
}

const FULL: Lengths = { said: 12_000, result: 2000, arguments: 1000 };

/** One message as lines; empty for one that says nothing. */
function lineOf(message: Message, scale = 1): string {
  const max = (length: number) => Math.max(200, Math.floor(length * scale));
  switch (message.role) {
    case "user":
      return labelled("user", elide(textOf(message), max(FULL.said)) + pictures(message));
    case "toolResult": {
      const label = `result of ${message.toolName}${message.isError ? ", failed" : ""}`;
      return labelled(label, elide(textOf(message), max(FULL.result)) + pictures(message));
    }
    case "assistant": {
      const said = labelled("assistant", elide(textOf(message), max(FULL.said)));
      const calls = message.content.flatMap((part) =>
        part.type === "toolCall"
          ? [labelled(`assistant calls ${part.name}`, elide(JSON.stringify(part.arguments), max(FULL.arguments)))]
          : [],
      );
      return [said, ...calls].filter((line) => line !== "").join("\n\n");
    }
  }
}

function labelled(label: string, text: string): string {
  return text.trim() === "" ? "" : `[${label}]\n${text}`;
}

function pictures({ content }: Message): string {
  const count = typeof content === "string" ? 0 : content.filter(({ type }) => type === "image").length;
  return count === 0 ? "" : `\n(${count} ${count === 1 ? "picture" : "pictures"})`;
}

const FRAMES = /<(\/?(?:conversation|record|turn|part-\d+))/gi;

/** Text in an element whose end stands nowhere in it: `conversation`, `record`, `turn`, `part-1`. */
export function framed(name: string, text: string): string {
  const safe = text.replace(FRAMES, "‹$1");
  return `<${name}>\n${safe}\n</${name}>`;
}

/**
 * Pieces of at most `maxTokens`, in order, cut between messages. A message that is longer by itself is told
 * shortened.
 */
export function piecesOf(messages: readonly Message[], maxTokens: number): string[] {
  const pieces: string[] = [];
  let lines: string[] = [];
  let tokens = 0;
  for (const message of messages) {
    const line = fitted(message, maxTokens);
    if (line === "") continue;
    const cost = textTokens(line) + 2;
    if (tokens + cost > maxTokens && lines.length > 0) {
      pieces.push(lines.join("\n\n"));
      lines = [];
      tokens = 0;
    }
    lines.push(line);
    tokens += cost;
  }
  if (lines.length > 0) pieces.push(lines.join("\n\n"));
  return pieces;
}

const LARGEST_SHARE = 0.5;

function fitted(message: Message, maxTokens: number): string {
  for (let scale = 1; scale > 1 / 64; scale /= 2) {
    const line = lineOf(message, scale);
    if (textTokens(line) <= maxTokens * LARGEST_SHARE) return line;
  }
  return `[${message.role}]\n(left out: too long to be told here)`;
}
