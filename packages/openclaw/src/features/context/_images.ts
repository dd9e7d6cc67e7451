/** Pictures of older turns make place in what the model is shown: they weigh much and have been looked at. */
import type { ImagePart, Message, TextPart } from "../../contracts/message.ts";

/** Completed turns whose pictures stay, besides the turn under way. */
const KEPT_TURNS = 3;
const MARK: TextPart = { type: "text", text: "[picture left out here: it was shown earlier in the conversation]" };

/** What a message is without its pictures, once made. */
const without = new WeakMap<Message, Message>();

export function withoutOldImages(messages: readonly Message[]): readonly Message[] {
  let turns = 0;
  let end = messages.length;
  while (end > 0 && turns <= KEPT_TURNS) {
    end -= 1;
    if (messages[end]!.role === "user") turns += 1;
  }
  if (turns <= KEPT_TURNS || !messages.slice(0, end).some(hasImages)) return messages;
  return messages.map((message, at) => (at < end && hasImages(message) ? stripped(message) : message));
}

function hasImages({ content }: Message): boolean {
  return typeof content !== "string" && content.some(({ type }) => type === "image");
}

function stripped(message: Message): Message {
  let plain = without.get(message);
  if (plain === undefined) {
    const content = (message.content as readonly (TextPart | ImagePart)[]).map((part) =>
      part.type === "image" ? MARK : part,
    );
    without.set(message, (plain = { ...message, content } as Message));
  }
  return plain;
}
