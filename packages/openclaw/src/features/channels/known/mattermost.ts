/** `channels.mattermost`. */
import { commonChannelKeys, groupKeys } from "../../../contracts/channel-config.ts";
import { maybeFlag, maybeFlagOrAuto, maybeSettings, maybeText } from "../../../contracts/config-kinds.ts";
import { SecretText } from "../../../contracts/secret.ts";
import { Type, choice, closed } from "../../../contracts/schema.ts";
import { actionGates, chunk, knownChannel, settings, streaming, text } from "./_known.ts";

const keys = {
  ...commonChannelKeys(groupKeys({})),
  botToken: Type.Union([...SecretText.anyOf], {
    description: "Token of the bot; else MATTERMOST_BOT_TOKEN (default account)",
  }),
  baseUrl: text("Address of the server; else MATTERMOST_URL (default account)"),
  chatmode: choice(["oncall", "onmessage", "onchar"], {
    default: "oncall",
    description: "Answer in rooms when mentioned, always, or to messages that begin with one of `oncharPrefixes`",
  }),
  oncharPrefixes: Type.Array(Type.String(), {
    default: [">", "!"],
    description: "Beginnings that count with `onchar`",
  }),
  requireMention: Type.Boolean({ description: "Older form of `chatmode`" }),
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
      allowedSourceIps: Type.Optional(Type.Array(Type.String(), { description: "Addresses that may call" })),
    },
    { description: "Buttons" },
  ),
  actions: actionGates(["reactions"]),
  capabilities: Type.Union([Type.Array(Type.String()), maybeSettings("")], {
    description: "What the bot's messages can hold",
  }),
  dmChannelRetry: settings("Opening a direct chat again after a failure"),
  streaming: streaming(),
};

export const mattermostSection = knownChannel({
  id: "mattermost",
  summary: "Mattermost: a bot on your own server.",
  keys,
  secrets: ["botToken"],
});
