/** `channels.discord`. */
import { commonChannelKeys, groupKeys, nestedDmKeys } from "../../../contracts/channel-config.ts";
import { defineChannelConfig } from "../../../contracts/channel-section.ts";
import {
  maybeFlag,
  maybeMapOf,
  maybePart,
  maybePeers,
  maybePick,
  maybeSecret,
  maybeSettings,
  maybeText,
  maybeWhole,
  pick,
  whole,
} from "../../../contracts/config-kinds.ts";
import { Type, closed } from "../../../contracts/schema.ts";
import { actionGates, allowBots, streaming, megabytes, chunk, history } from "./_known.ts";

const room = () =>
  closed(
    groupKeys({
      roles: maybePeers("Roles whose members may write"),
      autoThread: maybeFlag("Answer each message in a thread of its own"),
      ignoreOtherMentions: maybeFlag("Ignore messages that mention somebody else"),
      includeThreadStarter: maybeFlag("Give the first message of a thread as context"),
    }),
  );

const guild = () =>
  closed({
    slug: maybeText("Name of the server in lower case, spaces as `-`"),
    requireMention: maybeFlag("Answer only when mentioned; default true"),
    ignoreOtherMentions: maybeFlag("Ignore messages that mention somebody else"),
    reactionNotifications: maybePick(
      ["off", "own", "all", "allowlist"],
      "Reactions that the assistant hears of; default `own`",
    ),
    users: maybePeers("Members who may write; absent means all"),
    roles: maybePeers("Roles whose members may write"),
    tools: groupKeys({}).tools,
    toolsBySender: groupKeys({}).toolsBySender,
    channels: maybeMapOf(room(), "Rooms by id or name; when set, others are ignored"),
  });

const voice = () =>
  Type.Object(
    {
      enabled: maybeFlag("Join voice rooms"),
      daveEncryption: maybeFlag("End-to-end encryption; default true"),
      decryptionFailureTolerance: maybeWhole("Failures after which it joins again; default 24"),
      tts: maybePart({ providers: maybeMapOf(Type.Record(Type.String(), Type.Unknown()), "By provider") }, "Speech"),
    },
    { additionalProperties: Type.Unknown({ description: "Further setting" }), description: "Voice rooms" },
  );

const keys = () => ({
  ...commonChannelKeys(groupKeys({})),
  ...nestedDmKeys({
    groupEnabled: maybeFlag("Take part in group messages; default false"),
    groupChannels: maybePeers("Group messages it takes part in; absent means all"),
  }),
  token: maybeSecret("Token of the bot; else DISCORD_BOT_TOKEN (default account)"),
  applicationId: maybeText("Id of the application; absent means it is asked for"),
  mediaMaxMb: megabytes(8),
  historyLimit: history(20),
  textChunkLimit: chunk(2000),
  maxLinesPerMessage: whole(17, "Longest message, lines", { minimum: 1 }),
  allowBots: allowBots(),
  requireMention: maybeFlag("Ignored: it belongs to servers and rooms"),
  replyToMode: pick(["off", "first", "all", "batched"], "off", "Which parts of an answer quote the question"),
  guilds: maybeMapOf(guild(), "Servers by id or slug, `*` for all; also the list of servers allowed"),
  actions: actionGates(
    [
      "reactions",
      "stickers",
      "emojiUploads",
      "stickerUploads",
      "polls",
      "permissions",
      "messages",
      "threads",
      "pins",
    ].concat(["search", "memberInfo", "roleInfo", "channelInfo", "channels", "voiceStatus", "events"]),
    ["roles", "moderation", "presence"],
  ),
  streaming: streaming(),
  streamMode: maybePick(["off", "partial", "block"], "Older form of `streaming`"),
  draftChunk: maybeSettings("Pieces in which a draft grows"),
  thread: closed(
    { inheritParent: maybeFlag("New threads know the conversation of their room") },
    { description: "Threads" },
  ),
  ui: closed(
    { components: maybePart({ accentColor: maybeText("Colour of buttons and cards") }, "Buttons and cards") },
    { description: "Looks" },
  ),
  agentComponents: closed({ ttlMs: maybeWhole("How long buttons work, ms") }, { description: "Buttons" }),
  slashCommand: closed({ ephemeral: maybeFlag("Only the caller sees answers") }, { description: "Slash commands" }),
  intents: closed(
    {
      presence: maybeFlag("Hear of presence"),
      guildMembers: maybeFlag("Hear of members"),
      voiceStates: maybeFlag("Hear of voice rooms"),
    },
    { description: "What Discord tells the bot" },
  ),
  eventQueue: closed(
    {
      listenerTimeout: maybeWhole("Longest handling of an event, ms"),
      maxQueueSize: maybeWhole("Events that may wait", { minimum: 1 }),
      maxConcurrency: maybeWhole("Events handled at the same time", { minimum: 1 }),
    },
    { description: "Events" },
  ),
  pluralkit: closed(
    {
      enabled: maybeFlag("Ask PluralKit who wrote a message"),
      token: maybeSecret("Token of PluralKit"),
    },
    { description: "PluralKit" },
  ),
  voice: voice(),
  autoPresence: maybeSettings("Presence that follows the state of the gateway"),
  status: maybePick(["online", "idle", "dnd", "invisible"], "Presence"),
  activity: maybeText("What the bot is said to do"),
  activityType: Type.Integer({ minimum: 0, maximum: 5, description: "Kind of that activity" }),
  activityUrl: maybeText("Address of a stream"),
  mentionAliases: maybeMapOf(Type.String(), "Ids by names that answers mention"),
  proxy: maybeText("Proxy, http or https address"),
  gatewayInfoTimeoutMs: Type.Integer({
    minimum: 1,
    maximum: 120_000,
    description: "Longest wait for the address to connect to, ms; default 30000",
  }),
  gatewayReadyTimeoutMs: Type.Integer({ minimum: 1, description: "Longest wait after connecting, ms; default 15000" }),
});

export const discordSection = defineChannelConfig({
  id: "discord",
  summary: "Discord: a bot in servers and direct messages.",
  keys,
  secrets: ["token", "pluralkit.token", "voice.tts.providers.*.apiKey"],
  noReferences: ["threadBindings.webhookToken"],
});
