/** Slash commands: standalone messages that the core answers without a model. */
import type { Address } from "./envelope.ts";
import type { Principal } from "./principal.ts";
import type { Platform, Use } from "./service.ts";

export interface ChatCommandCall {
  readonly use: Use;
  readonly platform: Platform;
  readonly sessionKey: string;
  readonly agentId: string;
  readonly principal: Principal;
  readonly address: Address;
  /** What follows the command, trimmed. */
  readonly rest: string;
}

export interface ChatCommand {
  /** Without the slash. */
  readonly name: string;
  readonly aliases?: readonly string[];
  readonly summary: string;
  readonly category: "session" | "options" | "status" | "management" | "media" | "tools";
  readonly args?: string;
  /** Only for owners; others get their text handed to the agent like any text. */
  readonly ownerOnly?: boolean;
  /** Answer text (Markdown); undefined says nothing. `turn` starts a turn with that text instead. */
  run(call: ChatCommandCall): Promise<{ reply?: string; turn?: string } | undefined>;
}

export function defineChat(command: ChatCommand): ChatCommand {
  return command;
}
