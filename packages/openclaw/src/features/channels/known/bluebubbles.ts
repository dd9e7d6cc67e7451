/** `channels.bluebubbles`. */
import { commonChannelKeys, groupKeys } from "../../../contracts/channel-config.ts";
import { defineChannelConfig } from "../../../contracts/channel-section.ts";
import { flag, maybeFlag, maybeSecret, maybeText, whole } from "../../../contracts/config-kinds.ts";
import { actionGates, megabytes } from "./_known.ts";

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

const keys = () => ({
  ...commonChannelKeys(groupKeys({})),
  serverUrl: maybeText("Address of the BlueBubbles server"),
  password: maybeSecret("Its password"),
  webhookPath: maybeText("Path that it sends messages to; default `/bluebubbles-webhook`"),
  sendReadReceipts: flag(true, "Mark messages as read"),
  sendTimeoutMs: whole(30_000, "Longest sending, ms", { minimum: 1 }),
  coalesceSameSenderDms: flag(false, "Take messages of one sender that come at once as one"),
  replyContextApiFallback: maybeFlag("Ask the server for the message that is quoted"),
  enrichGroupParticipantsFromContacts: maybeFlag("Look names of group members up in Contacts"),
  actions: actionGates(ACTIONS),
  mediaMaxMb: megabytes(8),
});

export const bluebubblesSection = defineChannelConfig({
  id: "bluebubbles",
  summary: "iMessage through a BlueBubbles server on a Mac.",
  keys,
  secrets: ["password"],
});
