/**
 * OpenAI's models on Azure: the Responses protocol under the address of a resource, the model named by its deployment.
 * Source: https://learn.microsoft.com/azure/ai-foundry/openai/api-version-lifecycle
 */
import { defineDialect } from "../../contracts/model.ts";
import type { Endpoint, ModelRequest } from "../../contracts/model.ts";
import { headersFor } from "./_call.ts";
import type { HttpCall } from "./_call.ts";
import { ResponsesReader } from "./_read-responses.ts";
import { responsesBody } from "./_request-responses.ts";
import { streamOver } from "./_stream.ts";

/** For the older address without `/v1`, which wants a version. */
const DATED_VERSION = "2025-04-01-preview";

export function azureCall(request: ModelRequest): HttpCall {
  const { endpoint } = request;
  return {
    url: addressOf(endpoint),
    headers: headersFor(endpoint, credential(endpoint)),
    body: JSON.stringify(responsesBody(request)),
  };
}

/**
 * `https://<resource>.openai.azure.com`, with or without the path; a version in the query or in `params.apiVersion`
 * is passed on.
 */
function addressOf({ baseUrl, params }: Endpoint): string {
  const url = new URL(baseUrl);
  const path = url.pathname.replace(/\/+$/, "").replace(/\/responses$/, "") || "/openai/v1";
  url.pathname = `${path}/responses`;
  const told = params?.["apiVersion"];
  if (typeof told === "string" && told !== "") url.searchParams.set("api-version", told);
  else if (!url.searchParams.has("api-version") && path.endsWith("/openai"))
    url.searchParams.set("api-version", DATED_VERSION);
  return url.href;
}

/** Keys travel in a header of Azure's own, tokens of a login as a bearer. */
function credential({ apiKey, login }: Endpoint): Record<string, string> {
  if (apiKey === undefined) return {};
  return login?.kind === "oauth" || login?.kind === "token"
    ? { authorization: `Bearer ${apiKey}` }
    : { "api-key": apiKey };
}

const protocol = {
  call: azureCall,
  reader: (...args: ConstructorParameters<typeof ResponsesReader>) => new ResponsesReader(...args),
};

export const dialect = defineDialect({
  id: "azure-openai-responses",
  stream: (request, io) => streamOver(protocol, request, io),
});
