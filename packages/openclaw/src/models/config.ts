/** `models` and `auth`: providers beyond the built-in ones, changes to those, and logins. */
import {
  amount,
  flag,
  maybeFlag,
  maybeListOf,
  maybeMapOf,
  maybePart,
  maybePick,
  maybeSecret,
  maybeSettings,
  maybeText,
  pick,
} from "../contracts/config-kinds.ts";
import { defineConfig } from "../contracts/config.ts";
import { Type, choice, closed } from "../contracts/schema.ts";
import { authSection } from "./_config-auth.ts";
import { Compat, Transport, headers, tokens } from "./_config-parts.ts";

/** What a row that leaves a limit out is taken to have, in tokens. */
export const DEFAULT_CONTEXT = 200_000;
export const DEFAULT_MAX_TOKENS = 8192;

/** Far above what anybody asks for; what is above is a slip. */
const PRICE = { maximum: 100_000 };

const Cost = closed(
  {
    input: amount(0, "US dollars per million input tokens", PRICE),
    output: amount(0, "US dollars per million output tokens", PRICE),
    cacheRead: amount(0, "US dollars per million tokens read from a cache", PRICE),
    cacheWrite: amount(0, "US dollars per million tokens written to a cache", PRICE),
  },
  { default: {}, description: "Prices" },
);

const Model = closed({
  id: Type.String({ minLength: 1, description: "The server's name of the model; may contain / and :" }),
  name: maybeText("Shown to people; default the id"),
  api: maybeText("Dialect of this model, if not the provider's"),
  reasoning: maybeFlag("Can think before it answers; default false, or what is known of a built-in model"),
  input: maybeListOf(choice(["text", "image"]), "What it can be shown; default text, or what is known of the model"),
  cost: Type.Optional(Cost),
  contextWindow: tokens(`Tokens the model can hold; default ${DEFAULT_CONTEXT}`),
  contextTokens: tokens("Tokens of it that are used"),
  maxTokens: tokens(`Longest answer in tokens; default ${DEFAULT_MAX_TOKENS}`),
  params: maybeSettings("Settings sent with requests"),
  headers: headers("Sent with requests to this model"),
  compat: Type.Optional(Compat),
});

const Provider = closed({
  baseUrl: maybeText("Address of the server; built in for known providers"),
  apiKey: maybeSecret("Key, or the name of a variable that holds it; absent means the provider's own variable"),
  api: maybeText("Dialect: openai-completions when baseUrl is set, else the provider's own"),
  auth: maybePick(["api-key", "token", "oauth", "aws-sdk"], "Kind of credential"),
  authHeader: flag(false, "Send the key as Authorization: Bearer"),
  headers: headers("Sent with every request"),
  request: Type.Optional(Transport),
  timeoutSeconds: Type.Optional(
    Type.Number({ exclusiveMinimum: 0, maximum: 86_400, description: "Longest request, first to last byte" }),
  ),
  contextWindow: tokens("For models that do not say"),
  contextTokens: tokens("For models that do not say"),
  maxTokens: tokens("For models that do not say"),
  injectNumCtxForOpenAICompat: maybeFlag("Ollama: ask for a context of this size"),
  sanitizeToolCallIds: maybeFlag("Make ids of tool calls plain"),
  params: maybeSettings("Settings sent with requests"),
  models: maybeListOf(Model, "Models besides the built-in ones"),
});

const TLS_SECRETS = ["ca", "cert", "key", "passphrase"].flatMap((key) => [
  `providers.*.request.tls.${key}`,
  `providers.*.request.proxy.tls.${key}`,
]);

export const modelsSection = defineConfig({
  path: "models",
  summary: "Model providers: addresses, keys, models.",
  reload: "live",
  reloads: { pricing: "restart" },
  secrets: [
    "providers.*.apiKey",
    "providers.*.headers.*",
    "providers.*.models.*.headers.*",
    "providers.*.request.headers.*",
    "providers.*.request.auth.token",
    "providers.*.request.auth.value",
    ...TLS_SECRETS,
  ],
  schema: closed({
    mode: pick(["merge", "replace"], "merge", "Whether providers are added to the built-in ones or stand alone"),
    pricing: maybePart({ enabled: flag(true, "Fetch prices in the background") }, "Prices"),
    providers: maybeMapOf(Provider, "By provider id"),
  }),
});

export const config = [modelsSection, authSection];
