/** `openclaw/channel-kit`: what channels have in common. */
export { chunkMarkdown, type ChunkOptions } from "./chunk.ts";
export { fencesOf, type Fence } from "./_fences.ts";
export { parseMarkdown, type MarkdownOptions } from "./markdown.ts";
export type { Dialect, Span, Style, StyledText } from "./styled.ts";
export { telegramHtml } from "./dialects/telegram-html.ts";
export { plain } from "./dialects/plain.ts";
export { Backoff } from "./backoff.ts";
export { pollLoop, type PollOptions } from "./poll.ts";
export { RetryGate } from "./gate.ts";
export { readTokenFile } from "./token-file.ts";
export {
  accountId,
  credentialDigest,
  DEFAULT_ACCOUNT,
  defaultAccountId,
  resolveAccounts,
  type AccountRules,
  type AccountSettings,
} from "./accounts.ts";
