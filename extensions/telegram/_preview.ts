/**
 * Answers that are shown while they are written. With `streaming`, as a message that is changed; otherwise, in topics
 * of private chats, as a draft, which the server forgets by itself.
 */
import type { ChannelPreview, Previewed, ReplyRoute } from "openclaw/sdk";
import type { PreviewSettings } from "./_accounts.ts";
import { messageNumber, nativeId } from "./_decode.ts";
import { says, toChannelError } from "./_errors.ts";
import { inBoth, render, replyOf, threadOf } from "./_render.ts";
import type { SendContext } from "./_send.ts";

/** Between changes of one message: Telegram limits groups more. */
const PRIVATE_MS = 1000;
const GROUP_MS = 3000;

export function preview(
  context: SendContext,
  settings: PreviewSettings,
  route: ReplyRoute,
  begun: Previewed | undefined,
): ChannelPreview | undefined {
  const { kind, chunk } = settings;
  const { message_thread_id: thread } = threadOf(route);
  if (kind === "off" || (kind === "draft" && (route.address.kind !== "direct" || thread === undefined)))
    return undefined;
  const show = kind === "draft" ? draft(context, route) : message(context, settings, route, begun);
  return {
    everyMs: route.address.kind === "direct" ? PRIVATE_MS : GROUP_MS,
    ...(chunk === undefined ? {} : { chunk }),
    show: async (markdown) => {
      context.gate.check(route.address.chat);
      try {
        return await show(markdown);
      } catch (thrown) {
        const error = toChannelError(thrown, "preview", context.token);
        if (error.kind === "rate_limit") context.gate.limited(route.address.chat, error.retryAfterMs ?? 1000);
        throw error;
      }
    },
  };
}

type Show = (markdown: string) => Promise<Previewed | undefined>;

function message(
  { api, clock, linkPreview, signal }: SendContext,
  { quotes }: PreviewSettings,
  route: ReplyRoute,
  begun: Previewed | undefined,
): Show {
  let shown = begun;
  const looks = linkPreview ? {} : { link_preview_options: { is_disabled: true } };
  const { chat } = route.address;
  return async (markdown) => {
    const rendered = render({ text: markdown, maybeRepeated: false });
    const id = messageNumber(shown?.nativeId);
    if (id === undefined) {
      const base = { chat_id: chat, ...threadOf(route), ...(quotes ? replyOf(route) : {}), ...looks };
      const sent = await inBoth(rendered, (text) => api.sendMessage({ ...base, ...text }, signal as never));
      shown = { nativeId: nativeId(chat, sent.message_id), at: clock.now() };
      return shown;
    }
    try {
      const base = { chat_id: chat, message_id: id, ...looks };
      await inBoth(rendered, (text) => api.editMessageText({ ...base, ...text }, signal as never));
    } catch (error) {
      if (!says(error, /message is not modified/i)) throw error;
    }
    return shown;
  };
}

function draft({ api, clock, signal }: SendContext, route: ReplyRoute): Show {
  // Any number but 0; the same for the whole answer.
  const draftId = (clock.now() % 2_000_000_000) + 1;
  const base = { chat_id: Number(route.address.chat), draft_id: draftId, ...threadOf(route) };
  return async (markdown) => {
    await inBoth(render({ text: markdown, maybeRepeated: false }), (text) =>
      api.sendMessageDraft({ ...base, ...text }, signal as never),
    );
    return undefined;
  };
}
