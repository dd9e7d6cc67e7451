/**
 * Google's models on Vertex AI: the protocol of the Gemini API under the address of a project and a place.
 * Source: https://cloud.google.com/vertex-ai/generative-ai/docs/model-reference/inference
 */
import { defineDialect } from "../../contracts/model.ts";
import type { DialectIo, Endpoint, ModelRequest } from "../../contracts/model.ts";
import { CallFailed, headersFor, joinUrl } from "./_call.ts";
import type { HttpCall } from "./_call.ts";
import { GoogleReader } from "./_read-google.ts";
import { googleBody, googleCredential } from "./_request-google.ts";
import { streamOver } from "./_stream.ts";
import { vertexToken } from "./_vertex-token.ts";

export async function vertexCall(request: ModelRequest, io: DialectIo): Promise<HttpCall> {
  const { endpoint } = request;
  const ambient = endpoint.apiKey === undefined && !hasAuthorization(endpoint);
  const token = ambient ? { authorization: `Bearer ${await vertexToken(request, io)}` } : {};
  return {
    url: addressOf(endpoint, io),
    headers: headersFor(endpoint, { ...token, ...googleCredential(withBearer(endpoint)) }),
    body: JSON.stringify(googleBody(request)),
  };
}

function hasAuthorization({ headers }: Endpoint): boolean {
  return Object.keys(headers).some((name) => name.toLowerCase() === "authorization");
}

/** Keys of Google begin with `AIza` or `AQ.`; everything else that is given is an access token. */
function withBearer(endpoint: Endpoint): Endpoint {
  if (endpoint.apiKey === undefined || /^(?:AIza|AQ\.)/.test(endpoint.apiKey)) return endpoint;
  return { ...endpoint, login: { id: "token", agentId: "", ...endpoint.login, kind: "token" } };
}

/**
 * Project and place from the address, the model's params (`project`, `location`) or the environment. With a key alone
 * there is a shorter address without both.
 */
function addressOf({ baseUrl, params = {}, model, apiKey }: Endpoint, io: DialectIo): string {
  const id = encodeURIComponent((model.wireId ?? model.id).replace(/^models\//, ""));
  const call = `publishers/google/models/${id}:streamGenerateContent?alt=sse`;
  const base = /\/v1(?:beta1)?(?:\/|$)/.test(new URL(baseUrl).pathname) ? baseUrl : joinUrl(baseUrl, "v1");
  if (base.includes("/projects/")) return joinUrl(base.replace(/\/publishers.*$/, ""), call);
  const env = io.programs?.env ?? {};
  const project = textIn(params["project"]) ?? textIn(env["GOOGLE_CLOUD_PROJECT"]);
  if (project === undefined && apiKey !== undefined) return joinUrl(base, call);
  if (project === undefined)
    throw new CallFailed({
      class: "format",
      code: "no_project",
      message: "Vertex AI needs a project: set GOOGLE_CLOUD_PROJECT, or params.project of the model.",
    });
  const location = textIn(params["location"]) ?? textIn(env["GOOGLE_CLOUD_LOCATION"]) ?? placeIn(base);
  return joinUrl(base, `projects/${encodeURIComponent(project)}/locations/${encodeURIComponent(location)}/${call}`);
}

/** `us-east1-aiplatform.googleapis.com` names its place. */
function placeIn(base: string): string {
  return /^([a-z0-9-]+)-aiplatform\.googleapis\.com$/.exec(new URL(base).hostname)?.[1] ?? "global";
}

function textIn(value: unknown): string | undefined {
  return typeof value === "string" && value.trim() !== "" ? value.trim() : undefined;
}

const protocol = {
  call: vertexCall,
  reader: (...args: ConstructorParameters<typeof GoogleReader>) => new GoogleReader(...args),
};

export const dialect = defineDialect({
  id: "google-vertex",
  stream: (request, io) => streamOver(protocol, request, io),
});
