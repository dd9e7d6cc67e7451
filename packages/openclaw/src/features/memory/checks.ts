import { defineCheck, type CheckContext, type Finding } from "../../contracts/check.ts";
import { Agents } from "../agents/index.ts";
import { Config } from "../config/index.ts";
import { Memory } from "./index.ts";

export const checks = [
  defineCheck({
    id: "memory.search",
    kind: "doctor",
    summary: "The memory of every agent can be searched, by meaning as well as by words.",
    needsConfig: true,
    async run(context) {
      const [agents, config] = await Promise.all([context.use(Agents), context.use(Config)]);
      const found = (await Promise.all(agents.list().map(({ id }) => look(id, context)))).flat();
      return config.current().at("memory.backend") === "qmd" ? [...found, WITHOUT_QMD] : found;
    },
  }),
];

const WITHOUT_QMD: Finding = {
  level: "info",
  message: "The search program qmd (memory.backend) is not part of this version; the built-in index is used.",
  remedy: "To hear no more of it, run: openclaw config unset memory.backend",
};

/** Nothing is computed, and no index is made that is not there. */
async function look(agentId: string, { use }: CheckContext): Promise<readonly Finding[]> {
  const { enabled, provider, reason } = await (await use(Memory)).outlook(agentId);
  if (!enabled) return [{ level: "info", message: `Memory search of agent ${agentId} is turned off.` }];
  if (provider !== undefined)
    return [{ level: "ok", message: `Memory of agent ${agentId} is searched by words and by meaning (${provider}).` }];
  return [
    {
      level: "info",
      message: `Memory of agent ${agentId} is searched by words only: ${reason ?? "no provider computes embeddings"}.`,
      remedy:
        "For search by meaning set OPENAI_API_KEY or GEMINI_API_KEY, or agents.defaults.memorySearch.provider to ollama.",
    },
  ];
}
