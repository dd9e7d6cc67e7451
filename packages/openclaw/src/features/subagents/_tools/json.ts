/** Results of tools that are data: pretty JSON for the model, the same for clients. */
import { text } from "../../../contracts/tool.ts";
import type { ToolResult } from "../../../contracts/tool.ts";

export function json(value: object): ToolResult {
  return text(JSON.stringify(value, null, 2), value);
}

/** An answer that says that nothing was done. */
export function refusal(value: object): ToolResult {
  return { ...json(value), isError: true };
}
