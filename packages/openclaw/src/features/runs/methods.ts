/** Conversations, and single tool calls beside them. */
import { branchMethods } from "./_methods-branches.ts";
import { conversationMethods } from "./_methods-conversation.ts";
import { toolMethods } from "./_methods-tools.ts";

export const methods = [...conversationMethods, ...branchMethods, ...toolMethods];
