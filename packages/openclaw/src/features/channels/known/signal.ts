/** `channels.signal`. */
import { commonChannelKeys, groupKeys } from "../../../contracts/channel-config.ts";
import { defineChannelConfig } from "../../../contracts/channel-section.ts";
import { maybeFlag, maybePick, maybePort, maybeText, words } from "../../../contracts/config-kinds.ts";
import { Type } from "../../../contracts/schema.ts";
import { actionGates, reactionNotifications, reactionLevel, megabytes, history } from "./_known.ts";

const keys = () => ({
  ...commonChannelKeys(groupKeys({})),
  account: maybeText("The assistant's number, `+49…`"),
  accountUuid: maybeText("Its account id, to notice its own messages"),
  cliPath: maybeText("Program signal-cli"),
  configPath: maybeText("Folder where signal-cli keeps its keys"),
  httpUrl: maybeText("Address of a signal-cli that runs already"),
  httpHost: maybeText("Address that signal-cli is started on; default 127.0.0.1"),
  httpPort: maybePort("Port that it is started on; default 8080"),
  autoStart: maybeFlag("Start signal-cli; default true unless httpUrl is set"),
  startupTimeoutMs: Type.Integer({ minimum: 1, maximum: 120_000, description: "Longest start, ms" }),
  receiveMode: maybePick(["on-start", "manual"], "When messages are fetched"),
  ignoreAttachments: maybeFlag("Do not fetch files"),
  ignoreStories: maybeFlag("Do not fetch stories"),
  sendReadReceipts: maybeFlag("Mark messages as read"),
  reactionNotifications: reactionNotifications(),
  reactionAllowlist: words([], "Numbers, or `uuid:…`, whose reactions count with `allowlist`"),
  reactionLevel: reactionLevel(),
  actions: actionGates(["reactions"]),
  historyLimit: history(50),
  mediaMaxMb: megabytes(8),
});

export const signalSection = defineChannelConfig({
  id: "signal",
  summary: "Signal: a number of its own, through signal-cli.",
  keys,
});
