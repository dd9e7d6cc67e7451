/** `channels.telegram`. */
import {
  SecretText,
  Type,
  choice,
  closed,
  commonChannelKeys,
  defineChannelConfig,
  groupKeys,
  kinds,
  networkKeys,
  type TSchema,
} from "openclaw/sdk";

const { maybeAmount, maybeFlag, maybePick, maybeText, maybeWhole } = kinds;
const optional = <S extends TSchema>(schema: S) => Type.Optional(schema);
const errorKeys = () => ({
  errorPolicy: choice(["reply", "silent"], { description: "Whether a failed run says so in the chat" }),
  errorCooldownMs: Type.Integer({
    minimum: 0,
    description: "Pause between such messages in one chat, ms; default 60000",
  }),
});
const actions = ["reactions", "sendMessage", "deleteMessage", "sticker", "poll", "edit", "topicCreate"] as const;
const threadReplies = maybePick(["off", "inbound", "always"], "When answers go into the topic of a direct chat");

const groupErrors = errorKeys();
const topic = closed({
  ...groupKeys({
    agentId: maybeText("Agent that answers there"),
    errorPolicy: optional(groupErrors.errorPolicy),
    errorCooldownMs: optional(groupErrors.errorCooldownMs),
    disableAudioPreflight: maybeFlag("Do not listen to voice messages for a mention"),
  }),
});
const group = groupKeys({
  topics: optional(Type.Record(Type.String(), topic, { description: "Forum topics by thread id" })),
  disableAudioPreflight: maybeFlag("Do not listen to voice messages for a mention"),
  errorPolicy: optional(groupErrors.errorPolicy),
  errorCooldownMs: optional(groupErrors.errorCooldownMs),
});

/** The bot, and how it is asked for messages. */
const botKeys = () => ({
  botToken: Type.Union([...SecretText.anyOf], {
    description:
      "Token of the bot from @BotFather; otherwise tokenFile, otherwise TELEGRAM_BOT_TOKEN (default account)",
  }),
  tokenFile: Type.String({ minLength: 1, description: "File with the token: a regular file, no link" }),
  apiRoot: Type.String({
    pattern: "^https?://[^\\s?#]+$",
    default: "https://api.telegram.org",
    description: "Server of the Bot API, without `/bot<token>`",
  }),
  timeoutSeconds: Type.Number({ minimum: 1, maximum: 600, description: "Longest call of the Bot API; default 60" }),
  pollingStallThresholdMs: Type.Integer({
    default: 120_000,
    minimum: 30_000,
    maximum: 600_000,
    description: "A poll without an answer for this long is begun again, ms",
  }),
});

/** Answers while they are written. */
const streamingKeys = () => ({
  streamMode: choice(["off", "partial", "block"], { default: "partial", description: "Drafts in private topics" }),
  streaming: Type.Union(
    [
      choice(["off", "partial", "block", "progress"]),
      Type.Boolean(),
      closed({
        mode: maybePick(["off", "partial", "block", "progress"], "How"),
        preview: optional(closed({ toolProgress: maybeFlag("Show tool calls in it") }, { description: "The draft" })),
        nativeTransport: maybeFlag("Use what Telegram offers for it"),
      }),
    ],
    { description: "Show the answer while it is written, by editing a message; wins over streamMode" },
  ),
  draftChunk: closed(
    {
      minChars: maybeWhole("Shortest piece, characters; default 200", { minimum: 1 }),
      maxChars: maybeWhole("Longest piece, characters; default 800", { minimum: 1 }),
      breakPreference: maybePick(["paragraph", "newline", "sentence"], "Where it is cut; default `paragraph`"),
    },
    { description: "Pieces in which a draft grows, with streamMode `block`" },
  ),
});

/** What the assistant may do, and what it hears of. */
const actionKeys = () => ({
  actions: closed(
    Object.fromEntries(
      actions.map((name) => [name, maybeFlag(`The assistant may; default ${String(name !== "sticker")}`)]),
    ),
    { description: "What the assistant may do there" },
  ),
  reactionNotifications: choice(["off", "own", "all"], {
    description: "Reactions that the assistant hears of: none, those to its own messages, or all; default `own`",
  }),
  reactionLevel: choice(["off", "ack", "minimal", "extensive"], {
    description: "How much the assistant reacts itself; default `minimal`",
  }),
  capabilities: Type.Union(
    [
      Type.Array(Type.String()),
      closed({
        inlineButtons: maybePick(
          ["off", "dm", "group", "all", "allowlist"],
          "Where messages may have buttons; default `allowlist`: for those who may write",
        ),
      }),
    ],
    { description: "What the bot's messages can hold" },
  ),
});

