/** Keys of `tools.web`. */
import { Type, choice, closed, defaulted } from "../../contracts/schema.ts";

/** A key in the file: the text itself, or where to find it. */
const secret = (description: string) =>
  Type.Optional(
    Type.Union([
      Type.String({ description }),
      closed({ source: choice(["env", "file", "exec"]), provider: Type.Optional(Type.String()), id: Type.String() }),
    ]),
  );

const SEARCH = [
  "brave",
  "duckduckgo",
  "exa",
  "firecrawl",
  "gemini",
  "grok",
  "kimi",
  "minimax",
  "ollama",
  "perplexity",
  "searxng",
  "tavily",
] as const;

const cacheTtlMinutes = () => defaulted(Type.Number({ minimum: 0, default: 15 }));
const timeoutSeconds = () => defaulted(Type.Number({ minimum: 1, default: 30 }));

const search = closed(
  {
    enabled: Type.Optional(Type.Boolean({ description: "Absent = when there is a key" })),
    provider: Type.Optional(choice(SEARCH, { description: "Absent = the first with a key" })),
    apiKey: secret("Brave key; else BRAVE_API_KEY"),
    maxResults: defaulted(Type.Integer({ minimum: 1, maximum: 10, default: 5 })),
    timeoutSeconds: timeoutSeconds(),
    cacheTtlMinutes: cacheTtlMinutes(),
    perplexity: Type.Optional(
      closed({
        apiKey: secret("Perplexity or OpenRouter key"),
        baseUrl: Type.Optional(Type.String()),
        model: Type.Optional(Type.String()),
      }),
    ),
    openaiCodex: Type.Optional(Type.Record(Type.String(), Type.Unknown())),
  },
  { default: {} },
);

const firecrawl = closed({
  enabled: Type.Optional(Type.Boolean({ description: "Absent = when there is a key" })),
  apiKey: secret("Else FIRECRAWL_API_KEY"),
  baseUrl: defaulted(Type.String({ default: "https://api.firecrawl.dev" })),
  onlyMainContent: defaulted(Type.Boolean({ default: true })),
  maxAgeMs: Type.Optional(Type.Integer({ minimum: 0 })),
  timeoutSeconds: Type.Optional(Type.Number({ minimum: 1 })),
});

const fetch = closed(
  {
    enabled: defaulted(Type.Boolean({ default: true })),
    provider: Type.Optional(Type.String()),
    maxChars: defaulted(Type.Integer({ minimum: 100, default: 50_000 })),
    maxCharsCap: defaulted(
      Type.Integer({ minimum: 100, default: 50_000, description: "Most that a call may ask for" }),
    ),
    maxResponseBytes: defaulted(Type.Integer({ minimum: 1, default: 2_000_000 })),
    maxRedirects: defaulted(Type.Integer({ minimum: 0, default: 3 })),
    timeoutSeconds: timeoutSeconds(),
    cacheTtlMinutes: cacheTtlMinutes(),
    userAgent: Type.Optional(Type.String()),
    readability: defaulted(Type.Boolean({ default: true, description: "false = plain clean-up of the page" })),
    firecrawl: Type.Optional(firecrawl),
    ssrfPolicy: Type.Optional(
      closed({
        allowRfc2544BenchmarkRange: Type.Optional(Type.Boolean()),
        allowIpv6UniqueLocalRange: Type.Optional(Type.Boolean()),
      }),
    ),
  },
  { default: {} },
);

export const web = defaulted(closed({ search: defaulted(search), fetch: defaulted(fetch) }, { default: {} }));

/** Dotted paths below `tools` that hold secrets. */
export const webSecrets = ["web.search.apiKey", "web.search.perplexity.apiKey", "web.fetch.firecrawl.apiKey"] as const;
