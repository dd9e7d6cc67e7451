/** Whether a request brought the hook token, before anything of its body is read. */
import type { IncomingHttpHeaders } from "node:http";
import { secretsEqual } from "../../base/compare.ts";

export interface HookCredentials {
  readonly headers: IncomingHttpHeaders;
  readonly query: URLSearchParams;
}

export type HookProof = "ok" | "wrong" | "in-query";

/** When both headers came, `Authorization` decides. */
export function proofOf(
  { headers, query }: HookCredentials,
  rules: { readonly token?: string | undefined; readonly allowQueryToken: boolean },
): HookProof {
  const inQuery = query.get("token");
  if (inQuery !== null && !rules.allowQueryToken) return "in-query";
  const given = bearer(headers.authorization) ?? one(headers["x-openclaw-token"]) ?? inQuery ?? undefined;
  return secretsEqual(given, rules.token?.trim()) ? "ok" : "wrong";
}

/** Undefined when there is no such header; empty when it holds no bearer, so that nothing else is looked at. */
function bearer(header: string | undefined): string | undefined {
  if (header === undefined) return undefined;
  return /^\s*bearer\s+(\S+)\s*$/i.exec(header)?.[1] ?? "";
}

function one(header: string | string[] | undefined): string | undefined {
  return Array.isArray(header) ? header[0] : header?.trim();
}
