/** What all channels share, and the channels that are known although their extension is not here. */
import { Type, closed } from "../../contracts/schema.ts";
import { channelHeartbeat } from "../../contracts/channel-config.ts";
import { maybeFlag, maybePart, maybePick, maybeWhole } from "../../contracts/config-kinds.ts";
import { defineConfig } from "../../contracts/config.ts";
import { knownChannels } from "./known/list.ts";

const defaultsSection = defineConfig({
  path: "channels.defaults",
  summary: "What holds for every channel that does not say otherwise.",
  reload: "live",
  schema: closed({
    groupPolicy: maybePick(["open", "allowlist", "disabled"], "Senders in groups; allowlist where nothing is said"),
    contextVisibility: maybePick(
      ["all", "allowlist", "allowlist_quote"],
      "Whose messages the assistant gets as context; all where nothing is said",
    ),
    heartbeat: Type.Optional(channelHeartbeat()),
    botLoopProtection: maybePart(
      {
        enabled: maybeFlag("Stop answering"),
        maxEventsPerWindow: maybeWhole("Messages within the window that are too many", { minimum: 1 }),
        windowSeconds: maybeWhole("Window, seconds", { minimum: 1 }),
        cooldownSeconds: maybeWhole("Pause before answering again, seconds"),
      },
      "Bots that answer each other without end",
    ),
  }),
});

const modelByChannelSection = defineConfig({
  path: "channels.modelByChannel",
  summary: "Models of single conversations: channel → conversation id → model.",
  reload: "live",
  schema: Type.Record(
    Type.String(),
    Type.Record(Type.String(), Type.String(), { description: "Model by conversation" }),
    {
      default: {},
    },
  ),
});

export const config = [defaultsSection, modelByChannelSection, ...knownChannels];
