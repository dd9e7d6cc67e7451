/** `channels.googlechat`. */
import { commonChannelKeys, groupKeys, nestedDmKeys } from "../../../contracts/channel-config.ts";
import { defineChannelConfig } from "../../../contracts/channel-section.ts";
import { maybeFlag, maybePick, maybeText, pick } from "../../../contracts/config-kinds.ts";
import { SecretRef } from "../../../contracts/secret.ts";
import { Type } from "../../../contracts/schema.ts";
import { actionGates, allowBots, streaming, megabytes } from "./_known.ts";

const keys = () => ({
  ...commonChannelKeys(groupKeys({})),
  ...nestedDmKeys({}),
  serviceAccount: Type.Union([Type.String(), Type.Record(Type.String(), Type.Unknown())], {
    description: "Service account as JSON; else GOOGLE_CHAT_SERVICE_ACCOUNT (default account)",
  }),
  serviceAccountFile: maybeText("File of the service account; else GOOGLE_CHAT_SERVICE_ACCOUNT_FILE (default account)"),
  serviceAccountRef: SecretRef,
  audienceType: maybePick(["app-url", "project-number"], "What `audience` is"),
  audience: Type.Unsafe<string>({
    anyOf: [{ type: "string" }, { type: "integer" }],
    readAs: "string",
    description: "Address of the webhook, or number of the project, as set in the Chat app",
  }),
  webhookPath: maybeText("Path of events; default `/googlechat`"),
  webhookUrl: maybeText("Address of events, when the path is not enough"),
  botUser: maybeText("The app's own user, `users/…`, to notice mentions"),
  requireMention: maybeFlag("Answer in spaces only when mentioned; default true"),
  allowBots: allowBots(),
  actions: actionGates(["reactions"]),
  typingIndicator: pick(["none", "message", "reaction"], "message", "How one sees that an answer is being written"),
  mediaMaxMb: megabytes(20),
  streaming: streaming(),
});

export const googlechatSection = defineChannelConfig({
  id: "googlechat",
  summary: "Google Chat: an app in spaces and direct messages.",
  keys,
  secrets: ["serviceAccount", "serviceAccount.private_key", "serviceAccountRef"],
});
