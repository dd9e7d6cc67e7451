/** Parts of the `models` section that are long but plain. */
import {
  maybeFlag,
  maybeMapOf,
  maybePart,
  maybePick,
  maybeSecret,
  maybeText,
  maybeWhole,
  maybeWords,
} from "../contracts/config-kinds.ts";
import { SecretText } from "../contracts/secret.ts";
import { Type, closed } from "../contracts/schema.ts";

export const tokens = (description: string) => maybeWhole(description, { minimum: 1, maximum: 100_000_000 });

/** `headers`: values may be kept elsewhere. */
export const headers = (description: string) => maybeMapOf(Type.Union([...SecretText.anyOf]), description);

/** What servers that speak almost the same dialect do differently. */
export const Compat = closed({
  supportsStore: maybeFlag("Takes `store`"),
  supportsPromptCacheKey: maybeFlag("Takes a key for its prompt cache"),
  supportsLongCacheRetention: maybeFlag("Keeps its prompt cache for long when asked"),
  supportsDeveloperRole: maybeFlag("Knows the role `developer`"),
  supportsReasoningEffort: maybeFlag("Takes `reasoning_effort`"),
  supportedReasoningEfforts: maybeWords("Values of it that it takes"),
  reasoningEffortMap: maybeMapOf(Type.String(), "Its names of them"),
  supportsTemperature: maybeFlag("Takes `temperature`"),
  supportsUsageInStreaming: maybeFlag("Tells the use of tokens when streaming"),
  supportsTools: maybeFlag("Takes tools"),
  supportsStrictMode: maybeFlag("Takes strict schemas"),
  requiresStringContent: maybeFlag("Takes texts only, no lists of parts"),
  strictMessageKeys: maybeFlag("Refuses keys that it does not know"),
  maxTokensField: maybePick(["max_tokens", "max_completion_tokens"], "Its name of the longest answer"),
  thinkingFormat: maybeText("How it is told to think"),
  requiresToolResultName: maybeFlag("Wants the tool's name with a result"),
  requiresAssistantAfterToolResult: maybeFlag("Wants an answer after a result"),
  requiresThinkingAsText: maybeFlag("Wants earlier thoughts as text"),
  requiresReasoningContentOnAssistantMessages: maybeFlag("Wants earlier thoughts beside answers"),
  toolSchemaProfile: maybePick(["llamacpp", "gemini"], "Schemas of tools as it understands them"),
  unsupportedToolSchemaKeywords: maybeWords("Words of schemas that it does not understand"),
  toolCallArgumentsEncoding: maybeText("How it writes arguments of tools"),
  requiresOpenAiAnthropicToolPayload: maybeFlag("Wants tools of one dialect in the other's form"),
  visibleReasoningDetailTypes: maybeWords("Kinds of thoughts that are shown"),
});

const tls = maybePart(
  {
    ca: maybeSecret("Authorities that are trusted, PEM"),
    cert: maybeSecret("Certificate of this machine, PEM"),
    key: maybeSecret("Its key, PEM"),
    passphrase: maybeSecret("Passphrase of the key"),
    serverName: maybeText("Name that the server's certificate must have"),
    insecureSkipVerify: maybeFlag("Do not check the server's certificate"),
  },
  "Encryption",
);

/** `request`: how the provider is reached. */
export const Transport = closed({
  headers: headers("Sent with every request"),
  auth: maybePart(
    {
      mode: maybePick(["provider-default", "authorization-bearer", "header"], "How the key is sent"),
      token: maybeSecret("Key, for `authorization-bearer`"),
      headerName: maybeText("Header, for `header`"),
      value: maybeSecret("Its value"),
      prefix: maybeText("Put before the value"),
    },
    "The key",
  ),
  proxy: maybePart(
    {
      mode: maybePick(["env-proxy", "explicit-proxy"], "Proxy of the environment, or the one named here"),
      url: maybeText("Its address"),
      tls,
    },
    "Proxy",
  ),
  tls,
  allowPrivateNetwork: maybeFlag("The server may be in a private network; loopback always may"),
});
