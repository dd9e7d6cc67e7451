/** Keys of `agents.defaults` about the length of what the model is shown: pruning, compaction. */
import {
  flag,
  maybeBytes,
  maybeDuration,
  maybeFlag,
  maybePart,
  maybeText,
  maybeWhole,
  maybeWords,
  amount,
  part,
  pick,
  text,
  whole,
  words,
} from "../../../contracts/config-kinds.ts";
import { Type, closed } from "../../../contracts/schema.ts";

const RATIO = { maximum: 1 };

export const contextPruning = part(
  {
    mode: pick(["off", "adaptive", "aggressive", "cache-ttl"], "adaptive", "How old tool results are shortened"),
    keepLastAssistants: whole(3, "Answers from the end, after which results stay whole"),
    softTrimRatio: amount(0.3, "Share of the context from which long results are shortened", RATIO),
    hardClearRatio: amount(0.5, "Share of the context from which old results are replaced", RATIO),
    minPrunableToolChars: whole(50_000, "Results that must be there together before that, characters"),
    softTrim: part(
      {
        maxChars: whole(4000, "Longest result that stays whole, characters"),
        headChars: whole(1500, "Kept from its beginning"),
        tailChars: whole(1500, "Kept from its end"),
      },
      "Shortening",
    ),
    hardClear: part(
      {
        enabled: flag(true, "Replace old results; `aggressive` always does"),
        placeholder: text("[Old tool result content cleared]", "What stands in their place"),
      },
      "Replacing",
    ),
    tools: maybePart(
      {
        allow: maybeWords("Only results of these tools, `*` for any characters"),
        deny: maybeWords("Never results of these"),
      },
      "Tools whose results are shortened",
    ),
    ttl: maybeDuration(
      "`cache-ttl`: pause after which the provider's cache is taken to be gone; a bare number is minutes",
    ),
  },
  "Shortening of old tool results in what the model is shown; the transcript stays whole",
);

const guard = Type.Optional(
  Type.Union(
    [
      Type.Boolean(),
      closed({ enabled: maybeFlag("Check summaries"), maxRetries: maybeWhole("Attempts at a better one") }),
    ],
    { description: "Check summaries and write bad ones again; on with `safeguard`" },
  ),
);

const precheck = Type.Optional(
  Type.Union([Type.Boolean(), closed({ enabled: maybeFlag("Check") })], {
    description: "Check the length also between tool calls; default off",
  }),
);

export const compaction = part(
  {
    mode: pick(["default", "safeguard"], "default", "`safeguard` summarises long conversations in pieces"),
    reserveTokens: maybeWhole("Tokens kept free"),
    reserveTokensFloor: whole(20_000, "Fewest tokens kept free; 0 = as few as `reserveTokens` says"),
    keepRecentTokens: maybeWhole("Tokens at the end that stay as they are"),
    memoryFlush: part(
      {
        enabled: flag(true, "Let the assistant write down what matters first"),
        softThresholdTokens: whole(4000, "How long before the limit, tokens"),
        prompt: maybeText("What it is asked"),
        systemPrompt: maybeText("Added to the prompt for it"),
        model: maybeText("Model for it"),
      },
      "A silent turn before the conversation is summarised",
    ),
    provider: maybeText("Plugin that summarises"),
    model: maybeText("Model that summarises; absent = that of the session"),
    timeoutSeconds: whole(900, "Longest summarising, seconds", { minimum: 1 }),
    identifierPolicy: pick(["strict", "off", "custom"], "strict", "Whether ids and names are kept to the letter"),
    identifierInstructions: maybeText("`custom`: what the model is told about them"),
    customInstructions: maybeText("Added to what the summarising model is told"),
    qualityGuard: guard,
    midTurnPrecheck: precheck,
    postCompactionSections: words(
      ["Session Startup", "Red Lines"],
      "Headings of AGENTS.md that are shown again afterwards; empty = none",
    ),
    truncateAfterCompaction: flag(false, "Begin a new transcript file afterwards"),
    maxActiveTranscriptBytes: maybeBytes("Size of the transcript from which it is summarised in any case"),
    notifyUser: flag(false, "Say so in the chat"),
  },
  "Summarising of long conversations",
);

export const startupContext = part(
  {
    enabled: flag(true, "Show recent notes at the beginning of a conversation"),
    applyOn: Type.Optional(
      Type.Array(Type.Unsafe<"new" | "reset">({ type: "string", enum: ["new", "reset"] }), {
        default: ["new", "reset"],
        description: "After which commands",
      }),
    ),
    dailyMemoryDays: whole(2, "Days of notes"),
    maxFileBytes: whole(16_384, "Longest file read, bytes"),
    maxFileChars: whole(1200, "Most of one file, characters"),
    maxTotalChars: whole(2800, "Most of all files, characters"),
  },
  "Recent notes at the beginning of a conversation",
);

export const contextLimits = part(
  {
    memoryGetMaxChars: whole(12_000, "Longest answer of memory_get, characters", { minimum: 1 }),
    memoryGetDefaultLines: whole(120, "Lines it gives when not told", { minimum: 1 }),
    toolResultMaxChars: whole(16_000, "Longest tool result shown, characters", { minimum: 1 }),
    postCompactionMaxChars: whole(1800, "Most of AGENTS.md shown again after summarising, characters", { minimum: 1 }),
  },
  "Longest texts shown to the model",
);
