/** A tool call as the conversation shows it. */
import type { Entry, LiveTool } from "./conversation.ts";
import { outputText } from "./tools.ts";

export interface ToolView {
  readonly name: string;
  readonly args: unknown;
  readonly output: string;
  readonly status: "running" | "done" | "failed" | "unknown";
  readonly startedAt?: number;
  readonly durationMs?: number;
}

export function storedTool(
  call: { readonly name: string; readonly arguments: unknown },
  result: Entry | undefined,
  from: Entry,
  live: LiveTool | undefined,
): ToolView {
  const view = { name: call.name, args: call.arguments };
  if (result === undefined) {
    if (live === undefined) return { ...view, output: "", status: "unknown" };
    return { ...view, ...liveTool(live), args: call.arguments };
  }
  const measured =
    durationIn(result.message.details) ?? span(live) ?? Math.max(0, result.message.timestamp - from.message.timestamp);
  return {
    ...view,
    output: outputText(result.message.content),
    status: result.message.isError === true ? "failed" : "done",
    durationMs: measured,
  };
}

export function liveTool(tool: LiveTool): ToolView {
  const durationMs = span(tool);
  return {
    name: tool.name,
    args: tool.args,
    output: tool.output,
    status: tool.status,
    startedAt: tool.startedAt,
    ...(durationMs === undefined ? {} : { durationMs }),
  };
}

function span(tool: LiveTool | undefined): number | undefined {
  return tool?.endedAt === undefined ? undefined : tool.endedAt - tool.startedAt;
}

function durationIn(details: unknown): number | undefined {
  if (typeof details !== "object" || details === null || !("durationMs" in details)) return undefined;
  return typeof details.durationMs === "number" ? details.durationMs : undefined;
}
