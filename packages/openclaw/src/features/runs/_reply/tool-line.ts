/** Tool calls in one line, for chats. */
import { redact } from "../../../base/redact.ts";
import { cut, fenced, onOneLine, shortened } from "../../../base/text.ts";

const BY_NAME: Readonly<Record<string, string>> = {
  exec: "🛠️",
  process: "🧰",
  read: "📖",
  write: "✍️",
  edit: "📝",
  apply_patch: "🩹",
  web_search: "🔎",
  web_fetch: "📄",
  browser: "🌐",
  canvas: "🖼️",
  image: "🖼️",
  nodes: "📱",
  cron: "⏰",
  message: "✉️",
  tts: "🔊",
  pdf: "📕",
  gateway: "🔌",
  session_status: "📊",
  agents_list: "🧭",
  subagents: "🤖",
  sessions_spawn: "🧑‍🔧",
  sessions_send: "📨",
};
const BY_PREFIX: readonly (readonly [string, string])[] = [
  ["memory", "🧠"],
  ["session", "🗂️"],
];
/** The argument that tells most, by name. */
const MAIN = [
  "command",
  "path",
  "file_path",
  "url",
  "query",
  "pattern",
  "action",
  "task",
  "message",
  "prompt",
  "sessionKey",
  "text",
  "name",
  "id",
];
const MAX_ARGUMENT = 200;
const MAX_OUTPUT = 1500;

function toolEmoji(name: string): string {
  const known = Object.hasOwn(BY_NAME, name) ? BY_NAME[name] : undefined;
  return known ?? BY_PREFIX.find(([prefix]) => name.startsWith(prefix))?.[1] ?? "🧩";
}

/** `🛠️ exec: ls -la`; secrets in it are masked. */
export function toolLine(name: string, args: unknown): string {
  const main = mainArgument(args);
  const title = `${toolEmoji(name)} ${name}`;
  return main === undefined ? title : `${title}: ${literal(main)}`;
}

function mainArgument(args: unknown): string | undefined {
  if (args === null || typeof args !== "object") return undefined;
  const given = args as Readonly<Record<string, unknown>>;
  const value = [...MAIN.map((name) => given[name]), ...Object.values(given)].find(
    (one) => (typeof one === "string" && one.trim() !== "") || typeof one === "number",
  );
  if (value === undefined) return undefined;
  return shortened(onOneLine(redact(String(value as string | number))), MAX_ARGUMENT);
}

/** As code, so that nothing in it counts as markup. */
function literal(text: string): string {
  return text.includes("`") ? text.replaceAll("`", "ˋ") : `\`${text}\``;
}

/** What a tool gave back, cut. */
export function toolOutput(name: string, text: string): string {
  const clean = redact(text).trim();
  const short = clean.length <= MAX_OUTPUT ? clean : `${cut(clean, MAX_OUTPUT)}\n…`;
  return `${toolEmoji(name)} ${name}\n${fenced(short === "" ? "(no output)" : short)}`;
}

/** `⚠️ 🛠️ exec failed`, with the reason where it may be shown. */
export function toolFailure(name: string, reason: string | undefined): string {
  const first = reason
    ?.split("\n")
    .find((line) => line.trim() !== "")
    ?.trim();
  const head = `⚠️ ${toolEmoji(name)} ${name} failed`;
  return first === undefined ? `${head}.` : `${head}: ${literal(cut(redact(first), 300))}`;
}
