/** The tool `sessions_spawn`. */
import { cut } from "../../../base/text.ts";
import { sha256 } from "../../../base/ids.ts";
import type { Static } from "../../../contracts/schema.ts";
import type { ToolBody } from "../../../contracts/tool.ts";
import { json, refusal } from "./json.ts";
import { Subagents } from "../index.ts";
import type { SpawnRequest } from "../index.ts";
import type { spawnParams } from "../tools.ts";

type Params = Static<typeof spawnParams>;

export const spawnTool: ToolBody<Params> = {
  preview(params, { agentId }) {
    const { attachments, task, ...rest } = params;
    const files = attachments?.map(({ name, content }) => ({ name, sha256: sha256(content) }));
    return {
      target: `${params.agentId ?? agentId}: ${cut(task, 200)}`,
      exact: { task, ...rest, ...(files === undefined ? {} : { attachments: files }) },
    };
  },

  async run(params, context) {
    const { sessionKey, agentId, principal, replyTo, model } = context;
    const answer = await (
      await context.use(Subagents)
    ).spawn(params as SpawnRequest, {
      sessionKey,
      agentId,
      principal,
      model,
      ...(replyTo === undefined ? {} : { replyTo }),
    });
    return answer.status === "accepted" ? json(answer) : refusal(answer);
  },
};
