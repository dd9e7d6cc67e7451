/**
 * A prompt for models with small windows. What it says is taken out in the order of `STEPS`, one step after the
 * other, until prompt and tool schemas fit; the order is part of the documentation (`docs/workspace.md`). Pure: the
 * same parts and budget give the same bytes.
 */
import type { ToolSchema } from "../../../contracts/model.ts";
import type { Tool } from "../../../contracts/tool.ts";
import { headAndTail } from "../_cut.ts";
import type { Draft, PromptParts, Section, SectionId } from "./parts.ts";
import { renderSections } from "./sections.ts";
import { schemasOf, sizeOf } from "./tools.ts";

/** Bytes of a token, as everywhere where no tokenizer is at hand. */
const BYTES_PER_TOKEN = 4;

/** Shortest rest of a file that is still worth having, in characters. */
const FILE_FLOOR = 600;
const RULES_FLOOR = 1500;
/** Files in the order in which they are cut; the rules of the workspace come last. */
const FILE_ORDER = [
  "HEARTBEAT.md",
  "TOOLS.md",
  "USER.md",
  "SOUL.md",
  "IDENTITY.md",
  "MEMORY.md",
  "memory.md",
  "BOOTSTRAP.md",
  "AGENTS.md",
];

/** What no assistant can do without: never taken away. */
const CORE_TOOLS: ReadonlySet<string> = new Set(["read", "write", "edit", "exec"]);
/** Kept longest, the last one longest of all. Tools that stand in neither list go first, in the order of their names. */
const LATE_TOOLS = [
  "gateway",
  "nodes",
  "canvas",
  "tts",
  "image_generate",
  "browser",
  "agents_list",
  "subagents",
  "sessions_yield",
  "sessions_list",
  "sessions_history",
  "sessions_send",
  "sessions_spawn",
  "apply_patch",
  "image",
  "web_fetch",
  "web_search",
  "session_status",
  "cron",
  "message",
  "memory_get",
  "memory_search",
  "process",
];

/** Takes something out; `over` is how many bytes there are too many. The same draft when there is nothing to take. */
type Shorten = (draft: Draft, over: number) => Draft;

export interface Step {
  readonly id: string;
  readonly summary: string;
  readonly shorten: Shorten;
}

const omit =
  (...ids: readonly SectionId[]): Shorten =>
  (draft) => ({ ...draft, omitted: new Set([...draft.omitted, ...ids]) });

/** The order. */
export const STEPS: readonly Step[] = [
  { id: "documentation", summary: "the section about documentation", shorten: omit("documentation") },
  {
    id: "advice",
    summary: "advice on manner, execution, reactions and updates",
    shorten: omit("execution", "personality", "reactions", "self-update", "voice"),
  },
  { id: "aliases", summary: "short names of models", shorten: omit("aliases") },
  { id: "skills", summary: "skills, the last of the list first", shorten: fewerSkills },
  { id: "files", summary: "workspace files are cut, AGENTS.md last", shorten: shorterFiles },
  {
    id: "descriptions",
    summary: "tools are described in one line each",
    shorten: (draft) => ({ ...draft, brief: true }),
  },
  { id: "tools", summary: "tools that one can do without", shorten: fewerTools },
  { id: "no-files", summary: "workspace files other than AGENTS.md", shorten: rulesOnly },
];

export interface Fitted {
  readonly sections: readonly Section[];
  readonly schemas: readonly ToolSchema[];
  readonly draft: Draft;
  /** Ids of the steps that took something out. */
  readonly steps: readonly string[];
  readonly tokens: number;
}

