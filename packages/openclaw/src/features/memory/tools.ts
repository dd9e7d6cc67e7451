/** Tools that find what was written down. */
import { Type, closed } from "../../contracts/schema.ts";
import { defineTool } from "../../contracts/tool.ts";
import { Config } from "../config/index.ts";
import { Memory, memoryEnabled } from "./index.ts";

export const searchParams = closed({
  query: Type.String({
    minLength: 1,
    maxLength: 10_000_000,
    description: "What to look for: a question or a few words",
  }),
  maxResults: Type.Optional(Type.Integer({ minimum: 1, maximum: 50, description: "Default 6" })),
  minScore: Type.Optional(Type.Number({ minimum: 0, maximum: 1, description: "Least score" })),
});

export const getParams = closed({
  path: Type.String({ minLength: 1, maxLength: 4096, description: "As memory_search names it" }),
  from: Type.Optional(Type.Integer({ minimum: 1, description: "First line, from 1" })),
  lines: Type.Optional(Type.Integer({ minimum: 1, description: "Number of lines; default 120" })),
});

const shared = {
  group: "memory",
  effect: "read",
  isFor: memoryEnabled,
} as const;

export const tools = [
  defineTool({
    ...shared,
    name: "memory_search",
    label: "Search memory",
    summary: "Search notes of earlier days by meaning and words",
    description:
      "Searches MEMORY.md, memory/**/*.md and what else is configured. Use it before answering about earlier work, decisions, dates, people, preferences or to-dos. Returns pieces with path, lines and score; memory_get reads on from there.",
    params: searchParams,
    paramAliases: { q: "query", limit: "maxResults" },
    uses: [Memory, Config],
    load: async () => (await import("./_tool-search.ts")).search,
  }),
  defineTool({
    ...shared,
    name: "memory_get",
    label: "Read a note",
    summary: "Read lines of a note that memory_search found",
    description:
      "Reads lines of MEMORY.md or of a note below memory/, as memory_search named it. A note that does not exist is empty.",
    params: getParams,
    paramAliases: { file_path: "path", offset: "from", limit: "lines" },
    uses: [Memory],
    load: async () => (await import("./_tool-get.ts")).get,
  }),
];
