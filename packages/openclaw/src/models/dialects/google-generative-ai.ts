/**
 * Google's Gemini API over server-sent events.
 * Source: https://ai.google.dev/api/generate-content
 */
import { defineDialect } from "../../contracts/model.ts";
import { GoogleReader } from "./_read-google.ts";
import { googleCall } from "./_request-google.ts";
import { streamOver } from "./_stream.ts";

const protocol = {
  call: googleCall,
  reader: (...args: ConstructorParameters<typeof GoogleReader>) => new GoogleReader(...args),
};

export const dialect = defineDialect({
  id: "google-generative-ai",
  stream: (request, io) => streamOver(protocol, request, io),
});
