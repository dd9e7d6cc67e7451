/** `acp`: other coding agents as runtimes, over the Agent Client Protocol. */
import { Type, closed } from "../../contracts/schema.ts";
import { defineConfig } from "../../contracts/config.ts";
import { flag, maybeMapOf, maybeText, maybeWhole, part, pick, words } from "../../contracts/config-kinds.ts";

const stream = part(
  {
    coalesceIdleMs: maybeWhole("Pause after which what was said so far is sent, ms"),
    maxChunkChars: maybeWhole("Longest piece, characters", { minimum: 1 }),
    repeatSuppression: flag(true, "Leave out status lines that repeat"),
    deliveryMode: pick(["live", "final_only"], "live", "Send while it works, or only the result"),
    hiddenBoundarySeparator: pick(
      ["none", "space", "newline", "paragraph"],
      "paragraph",
      "Between texts with hidden work between them",
    ),
    maxOutputChars: maybeWhole("Longest output of one turn, characters", { minimum: 1 }),
    maxSessionUpdateChars: maybeWhole("Longest status line, characters", { minimum: 1 }),
    tagVisibility: maybeMapOf(Type.Boolean(), "Which kinds of updates are shown"),
  },
  "What is shown of their work",
);

const acpSection = defineConfig({
  path: "acp",
  summary: "Other coding agents as runtimes.",
  reload: "restart",
  schema: closed({
    enabled: flag(true, "Allow it"),
    dispatch: part({ enabled: flag(true, "Hand turns over to them") }, "Turns"),
    backend: maybeText("Plugin that runs them"),
    defaultAgent: maybeText("Coding agent meant when none is named"),
    allowedAgents: words([], "Coding agents that may be used; empty means all that the backend knows"),
    maxConcurrentSessions: maybeWhole("Sessions at the same time", { minimum: 1 }),
    stream,
    runtime: part(
      {
        ttlMinutes: maybeWhole("Minutes without use after which one is ended"),
        installCommand: maybeText("Command that `/acp install` shows"),
      },
      "Processes",
    ),
  }),
});

export const config = [acpSection];
