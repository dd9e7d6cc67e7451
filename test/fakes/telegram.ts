/**
 * A FAKE of the Telegram Bot API on the loopback address, for tests. Written from the public protocol
 * (https://core.telegram.org/bots/api), not from our client: updates stay until a higher offset confirms
 * them, a second poll ends the first with 409, texts are measured after their markup is taken out.
 * What it does not know it refuses, and remembers in `complaints`.
 */
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { FakeChats, type ReceivedFile } from "./_telegram-chats.ts";
import { TelegramMarkupError, telegramText } from "./_telegram-html.ts";

export interface TelegramCall {
  readonly method: string;
  readonly params: Readonly<Record<string, unknown>>;
}

export interface SentMessage {
  readonly messageId: number;
  readonly chat: string;
  /** As people see it. */
  readonly text: string;
  readonly params: Readonly<Record<string, unknown>>;
  readonly file?: ReceivedFile;
}

export interface Refusal {
  readonly error_code: number;
  readonly description: string;
  readonly parameters?: { readonly retry_after?: number };
}

/** What happens to one call before it is answered. */
export type Mishap = Refusal | "drop-before" | "drop-after" | "garbage" | undefined;

export interface InjectOptions {
  readonly chat: number;
  readonly text?: string;
  readonly more?: Readonly<Record<string, unknown>>;
}

type Update = { readonly update_id: number } & Readonly<Record<string, unknown>>;

interface Poll {
  readonly offset: number;
  readonly limit: number;
  answer(status: number, body: unknown): void;
  timer: NodeJS.Timeout;
}

const BOT = {
  id: 4242,
  is_bot: true,
  first_name: "Fake",
  username: "fake_bot",
  can_join_groups: true,
  can_read_all_group_messages: false,
  supports_inline_queries: false,
};

export class FakeTelegram {
  token = "4242:fake-token-of-the-test-suite-000000";
  readonly calls: TelegramCall[] = [];
  /** What stands in the chats. */
  readonly chats = new FakeChats();
  readonly sent = this.chats.sent;
  /** Breaches of the protocol by the client; a test should find none. */
  readonly complaints: string[] = [];
  /** Decides what goes wrong with a call. */
  mishap: (call: TelegramCall) => Mishap = () => undefined;
  webhook = "";
  /** The bot's menu, as the app shows it; undefined before it was ever set. */
  menu: readonly { readonly command: string; readonly description: string }[] | undefined;
  /** What the file server has, by file id. */
  readonly files = new Map<string, { readonly path: string; readonly data: Uint8Array; readonly type: string }>();
  /** Downloads of files, by path. */
  readonly downloads: string[] = [];
  /** Taps that the bot has answered, by their id. */
  readonly answeredTaps: string[] = [];
  #nextTap = 1;
  #updates: Update[] = [];
  #nextUpdate = 1000;
  #nextMessage = 1;
  #poll: Poll | undefined;
  readonly #server = createServer((request, response) => void this.#serve(request, response));

