/** What is shown and how fast it comes: `/verbose`, `/reasoning`, `/fast`. */
import { preference } from "./preference.ts";

const ON = ["enable", "enabled", "true", "yes", "1"];
const OFF = ["disable", "disabled", "false", "no", "0"];

export const levels = [
  preference({
    name: "verbose",
    aliases: ["v"],
    summary: "Show what tools do",
    field: "verboseLevel",
    label: "verbose level",
    fallbackAt: "agents.defaults.verboseDefault",
    fallback: "off",
    levels: [
      { value: "on", aliases: ON, said: "Verbose logging enabled." },
      { value: "full", aliases: ["all"], said: "Verbose logging set to full." },
      { value: "off", aliases: OFF, said: "Verbose logging disabled." },
    ],
  }),
  preference({
    name: "reasoning",
    aliases: ["reason"],
    summary: "Show what the model thinks",
    field: "reasoningLevel",
    label: "reasoning level",
    fallbackAt: "agents.defaults.reasoningDefault",
    fallback: "off",
    levels: [
      { value: "on", aliases: ON, said: "Reasoning visibility enabled." },
      { value: "off", aliases: OFF, said: "Reasoning visibility disabled." },
      { value: "stream", said: "Reasoning stream enabled (Telegram only)." },
    ],
  }),
  preference({
    name: "fast",
    summary: "Ask the provider for speed",
    field: "fastMode",
    label: "fast mode",
    fallbackAt: "agents.defaults.fastModeDefault",
    fallback: "off",
    levels: [
      { value: "on", aliases: ON, stored: true, said: "Fast mode enabled." },
      { value: "off", aliases: OFF, stored: false, said: "Fast mode disabled." },
    ],
  }),
];
