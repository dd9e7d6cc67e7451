/** `channels.webchat`: the chat in the browser; it needs no settings, those of every channel are understood. */
import { commonChannelKeys, groupKeys } from "../../../contracts/channel-config.ts";
import { defineChannelConfig } from "../../../contracts/channel-section.ts";

export const webchatSection = defineChannelConfig({
  id: "webchat",
  summary: "The chat of the Control UI and the apps; always there.",
  keys: () => commonChannelKeys(groupKeys({})),
});
