/** A tool call from its events, and what of its result people read. */
import type { LiveTool } from "./conversation.ts";
import type { AgentEvent } from "openclaw/client";

export function toolAfter(before: LiveTool | undefined, callId: string, event: AgentEvent): LiveTool {
  const { data } = event;
  const known: LiveTool = before ?? {
    runId: event.runId,
    callId,
    name: "tool",
    output: "",
    status: "running",
    startedAt: event.ts,
  };
  const named = typeof data["name"] === "string" ? { ...known, name: data["name"] } : known;
  const tool = data["args"] === undefined ? named : { ...named, args: data["args"] };
  if (event.stream === "item")
    return data["phase"] === "end" ? finished(tool, event, data["status"] === "failed") : tool;
  if (data["phase"] === "update") return { ...tool, output: outputText(data["partialResult"]) || tool.output };
  if (data["phase"] !== "result") return tool;
  const result = { ...tool, output: outputText(data["result"]) || tool.output };
  return finished(result, event, data["isError"] === true);
}

function finished(tool: LiveTool, event: AgentEvent, failed: boolean): LiveTool {
  const status = failed || tool.status === "failed" ? "failed" : "done";
  return { ...tool, status, endedAt: tool.endedAt ?? event.ts };
}

/** The text of a tool's result: its text parts, or the value itself. */
export function outputText(result: unknown): string {
  if (result === undefined || result === null) return "";
  if (typeof result === "string") return result;
  if (typeof result === "object" && "content" in result) return outputText(result.content);
  if (!Array.isArray(result)) return JSON.stringify(result, null, 2);
  return result.map((part: unknown) => (isText(part) ? part.text : "")).join("\n");
}

function isText(part: unknown): part is { text: string } {
  return typeof part === "object" && part !== null && "text" in part && typeof part.text === "string";
}
