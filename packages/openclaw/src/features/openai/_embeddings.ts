/** `POST /v1/embeddings`: by the model that a header names, else by the one of the agent's memory search. */
import { sendJson } from "../../base/reply.ts";
import type { ConfigSnapshot } from "../../contracts/config.ts";
import type { Endpoint } from "../../contracts/model.ts";
import type { RouteCall } from "../../contracts/route.ts";
import { Models } from "../../models/index.ts";
import { answering } from "./_answering.ts";
import { errors } from "./errors.ts";
import { integer, invalid, isObject, text, type Json } from "./_fields.ts";
import { targetOf } from "./_target.ts";

/** Models that are meant where a provider is named alone. */
const USUAL: Readonly<Record<string, string>> = { openai: "text-embedding-3-small" };
const MAX_TEXTS = 2048;

export function embeddings(call: RouteCall): Promise<void> {
  return answering(call, async (body) => {
    const model = text(body, "model");
    if (model === undefined) throw invalid("model: Invalid input: expected string, received undefined");
    const input = textsOf(body["input"]);
    const format = text(body, "encoding_format") ?? "float";
    if (format !== "float" && format !== "base64") throw invalid("`encoding_format` must be `float` or `base64`.");
    const dimensions = integer(body, "dimensions", 1);
    const { agent, backend } = await targetOf(call, { api: "chat", model });
    const models = await call.use(Models);
    const endpoint = backend
      ? await models.resolve(backend, call.config, { anyId: true, agentId: agent.id })
      : await endpointOf(memorySearch(call.config, agent.id), (ref) =>
          models.resolve(ref, call.config, { anyId: true, agentId: agent.id }),
        );
    const { vectors, tokens } = await models.embed({
      endpoint,
      input,
      signal: call.signal,
      ...(dimensions === undefined ? {} : { dimensions }),
    });
    sendJson(call.response, 200, {
      object: "list",
      data: vectors.map((vector, index) => ({
        object: "embedding",
        index,
        embedding: format === "base64" ? packed(vector) : vector,
      })),
      model,
      usage: { prompt_tokens: tokens, total_tokens: tokens },
    });
  });
}

function textsOf(input: unknown): readonly string[] {
  const texts: unknown[] = Array.isArray(input) ? input : [input];
  if (texts.length === 0 || !texts.every((one) => typeof one === "string"))
    throw invalid("`input` must be a string or an array of strings.");
  if (texts.length > MAX_TEXTS) throw invalid(`\`input\` must not have more than ${MAX_TEXTS} texts.`);
  return texts as string[];
}

/** `agents.defaults.memorySearch`, and what the agent says otherwise. */
function memorySearch(config: ConfigSnapshot, agentId: string): Json {
  const agents = config.at("agents.list");
  const own = (Array.isArray(agents) ? agents : []).find((each) => isObject(each) && each["id"] === agentId);
  const common = config.at("agents.defaults.memorySearch");
  const special = isObject(own) && isObject(own["memorySearch"]) ? own["memorySearch"] : {};
  return { ...(isObject(common) ? common : {}), ...special };
}

/** Throws `API_NO_EMBEDDINGS` where neither a provider nor a server is named. */
async function endpointOf(search: Json, resolve: (ref: string) => Promise<Endpoint>): Promise<Endpoint> {
  const provider = typeof search["provider"] === "string" ? search["provider"] : "auto";
  const remote = isObject(search["remote"]) ? search["remote"] : {};
  const { baseUrl, apiKey, headers } = remote;
  const model = typeof search["model"] === "string" ? search["model"] : USUAL[provider];
  if (model === undefined) throw errors.API_NO_EMBEDDINGS();
  if (typeof baseUrl === "string")
    return {
      provider,
      api: "openai-completions",
      baseUrl,
      ...(typeof apiKey === "string" ? { apiKey } : {}),
      headers: isObject(headers) ? (headers as Record<string, string>) : {},
      model: { id: model, name: model, reasoning: false, input: ["text"], contextWindow: 8192, maxTokens: 8192 },
      native: false,
    };
  if (provider === "auto" || provider === "local") throw errors.API_NO_EMBEDDINGS();
  const endpoint = await resolve(`${provider}/${model}`);
  return typeof apiKey === "string" ? { ...endpoint, apiKey } : endpoint;
}

/** 32-bit floats, little end first, as base64: what official clients ask for. */
function packed(vector: readonly number[]): string {
  const bytes = Buffer.alloc(vector.length * 4);
  for (const [at, value] of vector.entries()) bytes.writeFloatLE(value, at * 4);
  return bytes.toString("base64");
}
