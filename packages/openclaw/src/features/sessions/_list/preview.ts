/** The newest lines of several conversations, for lists. */
import { onOneLine, shortened } from "../../../base/text.ts";
import type { MethodCall } from "../../../contracts/method.ts";
import { textOf } from "../../../contracts/message.ts";
import type { Message } from "../../../contracts/message.ts";
import { TranscriptsToken } from "../../../store/index.ts";
import type { Entry } from "../../../store/index.ts";
import { keyOf } from "../_methods-params.ts";
import { Sessions } from "../index.ts";

const MOST_KEYS = 64;
const MOST_ITEMS = 200;
const MAX_BYTES = 1024 * 1024;

interface Question {
  readonly keys: readonly string[];
  readonly limit?: number;
  readonly maxChars?: number;
}
interface Preview {
  readonly key: string;
  readonly status: "ok" | "empty" | "missing" | "error";
  readonly items: { readonly role: "user" | "assistant" | "tool" | "system" | "other"; readonly text: string }[];
}

export async function preview(call: MethodCall, { keys, limit = 12, maxChars = 240 }: Question) {
  const previews: Preview[] = [];
  for (const given of keys.slice(0, MOST_KEYS)) {
    const wanted = { items: Math.min(limit, MOST_ITEMS), maxChars };
    previews.push(await one(call, given, wanted).catch((): Preview => ({ key: given, status: "error", items: [] })));
  }
  return { ts: call.platform.clock.now(), previews };
}

async function one(call: MethodCall, given: string, wanted: { items: number; maxChars: number }): Promise<Preview> {
  const key = await keyOf(call, given);
  const row = await (await call.use(Sessions)).get(key);
  if (!row) return { key, status: "missing", items: [] };
  const { entries } = await (
    await call.use(TranscriptsToken)
  ).tail(
    { agentId: row.agentId, sessionId: row.entry.sessionId },
    { maxEntries: wanted.items * 2, maxBytes: MAX_BYTES },
  );
  const items = entries.flatMap((entry) => lineOf(entry, wanted.maxChars)).slice(-wanted.items);
  return { key, status: items.length === 0 ? "empty" : "ok", items };
}

const ROLES = { user: "user", assistant: "assistant", toolResult: "tool" } as const;

function lineOf(entry: Entry, maxChars: number): Preview["items"] {
  if (entry.type !== "message") return [];
  const message = entry["message"] as Message;
  const text = onOneLine(textOf(message));
  if (text === "") return [];
  return [{ role: ROLES[message.role] ?? "other", text: shortened(text, maxChars) }];
}
