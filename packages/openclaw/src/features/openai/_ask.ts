/** What both APIs come to: a question to an agent. */
import type { Message } from "../../contracts/message.ts";
import type { Sampling, ToolChoice, ToolSchema } from "../../contracts/model.ts";

export interface Ask {
  /** As sent; the answer repeats it. */
  readonly model: string;
  readonly stream: boolean;
  readonly user?: string;
  /** Goes behind the agent's own prompt. */
  readonly system: string;
  /** Oldest first; ends with the user's message or with results of the client's tools. Never empty. */
  readonly messages: readonly Message[];
  readonly tools: readonly ToolSchema[];
  readonly toolChoice?: ToolChoice;
  readonly sampling: Sampling;
}
