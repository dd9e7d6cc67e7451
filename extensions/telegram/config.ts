/** `channels.telegram`. */
import {
  SecretText,
  Type,
  channelSchema,
  choice,
  closed,
  commonChannelKeys,
  commonChannelRules,
  defineConfig,
  groupKeys,
  type TSchema,
} from "openclaw/sdk";

const optional = <S extends TSchema>(schema: S) => Type.Optional(schema);
const errorKeys = () => ({
  errorPolicy: choice(["reply", "silent"], { description: "Whether a failed run says so in the chat" }),
  errorCooldownMs: Type.Integer({
    minimum: 0,
    description: "Pause between such messages in one chat, ms; default 60000",
  }),
});
const actions = ["reactions", "sendMessage", "deleteMessage", "sticker", "poll", "edit", "topicCreate"] as const;
const inlineButtons = choice(["off", "dm", "group", "all", "allowlist"]);
const threadReplies = choice(["off", "inbound", "always"]);

const groupErrors = errorKeys();
const topic = closed({
  ...groupKeys({
    agentId: optional(Type.String()),
    errorPolicy: optional(groupErrors.errorPolicy),
    errorCooldownMs: optional(groupErrors.errorCooldownMs),
    disableAudioPreflight: optional(Type.Boolean()),
  }),
});
const group = groupKeys({
  topics: optional(Type.Record(Type.String(), topic, { description: "Forum topics by thread id" })),
  disableAudioPreflight: optional(Type.Boolean()),
  errorPolicy: optional(groupErrors.errorPolicy),
  errorCooldownMs: optional(groupErrors.errorCooldownMs),
});

const keys = {
  ...commonChannelKeys(group),
  textChunkLimit: Type.Integer({
    default: 4000,
    minimum: 1,
    maximum: 4096,
    description: "Longest text of one message",
  }),
  mediaMaxMb: Type.Number({ default: 5, minimum: 0 }),
  replyToMode: choice(["off", "first", "all", "batched"], {
    default: "first",
    description: "Which parts of an answer quote the question",
  }),
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
  linkPreview: Type.Boolean({ default: true, description: "Show previews of links" }),
  customCommands: Type.Array(closed({ command: Type.String(), description: Type.String() })),
  streamMode: choice(["off", "partial", "block"], { default: "partial", description: "Drafts in private topics" }),
  streaming: Type.Union([
    choice(["off", "partial", "block", "progress"]),
    Type.Boolean(),
    closed({
      mode: optional(choice(["off", "partial", "block", "progress"])),
      preview: optional(closed({ toolProgress: optional(Type.Boolean()) })),
      nativeTransport: optional(Type.Boolean()),
    }),
  ]),
  draftChunk: closed({
    minChars: optional(Type.Integer({ minimum: 1 })),
    maxChars: optional(Type.Integer({ minimum: 1 })),
    breakPreference: optional(choice(["paragraph", "newline", "sentence"])),
  }),
  actions: closed(Object.fromEntries(actions.map((action) => [action, optional(Type.Boolean())]))),
  reactionNotifications: choice(["off", "own", "all"]),
  reactionLevel: choice(["off", "ack", "minimal", "extensive"]),
  capabilities: Type.Union([Type.Array(Type.String()), closed({ inlineButtons: optional(inlineButtons) })]),
  retry: closed({
    attempts: optional(Type.Integer({ minimum: 1 })),
    minDelayMs: optional(Type.Integer({ minimum: 0 })),
    maxDelayMs: optional(Type.Integer({ minimum: 0 })),
    jitter: optional(Type.Number({ minimum: 0, maximum: 1 })),
  }),
  network: closed({
    autoSelectFamily: optional(Type.Boolean()),
    dnsResultOrder: optional(choice(["ipv4first", "verbatim"])),
    dangerouslyAllowPrivateNetwork: optional(Type.Boolean()),
  }),
  proxy: Type.String({ description: "Proxy for the Bot API: http, https or socks5 address" }),
  webhookUrl: Type.String(),
  webhookSecret: SecretText,
  webhookPath: Type.String(),
  webhookHost: Type.String(),
  webhookPort: Type.Integer({ minimum: 1, maximum: 65_535 }),
  dm: closed({ threadReplies: optional(threadReplies) }),
  direct: Type.Record(
    Type.String(),
    closed({ threadReplies: optional(threadReplies), requireTopic: optional(Type.Boolean()) }),
  ),
  ...errorKeys(),
};

export const telegramSection = defineConfig({
  path: "channels.telegram",
  summary: "Telegram: a bot that people write to.",
  reload: "restart:channels.telegram",
  secrets: ["botToken", "webhookSecret", "accounts.*.botToken", "accounts.*.webhookSecret"],
  schema: channelSchema(keys),
  rules: (section) => [
    ...commonChannelRules(section),
    ...levels(section).flatMap(([prefix, own]) =>
      levelRules(own).map(({ path, message }) => ({ path: prefix + path, message })),
    ),
  ],
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
