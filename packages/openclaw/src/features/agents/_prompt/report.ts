/** What fills a prompt, by part: the numbers behind `/context`. No text of the prompt is in it. */
import { compact } from "../../../base/text.ts";
import type { InjectedFile } from "../_injected.ts";
import type { PromptReport } from "../index.ts";
import type { Fitted } from "./fit.ts";
import type { PromptParts } from "./parts.ts";
import { sizeOf } from "./tools.ts";

export interface ReportFacts {
  readonly bootstrapMaxChars: number;
  readonly bootstrapTotalMaxChars: number;
  /** As configured, also where this session is in none. */
  readonly sandboxMode: string;
}

export function reportOf(parts: PromptParts, fitted: Fitted, { sandboxMode, ...facts }: ReportFacts): PromptReport {
  const { request } = parts;
  const { sections, schemas, draft, steps, tokens } = fitted;
  const told = new Set(draft.tools.map(({ name }) => name));
  return {
    model: request.modelRef,
    workspaceDir: request.agent.workspace,
    ...facts,
    sandbox: { mode: request.sandbox?.mode ?? sandboxMode, sandboxed: request.sandbox !== undefined },
    systemPrompt: {
      chars: sections.reduce((sum, { text }) => sum + text.length, 0),
      stableChars: sections.reduce((sum, { text, stable }) => sum + (stable ? text.length : 0), 0),
      projectContextChars: sections.find(({ id }) => id === "files")?.text.length ?? 0,
    },
    sections: sections.map(({ id, text }) => ({ id, chars: text.length })),
    injectedWorkspaceFiles: parts.files.map((file) => fileRow(file, draft.files)),
    skills: {
      promptChars: sections.find(({ id }) => id === "skills")?.text.length ?? 0,
      entries: skillsOf(draft.skills),
    },
    tools: {
      listChars: draft.tools.reduce((sum, { name, summary }) => sum + name.length + summary.length + 5, 0),
      schemaChars: schemas.reduce((sum, schema) => sum + sizeOf(schema).chars, 0),
      entries: draft.tools.map(({ name, summary }, at) => {
        const schema = schemas[at];
        return { name, summaryChars: summary.length, schemaChars: schema === undefined ? 0 : sizeOf(schema).chars };
      }),
    },
    ...(request.budget === undefined
      ? {}
      : {
          budget: compact({
            tokens: request.budget,
            used: tokens,
            shortened: steps,
            droppedTools: request.tools.filter(({ name }) => !told.has(name)).map(({ name }) => name),
          }),
        }),
  };
}

function fileRow(file: InjectedFile, told: readonly InjectedFile[]): PromptReport["injectedWorkspaceFiles"][number] {
  const now = told.find(({ name }) => name === file.name);
  return {
    name: file.name,
    missing: file.text === undefined,
    rawChars: file.rawChars,
    injectedChars: now?.text?.length ?? 0,
    truncated: (now?.truncated ?? true) && file.text !== undefined,
  };
}

function skillsOf(skills: string): PromptReport["skills"]["entries"] {
  return (skills.match(/<skill>[\s\S]*?<\/skill>/g) ?? []).map((block) => ({
    name: /<name>([\s\S]*?)<\/name>/.exec(block)?.[1]?.trim() ?? "",
    blockChars: block.length,
  }));
}
