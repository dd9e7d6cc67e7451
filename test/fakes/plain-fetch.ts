/** FAKE of the guarded fetch: the runtime's fetch without egress rules or limits, for servers that a test started. */
import type { Fetch } from "../../packages/openclaw/src/base/fetch.ts";

export const plainFetch: Fetch = (url, { method, headers, body, signal }) =>
  fetch(url, {
    ...(method !== undefined && { method }),
    ...(headers && { headers }),
    ...(body !== undefined && { body }),
    ...(signal && { signal }),
  } as RequestInit);
