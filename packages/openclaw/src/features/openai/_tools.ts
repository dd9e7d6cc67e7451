/** `tools` and `tool_choice`: functions that the client carries out. */
import type { ToolChoice, ToolSchema } from "../../contracts/model.ts";
import type { TSchema } from "../../contracts/schema.ts";
import { invalid, isObject, kindOf } from "./_fields.ts";
import type { Json } from "./_fields.ts";

const NAME = /^[a-zA-Z0-9_-]{1,64}$/;
const MOST = 128;

export interface Offer {
  readonly tools: readonly ToolSchema[];
  readonly toolChoice?: ToolChoice;
}

/** Throws `API_INVALID`. With `tool_choice: "none"` nothing is offered. */
export function offerOf(body: Json): Offer {
  const tools = toolsOf(body["tools"] ?? []);
  const choice = choiceOf(body["tool_choice"] ?? "auto", tools);
  if (choice === "none") return { tools: [] };
  return { tools, ...(choice === "auto" ? {} : { toolChoice: choice }) };
}

function toolsOf(value: unknown): readonly ToolSchema[] {
  if (!Array.isArray(value)) throw invalid(`tools: Invalid input: expected array, received ${kindOf(value)}`);
  if (value.length > MOST) throw refusal(`at most ${MOST} tools are supported`);
  const tools = value.map(toolOf);
  const twice = tools.find((tool, at) => tools.findIndex(({ name }) => name === tool.name) !== at);
  if (twice) throw refusal(`two tools are named ${twice.name}`);
  return tools;
}

/** Chat Completions wraps the function, Responses does not; both take both. */
function toolOf(value: unknown): ToolSchema {
  if (!isObject(value) || value["type"] !== "function") throw refusal("only function tools are supported");
  const { name, description, parameters } = isObject(value["function"]) ? value["function"] : value;
  if (typeof name !== "string" || !NAME.test(name))
    throw refusal("a function needs a name of letters, digits, _ and -");
  if (parameters !== undefined && parameters !== null && !isObject(parameters))
    throw refusal(`the parameters of ${name} must be a JSON Schema object`);
  return {
    name,
    description: typeof description === "string" ? description : "",
    parameters: (parameters ?? { type: "object", properties: {} }) as TSchema,
  };
}

function choiceOf(value: unknown, tools: readonly ToolSchema[]): ToolChoice | "auto" | "none" {
  if (value === "auto" || value === "none") return value;
  if (value === "required") {
    if (tools.length === 0) throw refusal("tool_choice=required but no tools were provided");
    return value;
  }
  if (isObject(value) && value["type"] === "allowed_tools") throw refusal("tool_choice allowed_tools is not supported");
  if (!isObject(value) || value["type"] !== "function")
    throw refusal("tool_choice must be auto, none, required or a function");
  const { name } = isObject(value["function"]) ? value["function"] : value;
  if (!tools.some((tool) => tool.name === name)) throw refusal(`tool_choice requested unknown tool: ${String(name)}`);
  return { name: String(name) };
}

function refusal(reason: string): Error {
  return invalid(`Invalid tools/tool_choice: ${reason}`);
}