/** The prompt as it is told within `budget` tokens; longer than that only where nothing more can be taken out. */
export function fitPrompt(parts: PromptParts, budget: number | undefined): Fitted {
  let draft: Draft = {
    omitted: new Set(),
    skills: parts.request.skills?.trim() ?? "",
    files: parts.files,
    tools: parts.request.tools,
    brief: false,
  };
  let now = measured(parts, draft);
  const steps: string[] = [];
  if (budget === undefined) return { ...now, draft, steps };
  for (const step of STEPS) {
    if (now.tokens <= budget) break;
    const shorter = step.shorten(draft, (now.tokens - budget) * BYTES_PER_TOKEN);
    const next = shorter === draft ? now : measured(parts, shorter);
    if (next.tokens >= now.tokens) continue;
    steps.push(step.id);
    draft = shorter;
    now = next;
  }
  return { ...now, draft, steps };
}

function measured(parts: PromptParts, draft: Draft): Pick<Fitted, "sections" | "schemas" | "tokens"> {
  const sections = renderSections(parts, draft);
  const schemas = schemasOf(draft.tools, draft.brief);
  const text = sections.reduce((sum, section) => sum + Buffer.byteLength(section.text) + 2, 0);
  const bytes = schemas.reduce((sum, schema) => sum + sizeOf(schema).bytes + 1, text + 1);
  return { sections, schemas, tokens: Math.ceil(bytes / BYTES_PER_TOKEN) };
}

const SKILL = /[ \t]*<skill>[\s\S]*?<\/skill>\n?/g;

/** Whole entries go, the last first; the number of those that are missing is told. */
function fewerSkills(draft: Draft, over: number): Draft {
  const entries = draft.skills.match(SKILL) ?? [];
  if (entries.length === 0) return draft;
  let cut = 0;
  let left = entries.length;
  while (left > 0 && cut < over + 80) {
    left -= 1;
    cut += entries[left]?.length ?? 0;
  }
  if (left === 0) return { ...draft, skills: "" };
  let seen = 0;
  const kept = draft.skills.replace(SKILL, (entry) => ((seen += 1) <= left ? entry : ""));
  return { ...draft, skills: `${kept.trimEnd()}\n(${entries.length - left} more skills found no room)` };
}

function shorterFiles(draft: Draft, over: number): Draft {
  let left = over;
  const cutTo = new Map<string, number>();
  for (const name of FILE_ORDER) {
    const text = draft.files.find((file) => file.name === name)?.text ?? "";
    const floor = name === "AGENTS.md" || name === "BOOTSTRAP.md" ? RULES_FLOOR : FILE_FLOOR;
    if (left <= 0 || text.length <= floor) continue;
    const bytesEach = Buffer.byteLength(text) / text.length;
    // The mark of the cut takes room as well.
    const target = Math.max(floor, text.length - Math.ceil(left / bytesEach) - 120);
    left -= (text.length - target) * bytesEach;
    cutTo.set(name, target);
  }
  if (cutTo.size === 0) return draft;
  const files = draft.files.map((file) => {
    const target = cutTo.get(file.name);
    if (target === undefined || file.text === undefined) return file;
    return { ...file, text: headAndTail(file.text, target), truncated: true };
  });
  return { ...draft, files };
}

function fewerTools(draft: Draft, over: number): Draft {
  const order = [...draft.tools]
    .filter(({ name }) => !CORE_TOOLS.has(name))
    .sort((a, b) => LATE_TOOLS.indexOf(a.name) - LATE_TOOLS.indexOf(b.name) || (a.name < b.name ? -1 : 1));
  const gone = new Set<string>();
  let left = over;
  for (const tool of order) {
    if (left <= 0) break;
    gone.add(tool.name);
    left -= weight(tool, draft.brief);
  }
  return gone.size === 0 ? draft : { ...draft, tools: draft.tools.filter(({ name }) => !gone.has(name)) };
}

function weight(tool: Tool, brief: boolean): number {
  const [schema] = schemasOf([tool], brief);
  return (schema === undefined ? 0 : sizeOf(schema).bytes) + tool.name.length + tool.summary.length + 5;
}

function rulesOnly(draft: Draft): Draft {
  const files = draft.files.filter(({ name }) => name === "AGENTS.md" || name === "BOOTSTRAP.md");
  return files.length === draft.files.length ? draft : { ...draft, files };
}
