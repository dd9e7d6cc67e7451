/**
 * The system prompt. Stable blocks first, what changes from chat to chat last, so that a provider's
 * cache of the prefix is hit: nothing before the boundary may depend on time or on the conversation.
 */
import { hostname } from "node:os";
import type { SystemBlock } from "../../contracts/model.ts";
import type { InjectedFile } from "./_workspace.ts";
import type { PromptRequest } from "./index.ts";

export interface PromptParts {
  readonly request: PromptRequest;
  readonly files: readonly InjectedFile[];
  /** Section prose by name: `safety`, `bias`, `tooling`, `silence`. */
  readonly prose: (name: string) => string;
  readonly timezone: string;
  readonly hourCycle: "12-hour" | "24-hour";
}

export function buildPrompt(parts: PromptParts): readonly SystemBlock[] {
  const { request } = parts;
  const stable = [
    identity(request),
    tooling(parts),
    section("Execution", parts.prose("bias")),
    section("Safety", parts.prose("safety")),
    workspace(request),
    time(parts),
    context(parts.files),
  ];
  const volatile = [
    extra(request),
    section("Silent Replies", parts.prose("silence")),
    runtime(parts),
    reasoning(request),
  ];
  return [
    { text: join(stable), stable: true },
    { text: join(volatile), stable: false },
  ];
}

function identity({ agent }: PromptRequest): string {
  const name = agent.identity.name;
  return `You are ${name === undefined ? "a personal assistant" : `${name}, a personal assistant`} running inside OpenClaw, on the owner's own machine.`;
}

function tooling(parts: PromptParts): string {
  const { tools } = parts.request;
  if (tools.length === 0) return "";
  const lines = tools.map((tool) => `- ${tool.name}: ${tool.summary}`);
  return section("Tooling", `Tools available to you:\n${lines.join("\n")}\n\n${parts.prose("tooling")}`);
}

function workspace({ agent }: PromptRequest): string {
  return section("Workspace", `Your working directory is ${agent.workspace}. Use it for files unless told otherwise.`);
}

function time(parts: PromptParts): string {
  return section(
    "Current Date & Time",
    `Time zone: ${parts.timezone}\nTime format: ${parts.hourCycle}\nAsk session_status for the clock.`,
  );
}

function context(files: readonly InjectedFile[]): string {
  if (files.length === 0) return "";
  const bodies = files.map((file) => `### ${file.name}\n\n${file.text ?? `[missing: ${file.path}]`}`);
  return section(
    "Project Context",
    `These workspace files are loaded for you; they may be edited by you and by the owner.\n\n${bodies.join("\n\n")}`,
  );
}

function extra({ extra: text }: PromptRequest): string {
  return text === undefined || text.trim() === "" ? "" : section("Conversation", text.trim());
}

function runtime(parts: PromptParts): string {
  const { request } = parts;
  const facts = [
    `host=${hostname()}`,
    `os=${process.platform} ${process.arch}`,
    `node=${process.version}`,
    `model=${request.modelRef}`,
    `thinking=${request.thinking}`,
  ];
  return section("Runtime", facts.join(" | "));
}

function reasoning(request: PromptRequest): string {
  return request.thinking === "off"
    ? ""
    : section("Reasoning", "Your reasoning is hidden from the person unless they turn it on with /reasoning.");
}

function section(title: string, body: string): string {
  return `## ${title}\n\n${body.trim()}`;
}

function join(blocks: readonly string[]): string {
  return blocks.filter((block) => block !== "").join("\n\n");
}
