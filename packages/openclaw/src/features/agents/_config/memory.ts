/** Keys of `agents.defaults.memorySearch`. */
import {
  amount,
  flag,
  maybeFlag,
  maybeListOf,
  maybeMapOf,
  maybePart,
  maybePick,
  maybeSecret,
  maybeText,
  maybeWhole,
  maybeWords,
  part,
  text,
  whole,
} from "../../../contracts/config-kinds.ts";
import { Type, choice, closed, defaulted } from "../../../contracts/schema.ts";

const SHARE = { maximum: 1 };

const remote = maybePart(
  {
    baseUrl: maybeText("Address of the server"),
    apiKey: maybeSecret("Its key; absent = the provider's"),
    headers: maybeMapOf(Type.String(), "Sent with every request"),
    batch: maybePart(
      {
        enabled: maybeFlag("Use the cheaper, slower way for many texts"),
        concurrency: maybeWhole("Batches at the same time", { minimum: 1 }),
        wait: maybeFlag("Wait for them"),
        pollIntervalMs: maybeWhole("How often it is asked for them, ms", { minimum: 1 }),
        timeoutMinutes: maybeWhole("Longest wait, minutes", { minimum: 1 }),
      },
      "Batches",
    ),
    nonBatchConcurrency: maybeWhole("Requests at the same time", { minimum: 1 }),
  },
  "A server that computes embeddings",
);

const local = maybePart(
  {
    modelPath: maybeText("File of the model, or its address"),
    modelCacheDir: maybeText("Folder for models that are loaded"),
    contextSize: defaulted(
      Type.Unsafe<number | "auto">({
        anyOf: [{ type: "integer", minimum: 1 }, { const: "auto" }],
        default: 4096,
        description: "Context of the model, tokens",
      }),
    ),
  },
  "A model on this machine",
);

const query = part(
  {
    maxResults: whole(6, "Results", { minimum: 1 }),
    minScore: amount(0.35, "Least likeness", SHARE),
    hybrid: part(
      {
        enabled: flag(true, "Search by words as well as by meaning"),
        vectorWeight: amount(0.7, "Weight of meaning", SHARE),
        textWeight: amount(0.3, "Weight of words", SHARE),
        candidateMultiplier: whole(4, "Candidates for each result", { minimum: 1 }),
        mmr: part(
          { enabled: flag(false, "Prefer results that differ"), lambda: amount(0.7, "1 = likeness only", SHARE) },
          "Variety",
        ),
        temporalDecay: part(
          { enabled: flag(false, "Prefer recent notes"), halfLifeDays: amount(30, "Days after which weight is half") },
          "Age",
        ),
      },
      "Words and meaning together",
    ),
  },
  "Searching",
);

const store = part(
  {
    driver: maybePick(["sqlite"], "Kind of index"),
    path: maybeText(
      "File of the index, `{agentId}` is replaced; default `memory/{agentId}.sqlite` in the state directory",
    ),
    vector: maybePart(
      { enabled: maybeFlag("Use the vector extension"), extensionPath: maybeText("File of the extension") },
      "Vectors",
    ),
    fts: maybePart({ tokenizer: maybePick(["unicode61", "trigram"], "How words are found") }, "Words"),
  },
  "The index",
);

const sync = part(
  {
    onSessionStart: flag(true, "At the beginning of a session"),
    onSearch: flag(true, "Before a search"),
    watch: flag(true, "When files change"),
    watchDebounceMs: whole(1500, "Quiet time after a change, ms"),
    intervalMinutes: whole(0, "Every so many minutes; 0 = not"),
    embeddingBatchTimeoutSeconds: maybeWhole("Longest computing of embeddings, seconds", { minimum: 1 }),
    sessions: maybePart(
      {
        deltaBytes: maybeWhole("New text of a conversation after which it is taken in, bytes"),
        deltaMessages: maybeWhole("The same in messages"),
        postCompactionForce: maybeFlag("Take it in after summarising"),
      },
      "Conversations",
    ),
  },
  "When the index is brought up to date",
);

const folder = Type.Union([
  Type.String(),
  closed({ path: Type.String(), name: maybeText("Name"), pattern: maybeText("Files in it") }),
]);

export const memorySearch = part(
  {
    enabled: flag(true, "Search in notes"),
    provider: text("auto", "Who computes embeddings: `auto`, `local`, or a provider"),
    model: maybeText("Model; absent = the provider's usual one"),
    fallback: text("none", "Provider when that one fails"),
    sources: defaulted(
      Type.Array(choice(["memory", "sessions"]), { default: ["memory"], description: "Notes, conversations" }),
    ),
    extraPaths: maybeWords("Further files and folders"),
    outputDimensionality: maybeWhole("Length of embeddings", { minimum: 1 }),
    inputType: maybeText("What the provider is told about texts"),
    queryInputType: maybeText("The same for questions"),
    documentInputType: maybeText("The same for notes"),
    remote,
    local,
    query,
    store,
    cache: part(
      { enabled: flag(true, "Keep embeddings"), maxEntries: maybeWhole("Most of them", { minimum: 1 }) },
      "Kept embeddings",
    ),
    chunking: maybePart(
      {
        tokens: maybeWhole("Length of pieces, tokens", { minimum: 1 }),
        overlap: maybeWhole("Tokens that pieces share"),
      },
      "Pieces",
    ),
    sync,
    multimodal: maybePart(
      {
        enabled: maybeFlag("Take in pictures and sound as well"),
        modalities: maybeWords("Which"),
        maxFileBytes: maybeWhole("Largest file, bytes"),
      },
      "Pictures and sound",
    ),
    experimental: maybePart({ sessionMemory: maybeFlag("Search in conversations") }, "Not finished yet"),
    qmd: maybePart({ extraCollections: maybeListOf(folder, "Further folders") }, "The search program qmd"),
  },
  "Search in what the agent has written down",
);
