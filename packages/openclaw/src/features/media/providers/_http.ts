/** What the providers of speech share: one request, one answer, errors that never hold the key. */
import type { Fetch } from "../../../base/fetch.ts";
import { cut, plainLine } from "../../../base/text.ts";

export interface Question {
  readonly fetch: Fetch;
  /** Without a slash at the end. */
  readonly baseUrl: string;
  readonly apiKey: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly model: string;
  readonly data: Uint8Array;
  readonly mimeType: string;
  readonly fileName: string;
  readonly prompt: string;
  readonly language?: string;
  /** `providerOptions.<id>`. */
  readonly options: Readonly<Record<string, unknown>>;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

const MOST_BYTES = 5 * 1024 * 1024;
const SHOWN = 300;

export async function ask(
  question: Question,
  path: string,
  request: { readonly headers: Readonly<Record<string, string>>; readonly body: string | Uint8Array },
): Promise<unknown> {
  const { fetch, baseUrl, headers, timeoutMs, signal } = question;
  const response = await fetch(`${baseUrl}${path}`, {
    method: "POST",
    headers: { ...headers, ...request.headers },
    body: request.body,
    signal,
    connectTimeoutMs: timeoutMs,
    maxBytes: MOST_BYTES,
    egress: { origin: new URL(baseUrl).origin },
  });
  const text = await response.text();
  if (!response.ok) {
    const shown = question.apiKey === "" ? text : text.replaceAll(question.apiKey, "***");
    throw new Error(`status ${response.status}: ${cut(plainLine(shown), SHOWN)}`);
  }
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** A form with the file in it, as one body. */
export async function form(
  { data, mimeType, fileName }: Question,
  fields: Readonly<Record<string, string | undefined>>,
): Promise<{ headers: Record<string, string>; body: Uint8Array }> {
  const made = new FormData();
  for (const [name, value] of Object.entries(fields)) if (value !== undefined) made.append(name, value);
  made.append("file", new Blob([Uint8Array.from(data)], { type: mimeType }), fileName);
  const encoded = new Response(made);
  const headers = { "content-type": encoded.headers.get("content-type") ?? "multipart/form-data" };
  return { headers, body: new Uint8Array(await encoded.arrayBuffer()) };
}

/** What stands at a path of an answer, when it is text. */
export function textAt(answer: unknown, path: readonly (string | number)[]): string {
  let value = answer;
  for (const step of path) value = (value as Record<string | number, unknown> | null | undefined)?.[step];
  return typeof value === "string" ? value : "";
}
