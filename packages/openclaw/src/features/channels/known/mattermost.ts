/** `channels.mattermost`. */
import { commonChannelKeys, groupKeys } from "../../../contracts/channel-config.ts";
import { defineChannelConfig } from "../../../contracts/channel-section.ts";
import {
  maybeFlag,
  maybeFlagOrAuto,
  maybeSecret,
  maybeSettings,
  maybeText,
  maybeWords,
  pick,
  words,
} from "../../../contracts/config-kinds.ts";
import { Type, closed } from "../../../contracts/schema.ts";
import { actionGates, streaming, chunk } from "./_known.ts";

const keys = () => ({
  ...commonChannelKeys(groupKeys({})),
  botToken: maybeSecret("Token of the bot; else MATTERMOST_BOT_TOKEN (default account)"),
  baseUrl: maybeText("Address of the server; else MATTERMOST_URL (default account)"),
  chatmode: pick(
    ["oncall", "onmessage", "onchar"],
    "oncall",
    "Answer in rooms when mentioned, always, or to messages that begin with one of `oncharPrefixes`",
  ),
  oncharPrefixes: words([">", "!"], "Beginnings that count with `onchar`"),
  requireMention: maybeFlag("Older form of `chatmode`"),
  textChunkLimit: chunk(4000),
  commands: closed(
    {
      native: maybeFlagOrAuto("Register slash commands with the server"),
      nativeSkills: maybeFlagOrAuto("The same for skills"),
      enforceOwnerForCommands: maybeFlag("Only owners may use commands"),
      callbackPath: maybeText("Path that the server calls"),
      callbackUrl: maybeText("Address that the server calls"),
    },
    { description: "Slash commands" },
  ),
  interactions: closed(
    {
      callbackBaseUrl: maybeText("Address of the gateway as the server sees it"),
      allowedSourceIps: Type.Optional(maybeWords("Addresses that may call")),
    },
    { description: "Buttons" },
  ),
  actions: actionGates(["reactions"]),
  dmChannelRetry: maybeSettings("Opening a direct chat again after a failure"),
  streaming: streaming(),
});

export const mattermostSection = defineChannelConfig({
  id: "mattermost",
  summary: "Mattermost: a bot on your own server.",
  keys,
  secrets: ["botToken"],
});
