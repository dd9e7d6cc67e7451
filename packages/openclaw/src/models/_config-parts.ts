/** Parts of the `models` section that are long but plain. */
import { Type, choice, closed } from "../contracts/schema.ts";

export const text = (description: string) => Type.Optional(Type.String({ description }));
export const tokens = (description: string) => Type.Optional(Type.Integer({ minimum: 1, description }));
const flag = Type.Optional(Type.Boolean());
const str = Type.Optional(Type.String());
const words = Type.Optional(Type.Array(Type.String()));

/** A secret as it stands, or where it is kept. */
export const secret = Type.Union([
  Type.String(),
  closed({ source: choice(["env", "file", "exec"]), provider: Type.String(), id: Type.String() }),
]);

export const Compat = closed({
  supportsStore: flag,
  supportsPromptCacheKey: flag,
  supportsLongCacheRetention: flag,
  supportsDeveloperRole: flag,
  supportsReasoningEffort: flag,
  supportedReasoningEfforts: words,
  reasoningEffortMap: Type.Optional(Type.Record(Type.String(), Type.String())),
  supportsTemperature: flag,
  supportsUsageInStreaming: flag,
  supportsTools: flag,
  supportsStrictMode: flag,
  requiresStringContent: flag,
  strictMessageKeys: flag,
  maxTokensField: Type.Optional(choice(["max_tokens", "max_completion_tokens"])),
  thinkingFormat: str,
  requiresToolResultName: flag,
  requiresAssistantAfterToolResult: flag,
  requiresThinkingAsText: flag,
  requiresReasoningContentOnAssistantMessages: flag,
  toolSchemaProfile: Type.Optional(choice(["llamacpp", "gemini"])),
  unsupportedToolSchemaKeywords: words,
  toolCallArgumentsEncoding: str,
  requiresOpenAiAnthropicToolPayload: flag,
  visibleReasoningDetailTypes: words,
});

const tls = Type.Optional(
  closed({
    ca: str,
    cert: str,
    key: Type.Optional(secret),
    passphrase: Type.Optional(secret),
    serverName: str,
    insecureSkipVerify: flag,
  }),
);

/** `request`: how the provider is reached. */
export const Transport = closed({
  headers: Type.Optional(Type.Record(Type.String(), secret)),
  auth: Type.Optional(
    closed({
      mode: Type.Optional(choice(["provider-default", "authorization-bearer", "header"])),
      token: Type.Optional(secret),
      headerName: str,
      value: Type.Optional(secret),
      prefix: str,
    }),
  ),
  proxy: Type.Optional(closed({ mode: Type.Optional(choice(["env-proxy", "explicit-proxy"])), url: str, tls })),
  tls,
  allowPrivateNetwork: flag,
});
