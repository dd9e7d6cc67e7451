/** Every channel that is known without its extension. An installed extension's own section stands before these. */
import { defineConfig, type ConfigSection } from "../../../contracts/config.ts";
import { Type } from "../../../contracts/schema.ts";
import { bluebubblesSection } from "./bluebubbles.ts";
import { discordSection } from "./discord.ts";
import { googlechatSection } from "./googlechat.ts";
import { imessageSection } from "./imessage.ts";
import { mattermostSection } from "./mattermost.ts";
import { msteamsSection } from "./msteams.ts";
import { signalSection } from "./signal.ts";
import { slackSection } from "./slack.ts";
import { webchatSection } from "./webchat.ts";
import { webSection, whatsappSection } from "./whatsapp.ts";

/** Known by name only: any keys are valid until the extension is installed. */
const OPEN = [
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
  "accessToken",
  "apiPassword",
  "appSecret",
  "botSecret",
  "botToken",
  "channelAccessToken",
  "channelSecret",
  "clientSecret",
  "encryptKey",
  "incomingUrl",
  "nickserv.password",
  "password",
  "privateKey",
  "token",
  "verificationToken",
  "webhookSecret",
];

function openChannel(id: string): ConfigSection {
  return defineConfig({
    path: `channels.${id}`,
    summary: `The channel ${id}: any keys, until its extension is installed.`,
    reload: `restart:channels.${id}`,
    secrets: [...SECRETS, ...SECRETS.map((key) => `accounts.*.${key}`)],
    schema: Type.Object({}, { additionalProperties: Type.Unknown(), default: undefined }),
  });
}

export const knownChannels: readonly ConfigSection[] = [
  whatsappSection,
  webSection,
  discordSection,
  slackSection,
  googlechatSection,
  mattermostSection,
  signalSection,
  imessageSection,
  bluebubblesSection,
  msteamsSection,
  webchatSection,
  ...OPEN.map(openChannel),
];
