/** Keys of `tools.web`. */
import {
  amount,
  flag,
  maybeAmount,
  maybeFlag,
  maybePart,
  maybePick,
  maybeSecret,
  maybeText,
  maybeWhole,
  part,
  text,
  whole,
} from "../../contracts/config-kinds.ts";
import { Type } from "../../contracts/schema.ts";

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

const timeoutSeconds = amount(30, "Longest request, seconds", { minimum: 1 });
const cacheTtlMinutes = amount(15, "How long results are kept, minutes");

const search = part(
  {
    enabled: maybeFlag("Absent = when there is a key"),
    provider: maybePick(SEARCH, "Absent = the first with a key"),
    apiKey: maybeSecret("Brave key; else BRAVE_API_KEY"),
    maxResults: whole(5, "Results of one search", { minimum: 1, maximum: 10 }),
    timeoutSeconds,
    cacheTtlMinutes,
    perplexity: maybePart(
      {
        apiKey: maybeSecret("Perplexity or OpenRouter key"),
        baseUrl: maybeText("Address of the server"),
        model: maybeText("Model"),
      },
      "Perplexity",
    ),
    openaiCodex: Type.Optional(
      Type.Object(
        { enabled: maybeFlag("Use it where the model has it"), mode: maybeText("How it searches") },
        {
          additionalProperties: Type.Unknown({ description: "Further setting" }),
          description: "Search of the provider",
        },
      ),
    ),
  },
  "The tool `web_search`",
);

const firecrawl = maybePart(
  {
    enabled: maybeFlag("Absent = when there is a key"),
    apiKey: maybeSecret("Else FIRECRAWL_API_KEY"),
    baseUrl: text("https://api.firecrawl.dev", "Address of the server"),
    onlyMainContent: flag(true, "Leave out menus and the like"),
    maxAgeMs: maybeWhole("Oldest copy of a page that is taken, ms"),
    timeoutSeconds: maybeAmount("Longest request, seconds", { minimum: 1 }),
  },
  "Firecrawl, for pages that cannot be read otherwise",
);

const fetch = part(
  {
    enabled: flag(true, "Read pages"),
    provider: maybeText("Plugin that reads pages; absent = automatic"),
    maxChars: whole(50_000, "Longest page given to the model, characters", { minimum: 100 }),
    maxCharsCap: whole(50_000, "Most that a call may ask for", { minimum: 100 }),
    maxResponseBytes: whole(2_000_000, "Longest page loaded, bytes", { minimum: 1 }),
    maxRedirects: whole(3, "Redirects followed"),
    timeoutSeconds,
    cacheTtlMinutes,
    userAgent: maybeText("How the program names itself"),
    readability: flag(true, "false = plain clean-up of the page"),
    firecrawl,
    ssrfPolicy: maybePart(
      {
        allowRfc2544BenchmarkRange: maybeFlag("Open 198.18.0.0/15, which some proxies use"),
        allowIpv6UniqueLocalRange: maybeFlag("Open fc00::/7, which some proxies use"),
      },
      "Private addresses that may be opened",
    ),
  },
  "The tool `web_fetch`",
);

export const web = part({ search, fetch }, "The web");

/** Dotted paths below `tools` that hold secrets. */
export const webSecrets = ["web.search.apiKey", "web.search.perplexity.apiKey", "web.fetch.firecrawl.apiKey"] as const;
