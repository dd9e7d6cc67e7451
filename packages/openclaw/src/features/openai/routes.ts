/** The OpenAI-compatible endpoints. Off unless configured; `docs/http-api.md` describes them. */
import type { ConfigSnapshot } from "../../contracts/config.ts";
import { defineRoute } from "../../contracts/route.ts";

type Endpoint = "chatCompletions" | "responses";
const LARGEST = 20_000_000;

const bodyLimit = (name: Endpoint) => (config: ConfigSnapshot) =>
  Number(config.at(`gateway.http.endpoints.${name}.maxBodyBytes`) ?? LARGEST);
const isOn = (name: Endpoint) => (config: ConfigSnapshot) =>
  config.at(`gateway.http.endpoints.${name}.enabled`) === true;
const eitherIsOn = (config: ConfigSnapshot) => isOn("chatCompletions")(config) || isOn("responses")(config);

export const routes = [
  defineRoute({
    methods: ["GET"],
    paths: ["/v1/models"],
    on: eitherIsOn,
    auth: "gateway",
    scope: "operator.read",
    summary: "The agents, as models.",
    bodyLimit: 0,
    run: async (call) => (await import("./_models.ts")).listModels(call),
  }),
  defineRoute({
    methods: ["GET"],
    // Ids hold a slash.
    paths: ["/v1/models/"],
    on: eitherIsOn,
    auth: "gateway",
    scope: "operator.read",
    summary: "One agent, as a model.",
    bodyLimit: 0,
    run: async (call) => (await import("./_models.ts")).oneModel(call),
  }),
  defineRoute({
    methods: ["POST"],
    paths: ["/v1/chat/completions"],
    on: isOn("chatCompletions"),
    auth: "gateway",
    scope: "operator.write",
    summary: "A turn of an agent as a chat completion, whole or streamed.",
    bodyLimit: bodyLimit("chatCompletions"),
    run: async (call) => (await import("./_chat.ts")).chat(call),
  }),
  defineRoute({
    methods: ["POST"],
    paths: ["/v1/responses"],
    on: isOn("responses"),
    auth: "gateway",
    scope: "operator.write",
    summary: "A turn of an agent as a response, whole or streamed.",
    bodyLimit: bodyLimit("responses"),
    run: async (call) => (await import("./_responses.ts")).responses(call),
  }),
  defineRoute({
    methods: ["POST"],
    paths: ["/v1/embeddings"],
    on: eitherIsOn,
    auth: "gateway",
    scope: "operator.write",
    summary: "Embeddings, where a provider makes them.",
    bodyLimit: 5 * 1024 * 1024,
    run: async (call) => (await import("./_embeddings.ts")).embeddings(call),
  }),
];
