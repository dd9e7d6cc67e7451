/** `channels.imessage`. */
import { commonChannelKeys, groupKeys } from "../../../contracts/channel-config.ts";
import { Type, choice } from "../../../contracts/schema.ts";
import { actionGates, flag, history, knownChannel, megabytes, reactionNotifications, text, whole } from "./_known.ts";

const folders = (description: string) => Type.Array(Type.String(), { description });

const keys = {
  ...commonChannelKeys(groupKeys({})),
  cliPath: text("Program imsg, or a script that runs it on another Mac; default `imsg`"),
  dbPath: text("Database of Messages; default `~/Library/Messages/chat.db`"),
  remoteHost: text("Mac that files are fetched from by SCP, `user@host`"),
  service: choice(["auto", "imessage", "sms"], { default: "auto", description: "How messages are sent" }),
  region: text("Country of numbers without a prefix; default `US`"),
  includeAttachments: flag(false, "Fetch files"),
  attachmentRoots: folders("Folders that files may come from"),
  remoteAttachmentRoots: folders("The same on the other Mac"),
  actions: actionGates(["reactions"]),
  reactionNotifications: reactionNotifications(),
  probeTimeoutMs: whole(10_000, "Longest check of the program, ms", { minimum: 1 }),
  historyLimit: history(50),
  mediaMaxMb: megabytes(16),
};

export const imessageSection = knownChannel({
  id: "imessage",
  summary: "iMessage on a Mac, through the program imsg.",
  keys,
});
