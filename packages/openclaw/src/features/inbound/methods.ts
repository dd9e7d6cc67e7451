/** Talking to agents over the gateway protocol. */
import { agentMethods } from "./_methods-agent.ts";
import { chatMethods } from "./_methods-chat.ts";
import { sessionMethods } from "./_methods-sessions.ts";

export const methods = [...chatMethods, ...agentMethods, ...sessionMethods];
