/** `/tools`. */
import type { ChatCommandCall, ChatOutcome } from "../../contracts/chat.ts";
import { Models } from "../../models/index.ts";
import { Agents } from "../agents/index.ts";
import { Config } from "../config/index.ts";
import { Sessions } from "../sessions/index.ts";
import { grouped, modelOf } from "./_grouped.ts";
import { Policy } from "./index.ts";

export async function tools(call: ChatCommandCall): Promise<ChatOutcome> {
  const [agents, configs, sessions, policy, models] = await Promise.all([
    call.use(Agents),
    call.use(Config),
    call.use(Sessions),
    call.use(Policy),
    call.use(Models),
  ]);
  const config = configs.current();
  const agent = agents.get(call.agentId, config) ?? agents.default(config);
  const row = await sessions.get(call.sessionKey);
  const all = policy.toolset({
    ...(await modelOf(models, config, { agent, entry: row?.entry })),
    config,
    agentId: agent.id,
    sessionKey: call.sessionKey,
    principal: call.principal,
  });
  const verbose = call.rest.toLowerCase() === "verbose";
  const groups = grouped(all, (tool) => (verbose ? `- \`${tool.name}\` – ${tool.summary}` : `\`${tool.name}\``)).map(
    (group) => `**${group.label}**${verbose ? `\n${group.tools.join("\n")}` : `: ${group.tools.join(", ")}`}`,
  );
  if (groups.length === 0) return { reply: "🧰 The assistant has no tools here." };
  const more = verbose ? [] : ["What each does: /tools verbose"];
  return { reply: ["🧰 Tools here", groups.join(verbose ? "\n\n" : "\n"), ...more].join("\n\n") };
}
