/** `/context` in words. Lines and their order as documented; the numbers of the prompt, never its text. */
import type { ContextReport } from "../index.ts";

const MOST_LISTED = 8;

/** The lines of `/context list`, or of `/context detail` with the largest skills and tools. */
export function contextText(report: ContextReport, detail: boolean): string {
  const { systemPrompt, sandbox, skills, tools, source } = report;
  const count = skills.entries.length;
  return [
    "🧠 Context breakdown",
    `Workspace: ${report.workspaceDir}`,
    `Bootstrap max/file: ${number(report.bootstrapMaxChars)} chars`,
    `Sandbox: mode=${sandbox.mode} sandboxed=${sandbox.sandboxed}`,
    `System prompt (${source}): ${size(systemPrompt.chars)} (Project Context ${size(systemPrompt.projectContextChars)})`,
    "",
    "Injected workspace files:",
    ...(report.injectedWorkspaceFiles.length === 0 ? ["- none"] : report.injectedWorkspaceFiles.map(fileLine)),
    "",
    `Skills list (system prompt text): ${size(skills.promptChars)} (${count} ${count === 1 ? "skill" : "skills"})`,
    ...(detail ? largest(skills.entries.map(({ name, blockChars }) => ({ name, chars: blockChars }))) : []),
    `Tools: ${tools.entries.length === 0 ? "none" : tools.entries.map(({ name }) => name).join(", ")}`,
    `Tool list (system prompt text): ${size(tools.listChars)}`,
    `Tool schemas (JSON): ${size(tools.schemaChars)} (counts toward context; not shown as text)`,
    ...(detail ? largest(tools.entries.map(({ name, schemaChars }) => ({ name, chars: schemaChars }))) : []),
    ...budgetLines(report),
    "",
    ...(detail ? [...shares(report), ""] : []),
    `Session tokens (cached): ${report.sessionTokens === null ? "none yet" : `${number(report.sessionTokens)} total`} / ctx=${report.contextTokens === null ? "?" : number(report.contextTokens)}`,
  ].join("\n");
}

export const EXPLANATION = [
  "🧠 /context shows what fills the model's window.",
  "",
  "- /context list: workspace files, skills, tools and their sizes",
  "- /context detail: the same with the largest skills and tools, and what share each part takes",
  "- /context json: everything as data",
].join("\n");

function fileLine({
  name,
  missing,
  truncated,
  rawChars,
  injectedChars,
}: ContextReport["injectedWorkspaceFiles"][number]) {
  const state = missing ? "MISSING" : truncated ? "TRUNCATED" : "OK";
  return `- ${name}: ${state} | raw ${size(rawChars)} | injected ${size(injectedChars)}`;
}

function largest(entries: readonly { readonly name: string; readonly chars: number }[]): string[] {
  const order = entries.toSorted((a, b) => b.chars - a.chars);
  const lines = order.slice(0, MOST_LISTED).map(({ name, chars }) => `- ${name}: ${size(chars)}`);
  const more = order.length - lines.length;
  return more > 0 ? [...lines, `… (+${more} more ${more === 1 ? "entry" : "entries"})`] : lines;
}

/** What a narrow window cost; nothing where everything fitted. */
function budgetLines({ budget }: ContextReport): string[] {
  if (budget === undefined || budget.shortened.length === 0) return [];
  return [
    `Prompt budget: ${number(budget.used)} of ${number(budget.tokens)} tokens; shortened: ${budget.shortened.join(", ")}`,
    ...(budget.droppedTools.length === 0 ? [] : [`Tools left out: ${budget.droppedTools.join(", ")}`]),
  ];
}

function shares({ tokens, messages }: ContextReport): string[] {
  return [
    "Share of the window (estimated tokens):",
    `- system prompt: ${number(tokens.system)}`,
    `- workspace files: ${number(tokens.files)}`,
    `- skills: ${number(tokens.skills)}`,
    `- tool list: ${number(tokens.toolList)}`,
    `- tool schemas: ${number(tokens.toolSchemas)}`,
    `- summary: ${number(tokens.summary)}`,
    `- conversation: ${number(tokens.conversation)} (${messages} ${messages === 1 ? "message" : "messages"})`,
    `- kept for the answer: ${number(tokens.reserve)}`,
    `- free: ${tokens.free === null ? "?" : number(tokens.free)}`,
  ];
}

function size(chars: number): string {
  return `${number(chars)} chars (~${number(Math.ceil(chars / 4))} tok)`;
}

function number(value: number): string {
  return String(value).replace(/\B(?=(\d{3})+$)/g, ",");
}
