/** Items of the Responses protocol as they come, and what of them is kept to be sent back word for word. */
import { isRecord } from "../../base/record.ts";
import type { Loose } from "../../base/record.ts";
import { compact } from "../../base/text.ts";
import type { Endpoint, FailureClass, ModelFailure } from "../../contracts/model.ts";
import { failureOfBody } from "./_failure.ts";

interface WirePart {
  readonly type?: string;
  readonly text?: string;
  readonly refusal?: string;
}
export interface WireItem {
  readonly type?: string;
  readonly id?: string;
  readonly call_id?: string;
  readonly name?: string;
  readonly arguments?: string;
  readonly summary?: readonly WirePart[] | null;
  readonly content?: readonly WirePart[] | null;
  readonly encrypted_content?: string | null;
  /** Whether a message is a word on the way or the answer. */
  readonly phase?: string | null;
}
export interface WireResponse {
  readonly id?: string;
  readonly status?: string;
  readonly output?: readonly WireItem[];
  readonly error?: { readonly code?: string | null; readonly message?: string } | null;
  readonly incomplete_details?: { readonly reason?: string } | null;
  readonly usage?: {
    readonly input_tokens?: number;
    readonly output_tokens?: number;
    readonly input_tokens_details?: { readonly cached_tokens?: number; readonly cache_write_tokens?: number } | null;
  } | null;
}

/**
 * A thought, or a summary of what went before, as it goes back. Undefined for one that is readable only where it was
 * made: nothing is stored there, so its id alone means nothing.
 */
export function keptItem({ type, id, summary, content, encrypted_content }: WireItem): string | undefined {
  if (!id || !encrypted_content) return undefined;
  return JSON.stringify(
    compact({
      type,
      id,
      summary: type === "reasoning" ? (summary ?? []) : undefined,
      content: content?.length ? content : undefined,
      encrypted_content,
    }),
  );
}

/** What `keptItem` kept; undefined for the proof of another dialect. */
export function itemOf(signature: string | undefined): Loose | undefined {
  const item = parsed(signature);
  const known = item?.["type"] === "reasoning" || item?.["type"] === "compaction";
  return known && typeof item["encrypted_content"] === "string" ? item : undefined;
}

/** The id of a message where a thought belongs to it, and its phase. */
export function keptMessage({ id, phase }: WireItem, reasoned: boolean): string | undefined {
  const kept = compact({ id: reasoned ? id : undefined, phase: phase ?? undefined });
  return Object.keys(kept).length > 0 ? JSON.stringify(kept) : undefined;
}

export function messageOf(signature: string | undefined): { readonly id?: string; readonly phase?: string } {
  const { id, phase } = parsed(signature) ?? {};
  return compact({
    id: typeof id === "string" && id.startsWith("msg") ? id : undefined,
    phase: phase === "commentary" || phase === "final_answer" ? phase : undefined,
  });
}

function parsed(text: string | undefined): Loose | undefined {
  if (!text?.startsWith("{")) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    return isRecord(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** Codes of a failed response whose words alone would be misread. */
const CLASSES: Readonly<Record<string, FailureClass>> = {
  server_error: "server_error",
  rate_limit_exceeded: "rate_limit",
  vector_store_timeout: "timeout",
  image_too_large: "image_too_large",
  image_file_too_large: "image_too_large",
  invalid_image: "format",
  invalid_image_format: "format",
  invalid_base64_image: "format",
  image_parse_error: "format",
  unsupported_image_media_type: "format",
  empty_image_file: "format",
};

/** Of a response that the vendor calls failed or cancelled. */
export function failureOfWire({ error, status }: WireResponse, endpoint: Endpoint): ModelFailure {
  if (!error) {
    const message = status === "cancelled" ? "The vendor cancelled the answer." : "The vendor's model failed.";
    return compact({ class: "server_error" as const, code: status, message });
  }
  const failure = failureOfBody(JSON.stringify({ error }), endpoint);
  const known = CLASSES[error.code ?? ""];
  return known ? { ...failure, class: known } : failure;
}

export function withheld(): ModelFailure {
  return {
    class: "unknown",
    code: "content_filter",
    message: "The vendor's content filter withheld the answer.",
  };
}
