/** Telegram through the Bot API: one bot per account, long polling. */
import { parseMarkdown } from "openclaw/channel-kit";
import { defineChannel } from "openclaw/sdk";
import { telegramAccounts, type TelegramSettings } from "./_accounts.ts";
import { normalizeSender, senderKeys } from "./_sender.ts";

export default defineChannel<TelegramSettings>({
  id: "telegram",
  aliases: ["tg"],
  label: "Telegram",
  capabilities: {
    chatKinds: ["direct"],
    typing: true,
    pairing: true,
    idempotentSend: false,
    media: true,
    captionLimit: 1024,
    blocksByDefault: true,
  },
  commandMenu: { auto: true },
  typingEverySeconds: 5,
  accounts: telegramAccounts,
  normalizeSender,
  senderKeys,
  measure: (markdown) => parseMarkdown(markdown).text.length,
  open: async (account, link) => {
    const { connect } = await import("./_connection.ts");
    return connect(account, link);
  },
});
