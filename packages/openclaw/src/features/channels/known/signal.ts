/** `channels.signal`. */
import { commonChannelKeys, groupKeys } from "../../../contracts/channel-config.ts";
import { Type, choice } from "../../../contracts/schema.ts";
import { actionGates, history, knownChannel, megabytes, reactionLevel, reactionNotifications, text } from "./_known.ts";

const keys = {
  ...commonChannelKeys(groupKeys({})),
  account: text("The assistant's number, `+49…`"),
  accountUuid: text("Its account id, to notice its own messages"),
  cliPath: text("Program signal-cli"),
  configPath: text("Folder where signal-cli keeps its keys"),
  httpUrl: text("Address of a signal-cli that runs already", { pattern: "^https?://" }),
  httpHost: text("Address that signal-cli is started on; default 127.0.0.1"),
  httpPort: Type.Integer({ minimum: 1, maximum: 65_535, description: "Port that it is started on; default 8080" }),
  autoStart: Type.Boolean({ description: "Start signal-cli; default true unless httpUrl is set" }),
  startupTimeoutMs: Type.Integer({ minimum: 1, maximum: 120_000, description: "Longest start, ms" }),
  receiveMode: choice(["on-start", "manual"], { description: "When messages are fetched" }),
  ignoreAttachments: Type.Boolean({ description: "Do not fetch files" }),
  ignoreStories: Type.Boolean({ description: "Do not fetch stories" }),
  sendReadReceipts: Type.Boolean({ description: "Mark messages as read" }),
  reactionNotifications: reactionNotifications(),
  reactionAllowlist: Type.Array(Type.String(), {
    default: [],
    description: "Numbers, or `uuid:…`, whose reactions count with `allowlist`",
  }),
  reactionLevel: reactionLevel(),
  actions: actionGates(["reactions"]),
  historyLimit: history(50),
  mediaMaxMb: megabytes(8),
};

export const signalSection = knownChannel({
  id: "signal",
  summary: "Signal: a number of its own, through signal-cli.",
  keys,
});
