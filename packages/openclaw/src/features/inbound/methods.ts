/** Talking to agents over the gateway protocol. */
import { agentMethods } from "./_methods-agent.ts";
import { chatMethods } from "./_methods-chat.ts";
import { commandMethods } from "./_commands/methods-commands.ts";
import { sessionMethods } from "./_methods-sessions.ts";

export const methods = [...chatMethods, ...commandMethods, ...agentMethods, ...sessionMethods];
