/** `channels.slack`. */
import { commonChannelKeys, groupKeys, nestedDmKeys } from "../../../contracts/channel-config.ts";
import { defineChannelConfig } from "../../../contracts/channel-section.ts";
import {
  maybeMapOf,
  flag,
  maybeFlag,
  maybePeers,
  maybePick,
  maybeSecret,
  maybeSettings,
  maybeText,
  maybeWhole,
  pick,
  words,
} from "../../../contracts/config-kinds.ts";
import { Type, closed } from "../../../contracts/schema.ts";
import { actionGates, reactionNotifications, allowBots, streaming, megabytes, chunk, history } from "./_known.ts";

const REPLY = ["off", "first", "all", "batched"] as const;

const room = () =>
  closed(
    groupKeys({
      allowBots: Type.Optional(allowBots()),
    }),
  );

const keys = () => ({
  ...commonChannelKeys(groupKeys({})),
  ...nestedDmKeys({
    groupEnabled: maybeFlag("Take part in group messages; default false"),
    groupChannels: maybePeers("Group messages it takes part in; absent means all"),
    replyToMode: maybePick(REPLY, "Older form of `replyToModeByChatType.direct`"),
  }),
  botToken: maybeSecret("Token of the bot, `xoxb-…`; else SLACK_BOT_TOKEN (default account)"),
  appToken: maybeSecret("Token of the app for socket mode, `xapp-…`; else SLACK_APP_TOKEN (default account)"),
  userToken: maybeSecret("Token of a user, `xoxp-…`, for what the bot may not read"),
  userTokenReadOnly: flag(true, "Never write with the user's token"),
  signingSecret: maybeSecret("Secret that signs events in http mode"),
  mode: pick(["socket", "http"], "socket", "How events come"),
  webhookPath: maybeText("Path of events in http mode; default `/slack/events`"),
  socketMode: maybeSettings("Timing of the socket"),
  channels: maybeMapOf(room(), "Rooms by id or #name, `*` for all; when set it is also the list of rooms allowed"),
  requireMention: maybeFlag("Answer in rooms only when mentioned; default true"),
  historyLimit: history(50),
  textChunkLimit: chunk(4000),
  mediaMaxMb: megabytes(20),
  allowBots: allowBots(),
  reactionNotifications: reactionNotifications(),
  reactionAllowlist: words([], "People whose reactions count with `allowlist`"),
  replyToMode: pick(REPLY, "off", "Which parts of an answer go into the thread of the question"),
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
      name: maybeText("Its name, without /; default `openclaw`"),
      sessionPrefix: maybeText("Beginning of its session keys; default `slack:slash`"),
      ephemeral: maybeFlag("Only the caller sees answers; default true"),
    },
    { description: "The one slash command" },
  ),
  streaming: streaming(),
  streamMode: maybePick(["replace", "status_final", "append", "off", "partial", "block"], "Older form of `streaming`"),
  nativeStreaming: maybeFlag("Older form of `streaming.nativeTransport`"),
  typingReaction: maybeText("Emoji put on a message while it is being answered"),
  unfurlLinks: maybeFlag("Show previews of links"),
  unfurlMedia: maybeFlag("Show previews of media"),
});

export const slackSection = defineChannelConfig({
  id: "slack",
  summary: "Slack: an app in a workspace.",
  keys,
  secrets: ["botToken", "appToken", "userToken", "signingSecret"],
});
