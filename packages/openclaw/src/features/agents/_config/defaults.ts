/** Keys of `agents.defaults`. */
import {
  amount,
  flag,
  maybeFlag,
  maybeMapOf,
  maybeOverlay,
  maybePart,
  maybePick,
  maybeText,
  maybeWhole,
  maybeWords,
  part,
  pick,
  text,
  whole,
} from "../../../contracts/config-kinds.ts";
import { Type, closed } from "../../../contracts/schema.ts";
import { exec, message } from "../../../contracts/tool-config.ts";
import { compaction, contextLimits, contextPruning, startupContext } from "./context.ts";
import { blockStreamingChunk, blockStreamingCoalesce, heartbeat, humanDelay, typingMode } from "./delivery.ts";
import { cliBackend, subagents } from "./subagents.ts";
import { memorySearch } from "./memory.ts";
import { sandbox } from "./sandbox.ts";
import { maybeFast, maybeModel, maybeParams, maybeRuntime, maybeThinking, silentReply } from "./shared.ts";

const workspace = {
  workspace: maybeText("Folder the agent works in; default `~/.openclaw/workspace`"),
  repoRoot: maybeText("Repository named in the prompt; absent = the one that the workspace lies in"),
  skipBootstrap: flag(false, "Do not create the workspace files"),
  skipOptionalBootstrapFiles: maybeWords("Workspace files that are not created"),
  bootstrapMaxChars: whole(20_000, "Longest workspace file put into the prompt whole, in characters", { minimum: 1 }),
  bootstrapTotalMaxChars: whole(60_000, "The same for all of them together", { minimum: 1 }),
  bootstrapPromptTruncationWarning: pick(["off", "once", "always"], "once", "Tell the model when a file was shortened"),
  contextInjection: pick(
    ["always", "continuation-skip", "never"],
    "always",
    "When workspace files are put into the prompt",
  ),
};

const time = {
  userTimezone: maybeText("Time zone told to the model, such as Europe/Berlin; absent = that of this machine"),
  timeFormat: Type.Optional(
    Type.Unsafe<"auto" | "12" | "24" | 12 | 24>({
      anyOf: [{ type: "string", enum: ["auto", "12", "24"] }, { const: 12 }, { const: 24 }],
      default: "auto",
      description: "Clock told to the model",
    }),
  ),
  envelopeTimezone: text("local", "Time zone of messages: `utc`, `local`, `user`, or a name"),
  envelopeTimestamp: pick(["on", "off"], "on", "Tell the model when a message came"),
  envelopeElapsed: pick(["on", "off"], "on", "Tell it how long after the one before"),
};

const catalogEntry = closed({
  alias: maybeText("Short name, in upper or lower case"),
  params: maybeParams("Settings of the model such as `temperature` and `maxTokens`"),
  streaming: maybeFlag("Let the model answer piece by piece"),
  agentRuntime: maybeRuntime(),
});

const models = {
  model: maybeModel("Model; without it one is chosen by the keys that are there"),
  models: maybeMapOf(catalogEntry, "Models that may be chosen, with short names and settings; absent = all"),
  params: maybeParams("Settings of all models; those of a model win"),
  imageModel: maybeModel("Model for pictures when the main one cannot see"),
  imageGenerationModel: maybeModel("Model that makes pictures"),
  musicGenerationModel: maybeModel("Model that makes music"),
  videoGenerationModel: maybeModel("Model that makes videos"),
  mediaGenerationAutoProviderFallback: flag(true, "Try other providers with a key when it fails"),
  pdfModel: maybeModel("Model for PDF files"),
  pdfMaxBytesMb: amount(10, "Largest PDF file, MB"),
  pdfMaxPages: whole(20, "Most pages of a PDF file", { minimum: 1 }),
  imageMaxDimensionPx: whole(1200, "Longer side of pictures given to the model, pixels", { minimum: 1 }),
  thinkingDefault: maybeThinking("How hard the model thinks; absent = the provider's choice"),
  fastModeDefault: maybeFast("Ask the provider for speed"),
  contextTokens: maybeWhole(
    "Tokens of the model's context that are used; absent = 200000, or what the model's own entry says",
    { minimum: 1 },
  ),
  contextPruning,
  compaction,
  contextLimits,
  startupContext,
};

const answers = {
  verboseDefault: pick(["off", "on", "full"], "off", "Show tool calls in the chat"),
  reasoningDefault: pick(["off", "on", "stream"], "off", "Show what the model thinks in the chat"),
  elevatedDefault: pick(["off", "on", "ask", "full"], "on", "Run commands on the host for those who may ask for it"),
  timeoutSeconds: whole(600, "Longest run, in seconds", { minimum: 1 }),
  mediaMaxMb: amount(5, "Largest file taken in, MB"),
  maxConcurrent: whole(1, "Runs at once over all sessions; one per session always", { minimum: 1, maximum: 256 }),
  blockStreamingDefault: pick(["on", "off"], "off", "Send finished paragraphs while the answer is written"),
  blockStreamingBreak: pick(["text_end", "message_end"], "text_end", "When a paragraph counts as finished"),
  blockStreamingChunk,
  blockStreamingCoalesce,
  humanDelay,
  typingMode,
  typingIntervalSeconds: amount(6, "How often one is told that an answer comes, seconds", { minimum: 1 }),
  ...silentReply,
};

export const defaults = part(
  {
    ...workspace,
    ...time,
    ...models,
    ...answers,
    cliBackends: maybeMapOf(cliBackend, "Programs that answer in text when no provider does, by name"),
    heartbeat,
    subagents,
    sandbox,
    memorySearch,
    skills: maybeWords("Only these skills; absent = all"),
    tools: maybePart({ message: maybeOverlay(message) }, "Older place of `tools.message`"),
    exec: maybeOverlay({ ...exec, description: "Older place of `tools.exec`" }),
    systemPromptOverride: maybeText("Stands in place of the whole prompt"),
    promptOverlays: maybePart(
      {
        gpt5: maybePart({ personality: maybePick(["friendly", "on", "off"], "Tone of GPT-5 models") }, "GPT-5 models"),
      },
      "Additions to the prompt of some models",
    ),
    agentRuntime: maybeRuntime(),
    embeddedPi: part(
      {
        executionContract: pick(
          ["default", "strict-agentic"],
          "default",
          "How strictly it must act instead of describing",
        ),
      },
      "The built-in runtime",
    ),
    experimental: maybePart(
      { localModelLean: flag(false, "Shorter prompts and fewer tools for small models") },
      "Not finished yet",
    ),
  },
  "What holds for every agent that does not say otherwise",
);
