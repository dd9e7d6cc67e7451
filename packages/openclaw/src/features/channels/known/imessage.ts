/** `channels.imessage`. */
import { commonChannelKeys, groupKeys } from "../../../contracts/channel-config.ts";
import { defineChannelConfig } from "../../../contracts/channel-section.ts";
import { flag, maybeText, pick, whole } from "../../../contracts/config-kinds.ts";
import { Type } from "../../../contracts/schema.ts";
import { actionGates, reactionNotifications, megabytes, history } from "./_known.ts";

const folders = (description: string) => Type.Array(Type.String(), { description });

const keys = () => ({
  ...commonChannelKeys(groupKeys({})),
  cliPath: maybeText("Program imsg, or a script that runs it on another Mac; default `imsg`"),
  dbPath: maybeText("Database of Messages; default `~/Library/Messages/chat.db`"),
  remoteHost: maybeText("Mac that files are fetched from by SCP, `user@host`"),
  service: pick(["auto", "imessage", "sms"], "auto", "How messages are sent"),
  region: maybeText("Country of numbers without a prefix; default `US`"),
  includeAttachments: flag(false, "Fetch files"),
  attachmentRoots: folders("Folders that files may come from"),
  remoteAttachmentRoots: folders("The same on the other Mac"),
  actions: actionGates(["reactions"]),
  reactionNotifications: reactionNotifications(),
  probeTimeoutMs: whole(10_000, "Longest check of the program, ms", { minimum: 1 }),
  historyLimit: history(50),
  mediaMaxMb: megabytes(16),
});

export const imessageSection = defineChannelConfig({
  id: "imessage",
  summary: "iMessage on a Mac, through the program imsg.",
  keys,
});
