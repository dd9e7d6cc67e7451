/** `memory` and `commitments`: what the assistant remembers, and what it promised. */
import { Type, choice, closed } from "../../contracts/schema.ts";
import { defineConfig } from "../../contracts/config.ts";
import {
  duration,
  flag,
  maybeDuration,
  maybeListOf,
  maybePart,
  maybePick,
  maybeText,
  maybeWhole,
  part,
  pick,
  text,
  whole,
} from "../../contracts/config-kinds.ts";

const update = part(
  {
    interval: duration("5m", "Pause between updates; a bare number is minutes"),
    debounceMs: whole(15_000, "Quiet time after a change, ms"),
    onBoot: flag(true, "Update when the gateway starts"),
    startup: pick(["off", "idle", "immediate"], "off", "When the index is made ready at start"),
    startupDelayMs: whole(120_000, "Pause before that, ms"),
    waitForBootSync: flag(false, "Wait for the first update before searching"),
    embedInterval: maybeDuration("Pause between computing embeddings; a bare number is minutes"),
    commandTimeoutMs: maybeWhole("Longest command, ms", { minimum: 1 }),
    updateTimeoutMs: maybeWhole("Longest update, ms", { minimum: 1 }),
    embedTimeoutMs: maybeWhole("Longest computing of embeddings, ms", { minimum: 1 }),
  },
  "When the index is brought up to date",
);

const match = closed({
  channel: maybeText("Channel"),
  chatType: maybePick(["direct", "dm", "group", "room", "channel"], "Kind of chat"),
  keyPrefix: maybeText("Beginning of the session key"),
  rawKeyPrefix: maybeText("Beginning of the session key with its agent"),
});

const scope = maybePart(
  {
    default: maybePick(["allow", "deny"], "Where no rule fits"),
    rules: maybeListOf(closed({ action: choice(["allow", "deny"]), match: Type.Optional(match) }), "First that fits"),
  },
  "Chats in which memory may be searched; absent means direct chats and channels",
);

const folder = closed({
  name: maybeText("Name of the collection"),
  path: Type.String({ minLength: 1, description: "Folder" }),
  pattern: maybeText("Files in it, such as `**/*.md`"),
});

const qmd = part(
  {
    command: text("qmd", "Program", { minLength: 1 }),
    searchMode: pick(["search", "vsearch", "query"], "search", "By words, by meaning, or both"),
    includeDefaultMemory: flag(true, "Also search MEMORY.md and memory/ of the workspace"),
    paths: maybeListOf(folder, "Further folders"),
    sessions: part(
      {
        enabled: flag(false, "Also search conversations"),
        retentionDays: maybeWhole("Days that exported conversations are kept"),
        exportDir: maybeText("Where conversations are exported to"),
      },
      "Conversations",
    ),
    update,
    limits: part(
      {
        maxResults: whole(6, "Results of one search", { minimum: 1 }),
        maxSnippetChars: maybeWhole("Longest result, characters", { minimum: 1 }),
        maxInjectedChars: maybeWhole("Longest answer of a search, characters", { minimum: 1 }),
        timeoutMs: whole(4000, "Longest search, ms", { minimum: 1 }),
      },
      "Limits",
    ),
    scope,
  },
  "The search program qmd",
);

const memorySection = defineConfig({
  path: "memory",
  summary: "Search in what the assistant has written down.",
  reload: "restart",
  schema: closed({
    backend: pick(["builtin", "qmd"], "builtin", "What searches"),
    citations: pick(["auto", "on", "off"], "auto", "Whether answers name the file that they come from"),
    qmd,
  }),
});

const commitmentsSection = defineConfig({
  path: "commitments",
  summary: "Follow-ups that the assistant infers from conversations.",
  reload: "restart",
  schema: closed({
    enabled: flag(false, "Follow up on what was promised"),
    maxPerDay: whole(3, "Follow-ups a day"),
  }),
});

export const config = [memorySection, commitmentsSection];
