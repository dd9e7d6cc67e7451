/** The next step towards a wish: one real tool call, or what there is to say. */
import { textOf } from "../../contracts/message.ts";
import type { ToolCallPart, ToolResultMessage } from "../../contracts/message.ts";
import { elide } from "../../base/text.ts";
import type { Wish } from "./_offline-wishes.ts";
import { failed, greeting, noTool, quoted, whoIAm } from "./_offline-words.ts";

export interface Situation {
  /** Results of the calls made for this wish so far, in order. */
  readonly results: readonly ToolResultMessage[];
  /** Those calls. */
  readonly calls: readonly ToolCallPart[];
  /** Names of the tools on offer. */
  readonly tools: ReadonlySet<string>;
  readonly now: number;
}

export type Step =
  | { readonly say: string }
  | { readonly call: { readonly name: string; readonly arguments: ToolCallPart["arguments"] } };

/** Notes grow to this size; then a new file is begun. Well below what one `read` returns whole. */
const NOTES_LIMIT = 30_000;

export function nextStep(wish: Wish, situation: Situation): Step {
  switch (wish.kind) {
    case "run":
      return once("exec", { command: wish.command }, situation, (out) => `\`${wish.command}\` says:\n\n${quoted(out)}`);
    case "list":
      return list(wish.folder, situation);
    case "read":
      return once("read", { path: wish.path }, situation, (out) => `Here is \`${wish.path}\`:\n\n${quoted(out)}`);
    case "recall":
      return recall(situation);
    case "time":
      return time(situation);
    case "remember":
      return remember(wish.note, situation);
    case "greeting":
      return { say: greeting(situation.tools) };
    case "other":
      return { say: whoIAm(situation.tools) };
  }
}

/** One call, then its result in words. */
function once(
  name: string,
  args: ToolCallPart["arguments"],
  { tools, results }: Situation,
  report: (out: string) => string,
): Step {
  const [result] = results;
  if (!result) return tools.has(name) ? { call: { name, arguments: args } } : { say: noTool(name) };
  const out = elide(textOf(result).trimEnd(), 6000);
  return { say: result.isError ? failed(out) : report(out) };
}

function list(folder: string | undefined, situation: Situation): Step {
  const place = folder === undefined ? "" : ` '${folder.replaceAll("'", `'\\''`)}'`;
  const where = folder === undefined ? "the workspace" : `\`${folder}\``;
  return once("exec", { command: `ls -la${place}` }, situation, (out) => `This is in ${where}:\n\n${quoted(out)}`);
}

function time(situation: Situation): Step {
  const { tools, now } = situation;
  if (tools.has("exec")) return once("exec", { command: "date" }, situation, (out) => `It is ${out.split("\n")[0]}.`);
  if (tools.has("session_status")) return once("session_status", {}, situation, (out) => out);
  return { say: `By this machine's clock it is ${localDate(now)}, ${new Date(now).toTimeString().slice(0, 5)}.` };
}

function recall(situation: Situation): Step {
  const path = notesOf(situation.now);
  const [result] = situation.results;
  if (result?.isError && isMissing(result))
    return { say: `There are no notes of today yet. Say \`remember …\` to make one.` };
  return once("read", { path }, situation, (out) => `Today's notes (\`${path}\`):\n\n${out}`);
}

/** Reads today's notes, then writes them back with the new one: a file is never overwritten unseen. */
function remember(note: string, { results, calls, tools, now }: Situation): Step {
  for (const name of ["read", "write"]) if (!tools.has(name)) return { say: noTool(name) };
  const [found, written] = results;
  const path = String(calls[0]?.arguments["path"] ?? notesOf(now));
  if (!found) return { call: { name: "read", arguments: { path } } };
  if (found.isError && !isMissing(found)) return { say: failed(textOf(found)) };
  if (!written) return { call: { name: "write", arguments: withNote(path, found, note, now) } };
  if (written.isError) return { say: failed(textOf(written)) };
  return { say: `Noted in \`${String(calls[1]?.arguments["path"] ?? path)}\`: ${note}` };
}

function withNote(
  path: string,
  found: ToolResultMessage,
  note: string,
  now: number,
): { path: string; content: string } {
  const heading = `# ${localDate(now)}\n\n`;
  if (found.isError) return { path, content: `${heading}- ${note}\n` };
  const before = textOf(found).replace(/\n*$/, "\n");
  if (before.length < NOTES_LIMIT) return { path, content: `${before}- ${note}\n` };
  return { path: path.replace(/\.md$/, `-${now}.md`), content: `${heading}- ${note}\n` };
}

function isMissing(result: ToolResultMessage): boolean {
  return /ENOENT|no such file|not exist|not found|no file/i.test(textOf(result));
}

function notesOf(now: number): string {
  return `memory/${localDate(now)}.md`;
}

/** `YYYY-MM-DD` in the time zone of this machine. */
function localDate(now: number): string {
  const date = new Date(now);
  const two = (value: number) => String(value).padStart(2, "0");
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
}
