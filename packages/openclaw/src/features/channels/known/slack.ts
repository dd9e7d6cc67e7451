/** `channels.slack`. */
import { commonChannelKeys, groupKeys, nestedDmKeys } from "../../../contracts/channel-config.ts";
import { maybeFlag, maybePeers, maybePick, maybeSettings, maybeWhole } from "../../../contracts/config-kinds.ts";
import { SecretText } from "../../../contracts/secret.ts";
import { Type, choice, closed } from "../../../contracts/schema.ts";
import {
  actionGates,
  allowBots,
  chunk,
  flag,
  history,
  knownChannel,
  megabytes,
  reactionNotifications,
  retry,
  settings,
  streaming,
  text,
} from "./_known.ts";

const REPLY = ["off", "first", "all", "batched"] as const;
const secret = (description: string) => Type.Union([...SecretText.anyOf], { description });

const room = closed(
  groupKeys({
    allow: maybeFlag("Take part in it"),
    allowBots: Type.Optional(allowBots()),
    users: maybePeers("Members who may write; absent means all"),
  }),
);

const keys = {
  ...commonChannelKeys(groupKeys({})),
  ...nestedDmKeys({
    groupEnabled: maybeFlag("Take part in group messages; default false"),
    groupChannels: maybePeers("Group messages it takes part in; absent means all"),
    replyToMode: maybePick(REPLY, "Older form of `replyToModeByChatType.direct`"),
  }),
  botToken: secret("Token of the bot, `xoxb-…`; else SLACK_BOT_TOKEN (default account)"),
  appToken: secret("Token of the app for socket mode, `xapp-…`; else SLACK_APP_TOKEN (default account)"),
  userToken: secret("Token of a user, `xoxp-…`, for what the bot may not read"),
  userTokenReadOnly: flag(true, "Never write with the user's token"),
  signingSecret: secret("Secret that signs events in http mode"),
  mode: choice(["socket", "http"], { default: "socket", description: "How events come" }),
  webhookPath: text("Path of events in http mode; default `/slack/events`", { pattern: "^/" }),
  socketMode: settings("Timing of the socket"),
  channels: Type.Record(Type.String(), room, {
    description: "Rooms by id or #name, `*` for all; when set it is also the list of rooms allowed",
  }),
  requireMention: Type.Boolean({ description: "Answer in rooms only when mentioned; default true" }),
  historyLimit: history(50),
  textChunkLimit: chunk(4000),
  mediaMaxMb: megabytes(20),
  allowBots: allowBots(),
  reactionNotifications: reactionNotifications(),
  reactionAllowlist: Type.Array(Type.String(), {
    default: [],
    description: "People whose reactions count with `allowlist`",
  }),
  replyToMode: choice(REPLY, {
    default: "off",
    description: "Which parts of an answer go into the thread of the question",
  }),
  replyToModeByChatType: closed(
    {
      direct: maybePick(REPLY, "Direct messages"),
      group: maybePick(REPLY, "Group messages"),
      channel: maybePick(REPLY, "Rooms"),
    },
    { description: "The same by kind of chat" },
  ),
  thread: closed(
    {
      historyScope: maybePick(
        ["thread", "channel"],
        "Context of a thread: its own messages, or those of the room; default `thread`",
      ),
      inheritParent: maybeFlag("New threads know the conversation of their room; default false"),
      initialHistoryLimit: maybeWhole("Messages of a thread given as context when it begins; default 20"),
      requireExplicitMention: maybeFlag("Answer in threads only when mentioned"),
    },
    { description: "Threads" },
  ),
  actions: actionGates([
    "reactions",
    "messages",
    "pins",
    "memberInfo",
    "emojiList",
    "search",
    "channelInfo",
    "permissions",
  ]),
  slashCommand: closed(
    {
      enabled: maybeFlag("Answer the command"),
      name: Type.Optional(text("Its name, without /; default `openclaw`")),
      sessionPrefix: Type.Optional(text("Beginning of its session keys; default `slack:slash`")),
      ephemeral: maybeFlag("Only the caller sees answers; default true"),
    },
    { description: "The one slash command" },
  ),
  streaming: streaming(),
  streamMode: choice(["replace", "status_final", "append", "off", "partial", "block"], {
    description: "Older form of `streaming`",
  }),
  nativeStreaming: Type.Boolean({ description: "Older form of `streaming.nativeTransport`" }),
  typingReaction: text("Emoji put on a message while it is being answered"),
  capabilities: Type.Union([Type.Array(Type.String()), maybeSettings("")], {
    description: "What the bot's messages can hold",
  }),
  unfurlLinks: Type.Boolean({ description: "Show previews of links" }),
  unfurlMedia: Type.Boolean({ description: "Show previews of media" }),
  retry: retry(),
};

export const slackSection = knownChannel({
  id: "slack",
  summary: "Slack: an app in a workspace.",
  keys,
  secrets: ["botToken", "appToken", "userToken", "signingSecret"],
});
