import { Fault, errorText } from "../../base/errors.ts";
import { defineCheck, type CheckContext, type Finding } from "../../contracts/check.ts";
import { Models } from "../../models/index.ts";
import { Config } from "../config/index.ts";
import { Agents, type Agent } from "./index.ts";

export const checks = [
  defineCheck({
    id: "agents.models",
    kind: "doctor",
    summary: "The model of every agent is known and has a key.",
    needsConfig: true,
    async run(context) {
      const agents = await context.use(Agents);
      return Promise.all(agents.list().map((agent) => modelOf(agent, context)));
    },
  }),
];

async function modelOf({ id, model }: Agent, { use }: CheckContext): Promise<Finding> {
  const [models, config] = await Promise.all([use(Models), use(Config)]);
  const snapshot = config.current();
  const ref = models.defaultRef(snapshot, model.primary);
  try {
    const { api } = await models.resolve(ref, snapshot);
    if (api !== "offline") return { level: "ok", message: `Agent ${id} uses ${ref}.` };
    return {
      level: "info",
      message: `Agent ${id} uses the built-in offline model, which only knows a few plain requests.`,
      remedy:
        "Set a key such as ANTHROPIC_API_KEY or OPENAI_API_KEY, choose a model from: openclaw models list --all, then run: openclaw config set agents.defaults.model.primary <provider/model>",
    };
  } catch (error) {
    return {
      level: "error",
      message: `Agent ${id} cannot use ${ref}: ${errorText(error)}`,
      ...(error instanceof Fault ? { remedy: error.remedy } : {}),
    };
  }
}
