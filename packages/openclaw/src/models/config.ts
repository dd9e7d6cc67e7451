/** `models` and `auth`: providers beyond the built-in ones, and changes to those. */
import { maybeSecret, maybeText as text } from "../contracts/config-kinds.ts";
import { Type, choice, closed, defaulted } from "../contracts/schema.ts";
import { defineConfig } from "../contracts/config.ts";
import { authSection } from "./_config-auth.ts";
import { Compat, Transport, headers, tokens } from "./_config-parts.ts";

/** What a row that leaves a limit out is taken to have, in tokens. */
export const DEFAULT_CONTEXT = 200_000;
export const DEFAULT_MAX_TOKENS = 8192;

const price = (description: string) => defaulted(Type.Number({ default: 0, minimum: 0, description }));

const Model = closed({
  id: Type.String({ minLength: 1, description: "The server's name of the model; may contain / and :" }),
  name: text("Shown to people; default the id"),
  api: text("Dialect of this model, if not the provider's"),
  reasoning: defaulted(Type.Boolean({ default: false, description: "Can think before it answers" })),
  input: defaulted(Type.Array(choice(["text", "image"]), { default: ["text"], description: "What it can be shown" })),
  cost: Type.Optional(
    closed(
      {
        input: price("US dollars per million input tokens"),
        output: price("US dollars per million output tokens"),
        cacheRead: price("US dollars per million tokens read from a cache"),
        cacheWrite: price("US dollars per million tokens written to a cache"),
      },
      { default: {}, description: "Prices" },
    ),
  ),
  contextWindow: tokens(`Tokens the model can hold; default ${DEFAULT_CONTEXT}`),
  contextTokens: tokens("Tokens of it that are used"),
  maxTokens: tokens(`Longest answer in tokens; default ${DEFAULT_MAX_TOKENS}`),
  params: Type.Optional(Type.Record(Type.String(), Type.Unknown(), { description: "Settings sent with requests" })),
  headers: headers("Sent with requests to this model"),
  compat: Type.Optional(Compat),
});

const Provider = closed({
  baseUrl: text("Address of the server; built in for known providers"),
  apiKey: maybeSecret("Key, or the name of a variable that holds it; absent means the provider's own variable"),
  api: text("Dialect: openai-completions when baseUrl is set, else the provider's own"),
  auth: Type.Optional(choice(["api-key", "token", "oauth", "aws-sdk"], { description: "Kind of credential" })),
  authHeader: defaulted(Type.Boolean({ default: false, description: "Send the key as Authorization: Bearer" })),
  headers: headers("Sent with every request"),
  request: Type.Optional(Transport),
  timeoutSeconds: Type.Optional(
    Type.Number({ exclusiveMinimum: 0, description: "Longest request, first to last byte" }),
  ),
  contextWindow: tokens("For models that do not say"),
  contextTokens: tokens("For models that do not say"),
  maxTokens: tokens("For models that do not say"),
  injectNumCtxForOpenAICompat: Type.Optional(Type.Boolean({ description: "Ollama: ask for a context of this size" })),
  sanitizeToolCallIds: Type.Optional(Type.Boolean({ description: "Make ids of tool calls plain" })),
  params: Type.Optional(Type.Record(Type.String(), Type.Unknown(), { description: "Settings sent with requests" })),
  models: Type.Optional(Type.Array(Model, { description: "Models besides the built-in ones" })),
});

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
    ...["ca", "cert", "key", "passphrase"].flatMap((key) => [
      `providers.*.request.tls.${key}`,
      `providers.*.request.proxy.tls.${key}`,
    ]),
  ],
  schema: closed({
    mode: defaulted(
      choice(["merge", "replace"], {
        default: "merge",
        description: "Whether providers are added to the built-in ones or stand alone",
      }),
    ),
    pricing: Type.Optional(
      closed(
        { enabled: Type.Optional(Type.Boolean({ description: "Fetch prices in the background; default true" })) },
        { description: "Prices" },
      ),
    ),
    providers: Type.Optional(Type.Record(Type.String({ minLength: 1 }), Provider, { description: "By provider id" })),
  }),
});

export const config = [modelsSection, authSection];
