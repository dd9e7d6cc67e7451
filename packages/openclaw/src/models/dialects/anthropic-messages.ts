/**
 * Anthropic's Messages API over server-sent events, and the gateways that speak it.
 * Source: https://platform.claude.com/docs/en/build-with-claude/streaming
 */
import { defineDialect } from "../../contracts/model.ts";
import { AnthropicReader } from "./_read-anthropic.ts";
import { anthropicCall } from "./_request-anthropic.ts";
import { streamOver } from "./_stream.ts";

const protocol = {
  call: anthropicCall,
  reader: (...args: ConstructorParameters<typeof AnthropicReader>) => new AnthropicReader(...args),
};

export const dialect = defineDialect({
  id: "anthropic-messages",
  stream: (request, io) => streamOver(protocol, request, io),
});
