/** Services of inbound by name; the door shows them. */
import { token } from "../../contracts/service.ts";
import type { ChatCommand } from "../../contracts/chat.ts";
import type { InboundService } from "./index.ts";

export const Inbound = token<InboundService>("inbound");

/** Every slash command of the product; the composition root provides it. */
export const ChatCommands = token<readonly ChatCommand[]>("chat-commands");
