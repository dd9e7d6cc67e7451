/** `channels.whatsapp`, and `web`: the connection that it uses. */
import { commonChannelKeys, groupKeys } from "../../../contracts/channel-config.ts";
import { defineChannelConfig } from "../../../contracts/channel-section.ts";
import {
  maybeMapOf,
  amount,
  flag,
  maybeFlag,
  maybePick,
  maybeSettings,
  maybeText,
  part,
  pick,
  whole,
} from "../../../contracts/config-kinds.ts";
import { defineConfig } from "../../../contracts/config.ts";
import { Type, closed } from "../../../contracts/schema.ts";
import { actionGates, reactionLevel, megabytes } from "./_known.ts";

const direct = () => closed({ systemPrompt: maybeText("Added to the prompt") });

const ackReaction = () =>
  Type.Union(
    [
      Type.String(),
      closed({
        emoji: maybeText("Emoji; empty = none"),
        direct: maybeFlag("In direct chats; default true"),
        group: maybePick(["always", "mentions", "never"], "In groups; default `mentions`"),
      }),
    ],
    { description: "Emoji put on a message that is being answered" },
  );

const keys = () => ({
  ...commonChannelKeys(groupKeys({})),
  ackReaction: ackReaction(),
  mediaMaxMb: megabytes(50),
  sendReadReceipts: flag(true, "Mark messages as read; never in a chat with oneself"),
  selfChatMode: flag(false, "The assistant uses your own number"),
  messagePrefix: maybeText("Put before messages that come in; default is the assistant's name when allowFrom is empty"),
  debounceMs: whole(0, "Older form of `messages.inbound.byChannel.whatsapp`, ms"),
  actions: actionGates(["reactions", "polls"]),
  replyToMode: pick(["off", "first", "all", "batched"], "off", "Which parts of an answer quote the question"),
  reactionLevel: reactionLevel(),
  direct: maybeMapOf(direct(), "Direct chats by sender"),
  pluginHooks: maybeSettings("What plugins hear of its messages"),
  authDir: maybeText(
    "Folder of the link to the phone; default `credentials/whatsapp/<account>` in the state directory",
  ),
});

export const whatsappSection = defineChannelConfig({
  id: "whatsapp",
  summary: "WhatsApp: a phone number linked like WhatsApp Web.",
  keys,
  reload: "live",
});

export const webSection = defineConfig({
  path: "web",
  summary: "The connection of WhatsApp.",
  reload: "restart:channels.whatsapp",
  schema: closed({
    enabled: flag(true, "Connect"),
    heartbeatSeconds: whole(60, "How often the log says how the connection is, seconds", { minimum: 1 }),
    reconnect: part(
      {
        initialMs: whole(2000, "First pause, ms"),
        maxMs: whole(120_000, "Longest pause, ms"),
        factor: amount(1.4, "How much longer each pause is", { minimum: 1 }),
        jitter: amount(0.2, "Share of a pause that is random", { maximum: 1 }),
        maxAttempts: whole(0, "Attempts; 0 = without end"),
      },
      "Connecting again",
    ),
    whatsapp: part(
      {
        keepAliveIntervalMs: whole(25_000, "Pause between signs of life, ms", { minimum: 1 }),
        connectTimeoutMs: whole(60_000, "Longest connecting, ms", { minimum: 1 }),
        defaultQueryTimeoutMs: whole(60_000, "Longest question to the server, ms", { minimum: 1 }),
      },
      "Timing",
    ),
  }),
});
