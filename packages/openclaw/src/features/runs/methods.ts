/** Conversations, and single tool calls beside them. */
import { branchMethods } from "./_history/methods-branches.ts";
import { conversationMethods } from "./_history/methods-conversation.ts";
import { toolMethods } from "./_calls/methods-tools.ts";

export const methods = [...conversationMethods, ...branchMethods, ...toolMethods];
