/** Malformed HTTP requests from a seed: the same seed gives the same bytes in the same order. */
import { TOKEN } from "./_gateway.ts";
import type { Random } from "./_fuzz.ts";

const below = (random: Random, limit: number) => Math.floor(random() * limit);
const one = <T>(random: Random, from: readonly T[]): T => from[below(random, from.length)] as T;
const often = (random: Random, share: number) => random() < share;

const PATHS = [
  "/",
  "/chat/x",
  "/healthz",
  "/readyz",
  "/startupz",
  "/test/json",
  "/test/json?token=x&token=y",
  "/test/key/a%2Fb",
  "/test/key/%zz",
  "/test/key/%ff",
  "/test/key/..%2f..",
  "/nope",
  "/v1/models",
  "/plugins/x",
  "/api/channels/x",
  "/control-ui-config.json",
  "/..%2f..%2fetc/passwd",
  "//healthz",
  "/%00",
  "/a/b/c/d/e/f/g/h/i/j/k/l/m/n/o/p/q/r",
  "http://elsewhere/healthz",
  "*",
  `/${"x".repeat(2000)}`,
] as const;

const METHODS = ["GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "PROPFIND"] as const;

const HEADERS = [
  `Authorization: Bearer ${TOKEN}`,
  "Authorization: Bearer wrong",
  "Authorization: Basic eDp5",
  "authorization:bearer",
  "X-Forwarded-For: 203.0.113.9",
  "X-Forwarded-For: , ,::1",
  "Forwarded: for=1.2.3.4",
  "Tailscale-User-Login: owner@example.com",
  "Origin: null",
  "Origin: https://evil.example",
  "x-openclaw-scopes: operator.admin",
  "Cookie: __proto__=1",
  'Content-Type: application/json; charset="\\',
  "Content-Encoding: gzip",
  "Accept-Encoding: br, gzip;q=0, *;q=x",
  "If-Modified-Since: yesterday",
  "If-Modified-Since: Fri, 31 Dec 9999 23:59:59 GMT",
  "Accept: text/event-stream",
  "Range: bytes=0-",
  "__proto__: x",
  `X-Long: ${"y".repeat(3000)}`,
] as const;

const BODIES = [
  "",
  "{}",
  "{",
  "[]",
  "null",
  '"x"',
  "1e999",
  "{}{}",
  '{"__proto__":{"polluted":true}}',
  '{"constructor":{"prototype":{"polluted":true}}}',
  '{"a":"\\ud800"}',
  "\xff\xfe\x00",
  "[".repeat(5000),
  `{"a":"${"z".repeat(4000)}"}`,
  "\u0000",
] as const;

/** A request whose framing is right, whatever else is wrong with it. */
export function anyFramed(random: Random): Buffer {
  const body = Buffer.from(often(random, 0.3) ? one(random, BODIES) : "", "latin1");
  // A body that the answer does not wait for ends the connection: mostly they go where they are read.
  const line =
    body.length > 0 && often(random, 0.9) ? "POST /test/json" : `${one(random, METHODS)} ${one(random, PATHS)}`;
  const lines = [`${line} HTTP/1.1`, "Host: localhost"];
  if (often(random, 0.7)) lines.push(HEADERS[0]);
  for (let i = below(random, 4); i > 0; i -= 1) lines.push(one(random, HEADERS));
  if (body.length > 0 && often(random, 0.2)) {
    lines.push("Transfer-Encoding: chunked");
    const chunk = body.length === 0 ? [] : [Buffer.from(`${body.length.toString(16)}\r\n`), body, Buffer.from("\r\n")];
    return Buffer.concat([head(lines), ...chunk, Buffer.from("0\r\n\r\n")]);
  }
  if (body.length > 0 || often(random, 0.1)) lines.push(`Content-Length: ${body.length}`);
  else return head(lines);
  return Buffer.concat([head(lines), body]);
}

/** Bytes that are no request, or one that no two readers would read alike. */
export function anyBroken(random: Random): Buffer {
  const bytes = anyFramed(random);
  switch (below(random, 7)) {
    case 0:
      return bytes.subarray(0, below(random, bytes.length));
    case 1:
      return flipped(bytes, random);
    case 2:
      return Buffer.from(String(bytes).replaceAll("\r\n", "\n"));
    case 3:
      return Buffer.concat([Buffer.from("Content-Length: 5\r\n"), bytes]);
    case 4:
      return Buffer.from(Array.from({ length: below(random, 300) }, () => below(random, 256)));
    case 5:
      return Buffer.from(
        String(bytes).replace("\r\n", `\r\nContent-Length: ${one(random, ["-1", "9e9", "0x10", "1,2"])}\r\n`),
      );
    default:
      return Buffer.from(String(bytes).replace("\r\n", "\r\nTransfer-Encoding: chunked\r\nContent-Length: 3\r\n"));
  }
}

function flipped(bytes: Buffer, random: Random): Buffer {
  const copy = Buffer.from(bytes);
  for (let i = 1 + below(random, 8); i > 0; i -= 1) copy[below(random, copy.length)] = below(random, 256);
  return copy;
}

function head(lines: readonly string[]): Buffer {
  return Buffer.from(`${lines.join("\r\n")}\r\n\r\n`, "latin1");
}
