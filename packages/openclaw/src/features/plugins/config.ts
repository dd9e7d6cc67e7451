/** `plugins`: programs that add channels, tools, providers and more. */
import { Type, closed } from "../../contracts/schema.ts";
import { defineConfig } from "../../contracts/config.ts";
import {
  flag,
  mapOf,
  maybeFlag,
  maybeMapOf,
  maybePart,
  maybeSecret,
  maybeSettings,
  maybeText,
  maybeWords,
  part,
  words,
} from "../../contracts/config-kinds.ts";

const entry = closed({
  enabled: maybeFlag("Load it; absent leaves it to the plugin"),
  config: maybeSettings("Settings of the plugin, which checks them itself"),
  apiKey: maybeSecret("Key that the plugin asks for"),
  env: maybeMapOf(Type.String(), "Variables for the plugin"),
  hooks: maybePart(
    {
      allowPromptInjection: maybeFlag("Let it add to prompts"),
      allowConversationAccess: maybeFlag("Let it read conversations"),
    },
    "What its hooks may do",
  ),
  subagent: maybePart(
    {
      allowModelOverride: maybeFlag("Let it choose the model of runs that it starts"),
      allowedModels: maybeWords("Models it may choose; absent means all that the agent may use"),
    },
    "Runs that it starts",
  ),
});

const pluginsSection = defineConfig({
  path: "plugins",
  summary: "Plugins: which are loaded, from where, with which settings.",
  reload: "restart",
  reloads: { installs: "none" },
  secrets: [
    "entries.*.apiKey",
    "entries.*.env.*",
    "entries.*.config.apiKey",
    "entries.*.config.webSearch.apiKey",
    "entries.*.config.mcpServers.*.env.*",
  ],
  schema: closed({
    enabled: flag(true, "Load plugins"),
    allow: maybeWords("Only these are loaded; absent means all that are enabled"),
    deny: words([], "Never these; wins over `allow`"),
    load: part({ paths: words([], "Further files or folders, absolute or from `~`") }, "Where plugins come from"),
    entries: mapOf(entry, "Single plugins by id"),
    slots: maybePart(
      {
        memory: maybeText("Plugin that keeps memory, or `none`; absent means `memory-core`"),
        contextEngine: maybeText("Plugin that assembles what the model is shown; absent means `legacy`"),
      },
      "Parts of the gateway that a plugin can take over",
    ),
    installs: maybeMapOf(
      Type.Record(Type.String(), Type.Unknown()),
      "Older records of installations, moved to a file of their own",
    ),
  }),
});

export const config = [pluginsSection];
