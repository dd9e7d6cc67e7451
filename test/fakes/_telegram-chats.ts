/**
 * FAKE: what stands in the chats of the fake Bot API. Messages can be changed and taken away, drafts come and go, and
 * a message holds one reaction of the bot, out of those that Telegram allows.
 */
import type { Refusal, SentMessage } from "./telegram.ts";
import { TelegramMarkupError, telegramText } from "./_telegram-html.ts";

type Params = Readonly<Record<string, unknown>>;
type Answer = Refusal | { readonly value: unknown };

/** A file as it arrived. */
export interface ReceivedFile {
  readonly method: string;
  readonly name: string;
  readonly bytes: number;
}

export interface Draft {
  readonly chat: string;
  readonly draftId: number;
  readonly text: string;
}

const FILE_FIELDS: Readonly<Record<string, string>> = {
  sendPhoto: "photo",
  sendDocument: "document",
  sendAudio: "audio",
  sendVoice: "voice",
  sendVideo: "video",
};
/** A few of those that Telegram allows. */
const REACTIONS = new Set(["👍", "👎", "❤", "🔥", "👀", "🎉", "🤔", "👌", "🙏", "⚡"]);

export class FakeChats {
  /** Everything that was ever sent, as it looked then. */
  readonly sent: SentMessage[] = [];
  /** Changes of messages, in order. */
  readonly edits: { readonly messageId: number; readonly text: string }[] = [];
  readonly drafts: Draft[] = [];
  readonly #standing = new Map<number, SentMessage>();
  /** The bot's reaction by chat and message. */
  readonly reactions = new Map<string, string>();

  /** What people see in a chat now, oldest first. */
  standing(chat: number | string): readonly SentMessage[] {
    return [...this.#standing.values()].filter((message) => message.chat === String(chat));
  }

  /** Somebody takes a message away in the app. */
  remove(messageId: number): void {
    this.#standing.delete(messageId);
  }

  handles(method: string): boolean {
    return (
      method in FILE_FIELDS ||
      ["editMessageText", "deleteMessage", "sendMessageDraft", "setMessageReaction"].includes(method)
    );
  }

  handle(method: string, params: Params, next: () => number): Answer {
    if (method in FILE_FIELDS) return this.#file(method, params, next);
    if (method === "editMessageText") return this.#edit(params);
    if (method === "deleteMessage") return this.#delete(params);
    return method === "sendMessageDraft" ? this.#draft(params) : this.#react(params);
  }

  add(message: SentMessage): void {
    this.sent.push(message);
    this.#standing.set(message.messageId, message);
  }

  #edit(params: Params): Answer {
    const found = this.#standing.get(Number(params["message_id"]));
    if (!found || found.chat !== String(params["chat_id"])) return refused("message to edit not found");
    const text = readable(params, "text", 4096);
    if (typeof text !== "string") return text;
    if (text === "") return refused("message text is empty");
    if (text === found.text)
      return refused("message is not modified: specified new message content and reply markup are exactly the same");
    this.#standing.set(found.messageId, { ...found, text, params: { ...found.params, ...params } });
    this.edits.push({ messageId: found.messageId, text });
    return { value: { message_id: found.messageId, date: Math.floor(Date.now() / 1000), text } };
  }

  #delete(params: Params): Answer {
    const id = Number(params["message_id"]);
    return this.#standing.delete(id) ? { value: true } : refused("message to delete not found");
  }

  #draft(params: Params): Answer {
    const text = readable(params, "text", 4096);
    if (typeof text !== "string") return text;
    if (!Number.isSafeInteger(params["draft_id"]) || params["draft_id"] === 0) return refused("DRAFT_ID_INVALID");
    this.drafts.push({ chat: String(params["chat_id"]), draftId: Number(params["draft_id"]), text });
    return { value: true };
  }

  #react(params: Params): Answer {
    const [first] = (params["reaction"] ?? []) as { type: string; emoji: string }[];
    const key = `${String(params["chat_id"])}:${String(params["message_id"])}`;
    if (first && !REACTIONS.has(first.emoji)) return refused("REACTION_INVALID");
    if (first) this.reactions.set(key, first.emoji);
    else this.reactions.delete(key);
    return { value: true };
  }

  #file(method: string, params: Params, next: () => number): Answer {
    const reference = /^attach:\/\/(.+)$/.exec(String(params[FILE_FIELDS[method] ?? ""]))?.[1];
    const file = reference === undefined ? undefined : params[reference];
    if (!(file instanceof File)) return refused("there is no file in the request");
    const text = readable(params, "caption", 1024);
    if (typeof text !== "string") return text;
    const messageId = next();
    const chat = String(params["chat_id"]);
    this.add({ messageId, chat, text, params, file: { method, name: file.name, bytes: file.size } });
    return {
      value: { message_id: messageId, date: Math.floor(Date.now() / 1000), chat: { id: Number(chat) }, caption: text },
    };
  }
}

function refused(description: string): Refusal {
  return { error_code: 400, description: `Bad Request: ${description}` };
}

/** The text as people see it, or why it is refused. */
function readable(params: Params, field: string, limit: number): string | Refusal {
  const given = String(params[field] ?? "");
  try {
    const text = (params["parse_mode"] === "HTML" ? telegramText(given) : given).trim();
    return text.length > limit ? refused(`message ${field} is too long`) : text;
  } catch (error) {
    if (!(error instanceof TelegramMarkupError)) throw error;
    return refused(`can't parse entities: ${error.message}`);
  }
}
