/**
 * OpenAI's models through a ChatGPT login: the Responses protocol at ChatGPT's own address, which wants instructions,
 * stores nothing and always streams.
 */
import { defineDialect } from "../../contracts/model.ts";
import type { Endpoint, ModelRequest } from "../../contracts/model.ts";
import { isRecord, record } from "../../base/record.ts";
import { headersFor, joinUrl } from "./_call.ts";
import type { HttpCall } from "./_call.ts";
import { responsesItems } from "./_messages-responses.ts";
import { ResponsesReader } from "./_read-responses.ts";
import { cacheFields, reasoningField, systemText, textField, tierField, toolFields } from "./_request-responses.ts";
import { streamOver } from "./_stream.ts";

/** Where the access token names the account that it belongs to. */
const CLAIM = "https://api.openai.com/auth";
/** The address refuses a call without instructions. */
const NO_INSTRUCTIONS = "You are a helpful assistant.";

export function codexCall(request: ModelRequest): HttpCall {
  const { endpoint } = request;
  const base = endpoint.baseUrl.replace(/\/+$/, "").replace(/\/codex(?:\/responses)?$/, "");
  return {
    url: joinUrl(base, "codex/responses"),
    headers: headersFor(endpoint, {
      ...credential(endpoint),
      "openai-beta": "responses=experimental",
      originator: "openclaw",
    }),
    body: JSON.stringify(codexBody(request)),
  };
}

/** Equal requests give equal bytes: the order of keys is fixed here. No limit and no sampling: both are refused. */
export function codexBody(request: ModelRequest): Record<string, unknown> {
  const { endpoint } = request;
  return {
    model: endpoint.model.wireId ?? endpoint.model.id,
    stream: true,
    store: false,
    include: ["reasoning.encrypted_content"],
    instructions: systemText(request) || NO_INSTRUCTIONS,
    ...withoutRetention(cacheFields(request)),
    ...reasoningField(request),
    ...textField(request),
    ...tierField(request),
    ...toolFields(request),
    parallel_tool_calls: true,
    input: responsesItems(request),
    ...endpoint.extraBody,
  };
}

function withoutRetention({ prompt_cache_retention: _, ...fields }: Record<string, unknown>): Record<string, unknown> {
  return fields;
}

function credential({ apiKey }: Endpoint): Record<string, string> {
  if (apiKey === undefined) return {};
  const account = accountOf(apiKey);
  return { authorization: `Bearer ${apiKey}`, ...(account !== undefined && { "chatgpt-account-id": account }) };
}

/** From the payload of the token (RFC 7519); undefined for a token without one. Nothing is verified: it is only told. */
function accountOf(token: string): string | undefined {
  try {
    const payload: unknown = JSON.parse(Buffer.from(token.split(".")[1] ?? "", "base64url").toString("utf8"));
    const id = isRecord(payload) ? record(payload[CLAIM])["chatgpt_account_id"] : undefined;
    return typeof id === "string" && /^[\w-]{1,128}$/.test(id) ? id : undefined;
  } catch {
    return undefined;
  }
}

const protocol = {
  call: codexCall,
  reader: (...args: ConstructorParameters<typeof ResponsesReader>) => new ResponsesReader(...args),
};

export const dialect = defineDialect({
  id: "openai-codex-responses",
  stream: (request, io) => streamOver(protocol, request, io),
});
