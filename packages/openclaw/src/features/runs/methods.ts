/** Conversations, and single tool calls beside them. */
import { conversationMethods } from "./_methods-conversation.ts";
import { toolMethods } from "./_methods-tools.ts";

export const methods = [...conversationMethods, ...toolMethods];
