/** `/export-session`: the conversation as one page that needs nothing else, in the agent's workspace. */
import { extname, join, relative } from "node:path";
import { exists } from "../../../base/files.ts";
import { writeWithin } from "../../../base/open.ts";
import { isInside } from "../../../base/path.ts";
import type { ChatCommandCall, ChatOutcome } from "../../../contracts/chat.ts";
import { textOf } from "../../../contracts/message.ts";
import type { AssistantMessage } from "../../../contracts/message.ts";
import { TranscriptsToken } from "../../../store/index.ts";
import type { Entry, MessageEntry } from "../../../store/index.ts";
import { Agents } from "../../agents/index.ts";
import { Config } from "../../config/index.ts";
import { Sessions } from "../../sessions/index.ts";
import { visibleText } from "../_reply/visible.ts";
import { errors } from "../errors.ts";

/** A page that a browser still opens. */
const MAX_ENTRIES = 20_000;
const MAX_BYTES = 64 * 1024 * 1024;
const MAX_RESULT = 20_000;

export async function exportSession(call: ChatCommandCall): Promise<ChatOutcome> {
  const [sessions, agents, transcripts, config] = await Promise.all([
    call.use(Sessions),
    call.use(Agents),
    call.use(TranscriptsToken),
    call.use(Config),
  ]);
  const row = await sessions.get(call.sessionKey);
  if (!row) return { reply: "There is nothing to export yet." };
  const snapshot = config.current();
  const agent = agents.get(row.agentId, snapshot) ?? agents.default(snapshot);
  const ref = { agentId: row.agentId, sessionId: row.entry.sessionId };
  const { entries, hasMore } = await transcripts.tail(ref, { maxEntries: MAX_ENTRIES, maxBytes: MAX_BYTES });
  const shown = entries.flatMap((entry) => sectionOf(entry));
  if (shown.length === 0) return { reply: "There is nothing to export yet." };
  const now = call.platform.clock.now();
  await agents.prepareWorkspace(agent, snapshot);
  const path = await placeFor(agent.workspace, call.rest, { sessionId: ref.sessionId, now });
  const title = String(row.entry.label ?? row.entry.displayName ?? row.entry["derivedTitle"] ?? call.sessionKey);
  const page = pageOf({ title, about: [call.sessionKey, new Date(now).toISOString()], sections: shown, hasMore });
  await writeWithin({ root: agent.workspace, path, data: page });
  const note = hasMore ? " It begins in the middle: the conversation is longer than a page may be." : "";
  return {
    reply: `📄 Exported ${shown.length} entries to \`${relative(agent.workspace, path)}\` in the workspace.${note}`,
  };
}

/** Throws `EXPORT_PATH` for a place outside the workspace, and for a file that is there. */
async function placeFor(
  workspace: string,
  wanted: string,
  { sessionId, now }: { readonly sessionId: string; readonly now: number },
): Promise<string> {
  const stamp = new Date(now).toISOString().replace(/[:.]/g, "-");
  const name = wanted.trim() === "" ? join("exports", `session-${sessionId.slice(0, 8)}-${stamp}.html`) : wanted.trim();
  const path = join(workspace, extname(name) === "" ? `${name}.html` : name);
  if (name.includes("\0") || !isInside(workspace, path) || !/\.html?$/i.test(path))
    throw errors.EXPORT_PATH({ reason: "must be an .html file inside the workspace" });
  if (await exists(path)) throw errors.EXPORT_PATH({ reason: "is there already" });
  return path;
}

interface Section {
  readonly role: "user" | "assistant" | "tool" | "note";
  readonly title: string;
  readonly at: string;
  readonly text: string;
}

function sectionOf(entry: Entry): Section[] {
  const at = entry.timestamp;
  if (entry.type === "compaction")
    return [
      {
        role: "note",
        title: "Summary of what was before",
        at,
        text: String((entry as { summary?: unknown }).summary ?? ""),
      },
    ];
  if (entry.type !== "message") return [];
  const { message } = entry as MessageEntry;
  if (message.role === "user") return text("user", "You", at, textOf(message));
  if (message.role === "toolResult")
    return text(
      "tool",
      `${message.toolName}${message.isError ? " failed" : ""}`,
      at,
      textOf(message).slice(0, MAX_RESULT),
    );
  return [...text("assistant", "Assistant", at, visibleText(textOf(message))), ...callsOf(message, at)];
}

function callsOf({ content }: AssistantMessage, at: string): Section[] {
  return content.flatMap((part) =>
    part.type === "toolCall" ? text("tool", `Calls ${part.name}`, at, JSON.stringify(part.arguments, null, 2)) : [],
  );
}

function text(role: Section["role"], title: string, at: string, body: string): Section[] {
  return body.trim() === "" ? [] : [{ role, title, at, text: body.trim() }];
}

interface Page {
  readonly title: string;
  readonly about: readonly string[];
  readonly sections: readonly Section[];
  readonly hasMore: boolean;
}

/** No script, nothing from elsewhere: what stands in a conversation must not run. */
function pageOf({ title, about, sections, hasMore }: Page): string {
  return [
    "<!doctype html>",
    '<html lang="en"><head><meta charset="utf-8">',
    '<meta name="viewport" content="width=device-width,initial-scale=1">',
    `<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">`,
    `<title>${escaped(title)}</title><style>${STYLE}</style></head><body><main>`,
    `<h1>${escaped(title)}</h1><p class="about">${about.map(escaped).join(" · ")}</p>`,
    ...(hasMore ? ['<p class="about">Older entries are left out.</p>'] : []),
    ...sections.map(sectionHtml),
    "</main></body></html>\n",
  ].join("\n");
}

function sectionHtml({ role, title, at, text: body }: Section): string {
  const head = `<b>${escaped(title)}</b> <time>${escaped(at.slice(0, 19).replace("T", " "))}</time>`;
  const folded = role === "tool";
  return folded
    ? `<details class="${role}"><summary>${head}</summary><pre>${escaped(body)}</pre></details>`
    : `<section class="${role}"><div>${head}</div><pre>${escaped(body)}</pre></section>`;
}

function escaped(value: string): string {
  return value.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

const STYLE = `body{margin:0;font:16px/1.5 system-ui,sans-serif;background:#fafafa;color:#1d1d1f}
main{max-width:46rem;margin:0 auto;padding:2rem 1rem}
pre{white-space:pre-wrap;overflow-wrap:anywhere;font:inherit;margin:.25rem 0 0}
section,details{border-radius:.75rem;padding:.75rem 1rem;margin:.75rem 0;background:#fff;border:1px solid #e5e5e7}
.user{background:#eef4ff;border-color:#d6e4ff}.note{background:#fff8e6}
details pre{font:13px/1.45 ui-monospace,monospace}summary{cursor:pointer}
time,.about{color:#6b6b70;font-size:.8125rem}
@media(prefers-color-scheme:dark){body{background:#161618;color:#eee}section,details{background:#202023;border-color:#333}.user{background:#1d2a44;border-color:#2b3d63}.note{background:#332b14}time,.about{color:#9a9aa2}}`;
