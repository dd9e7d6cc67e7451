/** What all channels share, and the channels whose extension is not here: their sections take any keys. */
import { Type, choice, closed } from "../../contracts/schema.ts";
import { channelHeartbeat } from "../../contracts/channel-config.ts";
import { defineConfig } from "../../contracts/config.ts";

const defaultsSection = defineConfig({
  path: "channels.defaults",
  summary: "What holds for every channel that does not say otherwise.",
  reload: "restart:channels",
  schema: closed({
    groupPolicy: Type.Optional(
      choice(["open", "allowlist", "disabled"], { description: "Senders in groups; allowlist where nothing is said" }),
    ),
    contextVisibility: Type.Optional(
      choice(["all", "allowlist", "allowlist_quote"], { description: "Whose messages the assistant gets as context" }),
    ),
    heartbeat: Type.Optional(channelHeartbeat()),
    botLoopProtection: Type.Optional(
      closed({
        enabled: Type.Optional(Type.Boolean()),
        maxEventsPerWindow: Type.Optional(Type.Integer({ minimum: 1 })),
        windowSeconds: Type.Optional(Type.Integer({ minimum: 1 })),
        cooldownSeconds: Type.Optional(Type.Integer({ minimum: 0 })),
      }),
    ),
  }),
});

const modelByChannelSection = defineConfig({
  path: "channels.modelByChannel",
  summary: "Models of single conversations: channel → conversation id → model.",
  reload: "live",
  schema: Type.Record(Type.String(), Type.Record(Type.String(), Type.String()), { default: {} }),
});

/** Known by name, so that a file written for them is valid although the extension is not installed. */
const OTHERS = [
  "whatsapp",
  "discord",
  "slack",
  "googlechat",
  "mattermost",
  "signal",
  "imessage",
  "msteams",
  "bluebubbles",
  "webchat",
  "matrix",
  "irc",
  "feishu",
  "line",
  "nostr",
  "zalo",
  "zalouser",
  "nextcloud-talk",
  "synology-chat",
  "twitch",
  "tlon",
  "qqbot",
  "openclaw-weixin",
  "wechat",
  "yuanbao",
  "qa-channel",
] as const;

const SECRETS = [
  "botToken",
  "appToken",
  "token",
  "userToken",
  "signingSecret",
  "accessToken",
  "password",
  "webhookSecret",
  "appSecret",
  "clientSecret",
  "channelSecret",
  "channelAccessToken",
  "privateKey",
];

const others = OTHERS.map((id) =>
  defineConfig({
    path: `channels.${id}`,
    summary: `The channel ${id}: any keys, until its extension is installed.`,
    reload: "none",
    secrets: [...SECRETS, ...SECRETS.map((key) => `accounts.*.${key}`)],
    schema: Type.Object({}, { additionalProperties: Type.Unknown(), default: undefined }),
  }),
);

export const config = [defaultsSection, modelByChannelSection, ...others];
