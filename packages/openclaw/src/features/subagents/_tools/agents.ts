/** The tool `agents_list`. */
import { compact } from "../../../base/text.ts";
import type { ToolBody } from "../../../contracts/tool.ts";
import { Agents } from "../../agents/index.ts";
import { Config } from "../../config/index.ts";
import { json } from "./json.ts";
import { settingsOf } from "../_settings.ts";

export const agentsTool: ToolBody<object> = {
  preview: (_params, { agentId }) => ({ target: agentId, exact: { agentId } }),

  async run(_params, context) {
    const config = (await context.use(Config)).current();
    const all = (await context.use(Agents)).list(config);
    const allowed = settingsOf(config, context.agentId).allowAgents?.map((id) => id.trim().toLowerCase());
    const allowAny = allowed?.includes("*") ?? false;
    const ids = allowAny
      ? [context.agentId, ...all.map(({ id }) => id)]
      : [...(allowed === undefined ? [context.agentId] : allowed)];
    const agents = [...new Set(ids)].map((id) => {
      const agent = all.find((one) => one.id === id);
      return compact({ id, name: agent?.name, configured: agent !== undefined, model: agent?.model.primary });
    });
    return json({ requester: context.agentId, allowAny, agents });
  },
};
