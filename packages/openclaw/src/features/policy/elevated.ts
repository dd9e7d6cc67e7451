/** Who may leave the sandbox: the gates of elevated mode. All of them must be open. */
import type { Principal } from "../../contracts/principal.ts";
import type { ConfigSnapshot } from "../config/index.ts";
import { toolsSection } from "./config.ts";
import { agentTools } from "./settings.ts";

export interface ElevatedQuestion {
  readonly agentId: string;
  /** Channel id; `webchat` for the web chat, the command line and the apps. */
  readonly channel: string;
  /** Spellings of the sender for allow-lists, normalised. */
  readonly senderKeys: readonly string[];
  readonly principal: Principal;
  /** One spelling of an entry, as the channel does it. */
  readonly normalize?: (entry: string) => string;
}

const PREFIX = /^(?:id|from|e164|name|username|tag):/i;

/** The gate that is closed, as the key that would open it; undefined when elevated mode is available. */
export function closedElevatedGate(config: ConfigSnapshot, question: ElevatedQuestion): string | undefined {
  const { agentId, channel } = question;
  const tools = config.section(toolsSection).elevated;
  if (tools.enabled === false) return "tools.elevated.enabled";
  if (!listed(tools.allowFrom?.[channel], question)) return `tools.elevated.allowFrom.${channel}`;
  const own = agentTools(config, agentId).elevated;
  if (own?.enabled === false) return `agents.list[${agentId}].tools.elevated.enabled`;
  if (own?.allowFrom !== undefined && !listed(own.allowFrom[channel], question))
    return `agents.list[${agentId}].tools.elevated.allowFrom.${channel}`;
  return undefined;
}

/** Missing and empty lists let nobody in. */
function listed(
  entries: readonly (string | number)[] | undefined,
  { senderKeys, normalize = (entry) => entry.toLowerCase() }: ElevatedQuestion,
): boolean {
  return (entries ?? []).some((entry) => {
    const text = String(entry).trim();
    return text === "*" || senderKeys.includes(normalize(text.replace(PREFIX, "")));
  });
}
