/** `channels.bluebubbles`. */
import { commonChannelKeys, groupKeys } from "../../../contracts/channel-config.ts";
import { SecretText } from "../../../contracts/secret.ts";
import { Type } from "../../../contracts/schema.ts";
import { actionGates, flag, knownChannel, megabytes, text, whole } from "./_known.ts";

const ACTIONS = [
  "reactions",
  "edit",
  "unsend",
  "reply",
  "sendWithEffect",
  "renameGroup",
  "setGroupIcon",
  "addParticipant",
  "removeParticipant",
  "leaveGroup",
  "sendAttachment",
];

const keys = {
  ...commonChannelKeys(groupKeys({})),
  serverUrl: text("Address of the BlueBubbles server", { pattern: "^https?://" }),
  password: Type.Union([...SecretText.anyOf], { description: "Its password" }),
  webhookPath: text("Path that it sends messages to; default `/bluebubbles-webhook`", { pattern: "^/" }),
  sendReadReceipts: flag(true, "Mark messages as read"),
  sendTimeoutMs: whole(30_000, "Longest sending, ms", { minimum: 1 }),
  mediaLocalRoots: Type.Array(Type.String(), { description: "Folders that files may be sent from" }),
  coalesceSameSenderDms: flag(false, "Take messages of one sender that come at once as one"),
  replyContextApiFallback: Type.Boolean({ description: "Ask the server for the message that is quoted" }),
  enrichGroupParticipantsFromContacts: Type.Boolean({ description: "Look names of group members up in Contacts" }),
  actions: actionGates(ACTIONS),
  mediaMaxMb: megabytes(8),
};

export const bluebubblesSection = knownChannel({
  id: "bluebubbles",
  summary: "iMessage through a BlueBubbles server on a Mac.",
  keys,
  secrets: ["password"],
});