  static async start(): Promise<FakeTelegram> {
    const fake = new FakeTelegram();
    await new Promise<void>((resolve) => fake.#server.listen(0, "127.0.0.1", resolve));
    return fake;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** Updates that the bot has not confirmed. */
  get unconfirmed(): number {
    return this.#updates.length;
  }

  get polling(): boolean {
    return this.#poll !== undefined;
  }

  /** Somebody writes to the bot. */
  inject({ chat, text, more }: InjectOptions): { updateId: number; messageId: number } {
    const messageId = this.#nextMessage++;
    const from = { id: Math.abs(chat), is_bot: false, first_name: "Ada", username: `Ada${Math.abs(chat)}` };
    const place =
      chat > 0 ? { id: chat, type: "private", first_name: "Ada" } : { id: chat, type: "supergroup", title: "Group" };
    return {
      updateId: this.injectUpdate({
        message: {
          message_id: messageId,
          date: Math.floor(Date.now() / 1000),
          from,
          chat: place,
          ...(text === undefined ? {} : { text }),
          ...more,
        },
      }),
      messageId,
    };
  }

  /** A file on the server; `sentAs` is the field of a message that holds it, as the protocol has it. */
  upload(data: Uint8Array, { path = "documents/file_1", type = "application/octet-stream" } = {}): string {
    const id = `file-${this.files.size + 1}`;
    this.files.set(id, { path: `${path}_${this.files.size}`, data, type });
    return id;
  }

  /** Somebody taps the button with this label below the newest message of the chat that has one. */
  tap(chat: number, label: string): string {
    const below = this.sent.findLast((message) => message.chat === String(chat) && buttonsOf(message).length > 0);
    const button = below && buttonsOf(below).find(({ text }) => text === label);
    if (!below || !button) throw new Error(`there is no button "${label}" in chat ${chat}`);
    const id = `${this.#nextTap++}`;
    this.injectUpdate({
      callback_query: {
        id,
        chat_instance: "1",
        from: { id: Math.abs(chat), is_bot: false, first_name: "Ada", username: `Ada${Math.abs(chat)}` },
        message: {
          message_id: below.messageId,
          date: Math.floor(Date.now() / 1000),
          chat: { id: chat, type: "private", first_name: "Ada" },
          from: BOT,
          text: below.text,
        },
        data: button.callback_data,
      },
    });
    return id;
  }

  injectUpdate(content: Readonly<Record<string, unknown>>): number {
    const update = { update_id: this.#nextUpdate++, ...content };
    this.#updates.push(update);
    this.#flush();
    return update.update_id;
  }

  async stop(): Promise<void> {
    if (this.#poll) clearTimeout(this.#poll.timer);
    this.#server.closeAllConnections();
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await readAll(request);
    const answer = (status: number, value: unknown) => {
      if (!response.writableEnded)
        response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(value));
    };
    const refuse = ({ error_code, description, parameters }: Refusal) =>
      answer(error_code, { ok: false, error_code, description, ...(parameters ? { parameters } : {}) });
    if (this.#serveFile(request.url ?? "", response)) return;
    const [, token, method] = /^\/bot([^/]+)\/(\w+)$/.exec(request.url ?? "") ?? [];
    if (token === undefined || method === undefined) {
      this.complaints.push(`unknown path ${request.url}`);
      return refuse({ error_code: 404, description: "Not Found" });
    }
    if (token !== this.token) return refuse({ error_code: 401, description: "Unauthorized" });
    const params = await this.#params(request, body);
    if (!params) return refuse({ error_code: 400, description: "Bad Request: can't parse the body" });
    const call = { method, params };
    this.calls.push(call);
    const mishap = this.mishap(call);
    if (mishap === "drop-before") return void request.socket.destroy();
    if (mishap === "garbage")
      return void response.writeHead(502, { "content-type": "text/html" }).end("<html>Bad Gateway</html>");
    if (typeof mishap === "object") return refuse(mishap);
    if (method === "getUpdates") return this.#getUpdates(params, response, answer);
    const result = this.#result(call);
    if (mishap === "drop-after") return void request.socket.destroy();
    if ("error_code" in result) return refuse(result);
    answer(200, { ok: true, result: result.value });
  }

  /** The file server: plain GET below the token, no JSON. */
  #serveFile(url: string, response: ServerResponse): boolean {
    const [, token, path] = /^\/file\/bot([^/]+)\/(.+)$/.exec(url) ?? [];
    if (token === undefined || path === undefined) return false;
    const file = [...this.files.values()].find((one) => one.path === decodeURIComponent(path));
    const mishap = this.mishap({ method: "file", params: { path } });
    this.downloads.push(decodeURIComponent(path));
    if (mishap === "drop-after") {
      response.writeHead(200, { "content-length": String(file?.data.length ?? 10) });
      response.write(file?.data.subarray(0, file.data.length / 2) ?? "x");
      setTimeout(() => response.destroy(), 20);
    } else if (token !== this.token || !file) response.writeHead(404).end();
    else response.writeHead(200, { "content-type": file.type }).end(file.data);
    return true;
  }

  async #params(request: IncomingMessage, body: Buffer): Promise<Readonly<Record<string, unknown>> | undefined> {
    if (body.length === 0) return {};
    const type = request.headers["content-type"] ?? "";
    if (/^multipart\/form-data\b/.test(type)) return this.#form(type, body);
    if (!/^application\/json\b/.test(type)) {
      this.complaints.push(`content type ${type}`);
      return undefined;
    }
    try {
      return JSON.parse(body.toString("utf8"));
    } catch {
      this.complaints.push("a body that is not JSON");
      return undefined;
    }
  }

  /** A form with files; other values than texts stand in it as JSON. */
  async #form(type: string, body: Buffer): Promise<Readonly<Record<string, unknown>>> {
    const form = await new Response(new Uint8Array(body), { headers: { "content-type": type } }).formData();
    return Object.fromEntries(
      [...form.entries()].map(([name, value]) => [
        name,
        typeof value === "string" && /^[[{]/.test(value) ? JSON.parse(value) : value,
      ]),
    );
  }

  #getUpdates(params: Readonly<Record<string, unknown>>, response: ServerResponse, answer: Poll["answer"]): void {
    const conflict = (description: string) => ({ ok: false, error_code: 409, description: `Conflict: ${description}` });
    if (this.webhook !== "")
      return answer(
        409,
        conflict("can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"),
      );
    const offset = Number(params["offset"] ?? 0);
    if (offset > 0) this.#updates = this.#updates.filter(({ update_id }) => update_id >= offset);
    if (this.#poll) {
      clearTimeout(this.#poll.timer);
      this.#poll.answer(
        409,
        conflict("terminated by other getUpdates request; make sure that only one bot instance is running"),
      );
    }
    const poll: Poll = {
      offset,
      limit: Math.min(100, Number(params["limit"] ?? 100)),
      answer,
      timer: setTimeout(() => this.#endPoll(poll, []), Number(params["timeout"] ?? 0) * 1000),
    };
    this.#poll = poll;
    response.on("close", () => {
      if (this.#poll === poll) this.#poll = undefined;
      clearTimeout(poll.timer);
    });
    this.#flush();
  }

  #flush(): void {
    const poll = this.#poll;
    const ready = poll ? this.#updates.filter(({ update_id }) => update_id >= poll.offset).slice(0, poll.limit) : [];
    if (poll && ready.length > 0) this.#endPoll(poll, ready);
  }

  #endPoll(poll: Poll, updates: readonly Update[]): void {
    if (this.#poll === poll) this.#poll = undefined;
    clearTimeout(poll.timer);
    poll.answer(200, { ok: true, result: updates });
  }

  #result({ method, params }: TelegramCall): Refusal | { readonly value: unknown } {
    switch (method) {
      case "getMe":
        return { value: BOT };
      case "deleteWebhook":
        this.webhook = "";
        return { value: true };
      case "getWebhookInfo":
        return {
          value: { url: this.webhook, has_custom_certificate: false, pending_update_count: this.#updates.length },
        };
      case "sendChatAction":
        return /^(typing|upload_photo|record_voice|upload_document)$/.test(String(params["action"]))
          ? { value: true }
          : { error_code: 400, description: "Bad Request: wrong parameter action in request" };
      case "setMyCommands":
        return this.#setMyCommands(params["commands"]);
      case "deleteMyCommands":
        this.menu = [];
        return { value: true };
      case "answerCallbackQuery":
        this.answeredTaps.push(String(params["callback_query_id"]));
        return { value: true };
      case "getFile":
        return this.#getFile(String(params["file_id"] ?? ""));
      case "sendMessage":
        return this.#sendMessage(params);
      default:
        if (this.chats.handles(method)) return this.chats.handle(method, params, () => this.#nextMessage++);
        this.complaints.push(`unknown method ${method}`);
        return { error_code: 404, description: "Not Found: method not found" };
    }
  }

  #getFile(id: string): Refusal | { readonly value: unknown } {
    const file = this.files.get(id);
    if (!file) return { error_code: 400, description: "Bad Request: invalid file_id" };
    if (file.data.length > 20 * 1024 * 1024) return { error_code: 400, description: "Bad Request: file is too big" };
    return { value: { file_id: id, file_unique_id: `u${id}`, file_size: file.data.length, file_path: file.path } };
  }

  #setMyCommands(given: unknown): Refusal | { readonly value: unknown } {
    const commands = Array.isArray(given) ? (given as { command?: unknown; description?: unknown }[]) : [];
    if (commands.length > 100) return { error_code: 400, description: "Bad Request: BOT_COMMANDS_TOO_MUCH" };
    for (const { command, description } of commands) {
      if (typeof command !== "string" || !/^[a-z0-9_]{1,32}$/.test(command))
        return { error_code: 400, description: "Bad Request: BOT_COMMAND_INVALID" };
      if (typeof description !== "string" || description === "" || description.length > 256)
        return { error_code: 400, description: "Bad Request: BOT_COMMAND_DESCRIPTION_INVALID" };
    }
    this.menu = commands as { command: string; description: string }[];
    return { value: true };
  }

  #sendMessage(params: Readonly<Record<string, unknown>>): Refusal | { readonly value: unknown } {
    const chat = String(params["chat_id"] ?? "");
    if (!/^-?\d+$/.test(chat)) return { error_code: 400, description: "Bad Request: chat not found" };
    let text = String(params["text"] ?? "");
    try {
      if (params["parse_mode"] === "HTML") text = telegramText(text);
      else if (params["parse_mode"] !== undefined)
        return { error_code: 400, description: "Bad Request: unsupported parse_mode" };
    } catch (error) {
      if (!(error instanceof TelegramMarkupError)) throw error;
      return { error_code: 400, description: `Bad Request: can't parse entities: ${error.message}` };
    }
    if (text.trim() === "") return { error_code: 400, description: "Bad Request: message text is empty" };
    if (text.length > 4096) return { error_code: 400, description: "Bad Request: message is too long" };
    const badButton = buttonsOf({ params }).some(
      ({ text: label, callback_data }) => label === "" || Buffer.byteLength(callback_data) > 64 || callback_data === "",
    );
    if (badButton) return { error_code: 400, description: "Bad Request: BUTTON_DATA_INVALID" };
    const messageId = this.#nextMessage++;
    this.chats.add({ messageId, chat, text: text.trim(), params });
    return {
      value: {
        message_id: messageId,
        date: Math.floor(Date.now() / 1000),
        chat: { id: Number(chat), type: "private" },
        from: BOT,
        text,
      },
    };
  }
}

interface FakeButton {
  readonly text: string;
  readonly callback_data: string;
}

/** Buttons below a message, in reading order. */
export function buttonsOf({ params }: Pick<SentMessage, "params">): readonly FakeButton[] {
  const markup = params["reply_markup"] as { inline_keyboard?: FakeButton[][] } | undefined;
  return (markup?.inline_keyboard ?? []).flat();
}

async function readAll(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}
