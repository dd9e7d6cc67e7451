/** `channels.webchat`: the chat in the browser; it needs no settings, those of every channel are understood. */
import { commonChannelKeys, groupKeys } from "../../../contracts/channel-config.ts";
import { knownChannel } from "./_known.ts";

export const webchatSection = knownChannel({
  id: "webchat",
  summary: "The chat of the Control UI and the apps; always there.",
  keys: commonChannelKeys(groupKeys({})),
});
