/** Receiving: long polling with an offset that moves only behind messages that are stored. */
import type { Update } from "grammy/types";
import { ChannelError, type ChannelLink, type Envelope } from "openclaw/sdk";
import { POLL_SECONDS, type BotApi } from "./_api.ts";
import { UPDATES, albumOf, asAlbum, toEnvelope } from "./_decode.ts";
import { toChannelError } from "./_errors.ts";

export interface ReceiveContext {
  readonly api: BotApi;
  readonly token: string;
  readonly link: ChannelLink;
  readonly account: string;
  /** The bot's own id: a cursor of another bot is worth nothing. */
  readonly bot: number;
}

const MEMORY = "cursor";
const ALBUM_MS = 400;
/** After a week without updates the server may start its numbers anew, so that an old offset would skip messages. */
const CURSOR_LIFE_MS = 6 * 86_400_000;

/**
 * One poll at a time: asks for updates from the cursor on (which tells the server that everything
 * before it was received), hands them over, and moves the cursor behind those that are stored.
 */
export class Receiver {
  readonly #context: ReceiveContext;
  #offset: number | undefined;
  #movedAt = 0;
  #webhookGone = false;
  /** After a failure the next poll is short, so that it is soon known whether all is well again. */
  #troubled = false;

  private constructor(context: ReceiveContext) {
    this.#context = context;
  }

  static async resume(context: ReceiveContext): Promise<Receiver> {
    const receiver = new Receiver(context);
    const saved = parseCursor(await context.link.memory.get(MEMORY));
    if (saved?.bot === context.bot) {
      receiver.#offset = saved.offset;
      receiver.#movedAt = saved.at;
    }
    return receiver;
  }

  async poll(signal: AbortSignal): Promise<void> {
    const { api, token, link } = this.#context;
    await this.#removeWebhook(signal);
    const offset = link.clock.now() - this.#movedAt < CURSOR_LIFE_MS ? this.#offset : undefined;
    const timeout = this.#troubled ? 1 : POLL_SECONDS;
    let updates: Update[];
    this.#troubled = true;
    try {
      const asked = { limit: 100, allowed_updates: UPDATES, ...(offset === undefined ? {} : { offset }) };
      updates = await api.getUpdates({ ...asked, timeout }, signal as never);
      if (endsInAlbum(updates)) {
        // The rest of an album comes a moment later; what is not confirmed comes again with it.
        await link.clock.sleep(ALBUM_MS, signal);
        updates = await api.getUpdates({ ...asked, timeout: 0 }, signal as never);
      }
    } catch (thrown) {
      const error = toChannelError(thrown, "getUpdates", token);
      if (/webhook/i.test(error.message)) this.#webhookGone = false;
      throw error;
    }
    if (updates.length > 0 && !signal.aborted) await this.#take(updates);
    this.#troubled = false;
  }

  /** Chats side by side, the messages of one chat in their order. */
  async #take(updates: readonly Update[]): Promise<void> {
    const chats = Map.groupBy(updates, chatOf);
    const failures = (await Promise.all([...chats.values()].map((chat) => this.#takeChat(chat)))).filter(
      (failure) => failure !== undefined,
    );
    const next =
      failures.length > 0 ? Math.min(...failures.map(({ update }) => update)) : (updates.at(-1)?.update_id ?? 0) + 1;
    await this.#move(next);
    if (failures[0])
      throw new ChannelError({
        kind: "network",
        message: "A message could not be stored; Telegram will deliver it again.",
        cause: failures[0].cause,
      });
  }

  /** The first update of the chat that could not be stored; what follows it is left for later. */
  async #takeChat(updates: readonly Update[]): Promise<{ update: number; cause: unknown } | undefined> {
    const { account, link } = this.#context;
    for (const together of albums(updates)) {
      const envelopes: Envelope[] = [];
      for (const update of together) {
        const decoded = toEnvelope(update, account);
        if ("envelope" in decoded) envelopes.push(decoded.envelope);
        else link.log.debug(`skipping update: ${decoded.skipped}`, { update: update.update_id });
        this.#acknowledgeTap(update);
      }
      const envelope = asAlbum(envelopes);
      try {
        if (envelope) await link.inbound(envelope);
      } catch (cause) {
        return { update: together[0]?.update_id ?? 0, cause };
      }
    }
    return undefined;
  }

  /** The app shows a tap as pending until it is answered. Best effort: it stops by itself after a while. */
  #acknowledgeTap({ callback_query: tap }: Update): void {
    if (tap === undefined) return;
    const { api, link, token } = this.#context;
    api
      .answerCallbackQuery({ callback_query_id: tap.id }, link.signal as never)
      .catch((error: unknown) => link.log.debug(toChannelError(error, "answerCallbackQuery", token).message));
  }

  async #move(offset: number): Promise<void> {
    const { bot, link } = this.#context;
    const at = link.clock.now();
    await link.memory.set(MEMORY, JSON.stringify({ bot, offset, at }));
    this.#offset = offset;
    this.#movedAt = at;
  }

  /** A webhook keeps polls from working. Where it cannot be removed but none is set, all is well. */
  async #removeWebhook(signal: AbortSignal): Promise<void> {
    if (this.#webhookGone) return;
    const { api, token } = this.#context;
    try {
      await api.deleteWebhook({}, signal as never);
    } catch (thrown) {
      const error = toChannelError(thrown, "deleteWebhook", token);
      if (error.kind === "auth") throw error;
      const { url } = await api.getWebhookInfo(signal as never).catch((cause: unknown) => {
        throw toChannelError(cause, "getWebhookInfo", token);
      });
      if (url !== undefined && url !== "") throw error;
    }
    this.#webhookGone = true;
  }
}

/** Runs of updates that are one message: an album is sent as a message for each picture. */
function albums(updates: readonly Update[]): readonly (readonly Update[])[] {
  const groups: Update[][] = [];
  for (const update of updates) {
    const last = groups.at(-1);
    const album = albumOf(update);
    if (last?.[0] && album !== undefined && albumOf(last[0]) === album) last.push(update);
    else groups.push([update]);
  }
  return groups;
}

function endsInAlbum(updates: readonly Update[]): boolean {
  const last = updates.at(-1);
  return last !== undefined && updates.length < 100 && albumOf(last) !== undefined;
}

function chatOf({ message, callback_query: tap }: Update): number | undefined {
  return (message ?? tap?.message)?.chat.id;
}

function parseCursor(text: string | undefined): { bot: number; offset: number; at: number } | undefined {
  if (text === undefined) return undefined;
  try {
    const { bot, offset, at } = JSON.parse(text);
    return [bot, offset, at].every(Number.isSafeInteger) ? { bot, offset, at } : undefined;
  } catch {
    return undefined;
  }
}
