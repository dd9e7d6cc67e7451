/** A tool call in one line, and its arguments as people read them. */

/** Arguments that say most about a call, in this order. */
const TELLING = [
  "command",
  "path",
  "file_path",
  "url",
  "query",
  "pattern",
  "action",
  "text",
  "message",
  "label",
  "task",
  "name",
];

export function summaryOf(args: unknown): string {
  if (typeof args !== "object" || args === null) return "";
  const record = args as Readonly<Record<string, unknown>>;
  const key = TELLING.find((name) => typeof record[name] === "string" && record[name] !== "");
  const text = key === undefined ? plain(record) : String(record[key]);
  return text.replaceAll(/\s+/g, " ").trim().slice(0, 200);
}

/** `key: value` lines for simple arguments, JSON for the rest; empty when there are none. */
export function argumentText(args: unknown): string {
  if (args === undefined || args === null) return "";
  if (typeof args !== "object" || Array.isArray(args)) return JSON.stringify(args, null, 2);
  return Object.entries(args)
    .map(([key, value]) => {
      if (typeof value !== "string") return `${key}: ${JSON.stringify(value, null, 2)}`;
      return value.includes("\n") ? `${key}:\n${value}` : `${key}: ${value}`;
    })
    .join("\n");
}

function plain(record: Readonly<Record<string, unknown>>): string {
  const keys = Object.keys(record);
  return keys.length === 0 ? "" : JSON.stringify(record);
}
