/**
 * OpenAI's Chat Completions API over server-sent events, and the many servers that speak it with an accent.
 * Source: https://platform.openai.com/docs/api-reference/chat
 */
import { defineDialect } from "../../contracts/model.ts";
import { OpenaiReader } from "./_read-openai.ts";
import { openaiCall } from "./_request-openai.ts";
import { streamOver } from "./_stream.ts";

const protocol = {
  call: openaiCall,
  reader: (...args: ConstructorParameters<typeof OpenaiReader>) => new OpenaiReader(...args),
};

export const dialect = defineDialect({
  id: "openai-completions",
  stream: (request, io) => streamOver(protocol, request, io),
});
