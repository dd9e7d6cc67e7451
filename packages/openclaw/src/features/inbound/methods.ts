/** Talking to agents over the gateway protocol. */
import { agentMethods } from "./_clients/methods-agent.ts";
import { chatMethods } from "./_clients/methods-chat.ts";
import { commandMethods } from "./_commands/methods-commands.ts";
import { sessionMethods } from "./_clients/methods-sessions.ts";

export const methods = [...chatMethods, ...commandMethods, ...agentMethods, ...sessionMethods];
