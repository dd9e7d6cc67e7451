/**
 * OpenAI's Responses API over server-sent events, and the servers that imitate it.
 * Source: https://platform.openai.com/docs/api-reference/responses
 */
import { defineDialect } from "../../contracts/model.ts";
import { ResponsesReader } from "./_read-responses.ts";
import { responsesCall } from "./_request-responses.ts";
import { streamOver } from "./_stream.ts";

const protocol = {
  call: responsesCall,
  reader: (...args: ConstructorParameters<typeof ResponsesReader>) => new ResponsesReader(...args),
};

export const dialect = defineDialect({
  id: "openai-responses",
  stream: (request, io) => streamOver(protocol, request, io),
});