/** The way to the Bot API. */
const connectionKeys = () => ({
  retry: closed(
    {
      attempts: maybeWhole("Attempts; default 3", { minimum: 1 }),
      minDelayMs: maybeWhole("First pause, ms; default 400"),
      maxDelayMs: maybeWhole("Longest pause, ms; default 30000"),
      jitter: maybeAmount("Share of a pause that is random; default 0.1", { maximum: 1 }),
    },
    { description: "Sending again after a failure" },
  ),
  network: closed(
    {
      autoSelectFamily: maybeFlag("Try IPv6 and IPv4 at the same time"),
      dnsResultOrder: maybePick(["ipv4first", "verbatim"], "Which addresses are tried first"),
      ...networkKeys(),
    },
    { description: "Connections" },
  ),
  proxy: Type.String({ description: "Proxy for the Bot API: http, https or socks5 address" }),
});

/** Being told of messages instead of asking for them. */
const webhookKeys = () => ({
  webhookUrl: Type.String({ description: "Address that Telegram sends messages to, instead of being asked for them" }),
  webhookSecret: Type.Union([...SecretText.anyOf], { description: "Secret that Telegram sends along; required then" }),
  webhookPath: Type.String({ description: "Path; default `/telegram-webhook`" }),
  webhookHost: Type.String({ description: "Address of the listener; default 127.0.0.1" }),
  webhookPort: Type.Integer({ minimum: 1, maximum: 65_535, description: "Port of the listener; default 8787" }),
});

const keys = () => ({
  ...commonChannelKeys(group),
  textChunkLimit: Type.Integer({
    default: 4000,
    minimum: 1,
    maximum: 4096,
    description: "Longest text of one message",
  }),
  mediaMaxMb: Type.Number({ default: 5, minimum: 0, description: "Largest file taken or sent, MB" }),
  replyToMode: choice(["off", "first", "all", "batched"], {
    default: "first",
    description: "Which parts of an answer quote the question",
  }),
  ...botKeys(),
  linkPreview: Type.Boolean({ default: true, description: "Show previews of links" }),
  customCommands: Type.Array(
    closed({
      command: Type.String({ description: "Name, without /" }),
      description: Type.String({ description: "What the menu says" }),
    }),
    { description: "Further entries of the bot's menu" },
  ),
  ...streamingKeys(),
  ...actionKeys(),
  ...connectionKeys(),
  ...webhookKeys(),
  dm: closed({ threadReplies }, { description: "Direct chats" }),
  direct: Type.Record(Type.String(), closed({ threadReplies, requireTopic: maybeFlag("Answer in topics only") }), {
    description: "Direct chats by sender",
  }),
  ...errorKeys(),
});

export const telegramSection = defineChannelConfig({
  id: "telegram",
  summary: "Telegram: a bot that people write to.",
  secrets: ["botToken", "webhookSecret"],
  keys,
  rules: (section) =>
    levels(section).flatMap(([prefix, own]) =>
      levelRules(own).map(({ path, message }) => ({ path: prefix + path, message })),
    ),
});

export const config = [telegramSection];

type Settings = Readonly<Record<string, unknown>>;

function levels(section: unknown): [string, Settings][] {
  const base = section as Settings;
  return [
    ["", base],
    ...Object.entries((base["accounts"] ?? {}) as Record<string, Settings>).map(([id, own]): [string, Settings] => [
      `accounts.${id}.`,
      own,
    ]),
  ];
}

function levelRules(own: Settings): { path: string; message: string }[] {
  const found: { path: string; message: string }[] = [];
  if (own["webhookUrl"] !== undefined && own["webhookSecret"] === undefined)
    found.push({ path: "webhookSecret", message: "webhookUrl needs a webhookSecret" });
  if (typeof own["apiRoot"] === "string" && /\/bot\d+:/.test(own["apiRoot"]))
    found.push({ path: "apiRoot", message: "must be the root of the server, without /bot<token>" });
  return found;
}
