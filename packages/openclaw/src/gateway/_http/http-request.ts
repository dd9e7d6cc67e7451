/** What a request line and its headers say, before anybody acts on them. */
import type { IncomingMessage } from "node:http";

/**
 * Whether two readers could understand the request differently (RFC 9112 §3.2, §6): no or more than one `Host`, or a
 * transfer coding in HTTP/1.0. Everything else of that kind the parser refuses.
 */
export function isAmbiguous({ headersDistinct, httpVersion, headers }: IncomingMessage): boolean {
  const hosts = headersDistinct["host"]?.length ?? 0;
  if (hosts > 1 || (hosts === 0 && httpVersion !== "1.0")) return true;
  const coding = headers["transfer-encoding"];
  return coding !== undefined && (httpVersion === "1.0" || coding.trim().toLowerCase() !== "chunked");
}

/** The raw path of a request target, also of one in absolute form. */
export function pathOf(target: string): string {
  const absolute = /^[a-z][a-z0-9+.-]*:\/\/[^/?#]*/i.exec(target);
  const path = (absolute ? target.slice(absolute[0].length) : target).split(/[?#]/, 1)[0] ?? "";
  return path === "" ? "/" : path;
}

export function queryOf(target: string): URLSearchParams {
  const at = target.indexOf("?");
  return new URLSearchParams(at < 0 ? "" : target.slice(at + 1));
}
