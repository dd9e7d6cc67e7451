/** Tools as the model is offered them. */
import type { ToolSchema } from "../../../contracts/model.ts";
import type { TSchema } from "../../../contracts/schema.ts";
import type { Tool } from "../../../contracts/tool.ts";

/** In the order given. `brief`: one line each, and parameters by their names and types only. */
export function schemasOf(tools: readonly Tool[], brief: boolean): readonly ToolSchema[] {
  return tools.map((tool) =>
    brief
      ? { name: tool.name, description: tool.summary, parameters: wordless(tool.params) as TSchema }
      : { name: tool.name, description: tool.description, parameters: tool.params },
  );
}

/** A JSON Schema without its explanations. A parameter may itself be called `description`. */
function wordless(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(wordless);
  if (schema === null || typeof schema !== "object") return schema;
  const kept = Object.entries(schema).filter(([key, value]) => !(WORDS.has(key) && typeof value !== "object"));
  return Object.fromEntries(
    kept.map(([key, value]) => [
      key,
      key === "properties" ? wordlessEach(value) : LITERAL.has(key) ? value : wordless(value),
    ]),
  );
}

const WORDS: ReadonlySet<string> = new Set(["description", "title", "$comment", "default"]);
/** Data, not schemas. */
const LITERAL: ReadonlySet<string> = new Set(["enum", "const", "required", "examples"]);

function wordlessEach(properties: unknown): unknown {
  if (properties === null || typeof properties !== "object") return properties;
  return Object.fromEntries(Object.entries(properties).map(([name, schema]) => [name, wordless(schema)]));
}
