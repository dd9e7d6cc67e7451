import { Type, closed } from "../../contracts/schema.ts";
import { defineMethod } from "../../contracts/method.ts";
import { Agents } from "../agents/index.ts";
import { Memory } from "./index.ts";

const AgentId = Type.Optional(Type.String({ minLength: 1, maxLength: 64 }));
const Open = Type.Record(Type.String(), Type.Unknown());

export const methods = [
  defineMethod({
    name: "doctor.memory.status",
    scope: "operator.read",
    summary: "State of an agent's memory index: files, pieces, who computes embeddings, and why nobody does.",
    params: closed({
      agentId: AgentId,
      probe: Type.Optional(Type.Boolean({ description: "Ask the provider for an embedding now." })),
      deep: Type.Optional(Type.Boolean({ description: "The same." })),
    }),
    result: Open,
    async run({ use, signal }, { agentId, probe, deep }) {
      const [memory, agents] = await Promise.all([use(Memory), use(Agents)]);
      const asked = probe === true || deep === true;
      const status = await memory.status({ agentId: agentId ?? agents.default().id, deep: asked, signal });
      const { enabled, reason, probe: found } = status.embeddings;
      const error = found?.error ?? reason;
      const embedding = {
        ok: found?.ok ?? enabled,
        checked: found !== undefined,
        ...(error === undefined ? {} : { error }),
      };
      return { ...status, embedding };
    },
  }),
  defineMethod({
    name: "memory.search",
    scope: "operator.read",
    summary: "Searches an agent's notes as its tool memory_search does.",
    params: closed({
      query: Type.String({ minLength: 1, maxLength: 100_000 }),
      agentId: AgentId,
      maxResults: Type.Optional(Type.Integer({ minimum: 1, maximum: 50 })),
      minScore: Type.Optional(Type.Number({ minimum: 0, maximum: 1 })),
    }),
    result: Open,
    async run({ use, signal }, { agentId, ...query }) {
      const [memory, agents] = await Promise.all([use(Memory), use(Agents)]);
      const answer = await memory.search({
        agentId: agentId ?? agents.default().id,
        inPrivate: true,
        signal,
        ...query,
      });
      return { ...answer };
    },
  }),
];
