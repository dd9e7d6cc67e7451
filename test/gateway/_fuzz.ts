/** Malformed frames, logins and requests from a seed: the same seed gives the same bytes in the same order. */

export type Random = () => number;

/** Numbers from 0 to 1 that a failing run can repeat. */
export function seeded(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const below = (random: Random, limit: number) => Math.floor(random() * limit);
const one = <T>(random: Random, from: readonly T[]): T => from[below(random, from.length)] as T;

const WORDS = [
  "req",
  "res",
  "event",
  "connect",
  "health",
  "test.read",
  "test.twice",
  "system-presence",
  "sessions.subscribe",
  "sessions.messages.subscribe",
  "device.pair.list",
  "device.token.rotate",
  "device.pair.setupCode",
  "__proto__",
  "constructor",
  "toString",
  "hasOwnProperty",
  "",
  " ",
  "\u0000",
  "\ud800",
  "😀",
  "../../etc/passwd",
  "agent:main:main",
  "x".repeat(300),
] as const;

const KEYS = [
  "type",
  "id",
  "method",
  "params",
  "traceparent",
  "auth",
  "device",
  "client",
  "token",
  "scopes",
  "role",
  "caps",
  "key",
  "__proto__",
  "constructor",
  "prototype",
  "length",
  "then",
  "toJSON",
] as const;

const NUMBERS = [0, -0, -1, 1, 0.5, 2 ** 31, 2 ** 53, -(2 ** 53), 1e308, 5e-324];

/** Any JSON value, with the names of real fields among it. */
function anyValue(random: Random, depth = 0): unknown {
  const pick = below(random, depth > 3 ? 6 : 9);
  if (pick === 0) return null;
  if (pick === 1) return random() < 0.5;
  if (pick === 2) return one(random, NUMBERS);
  if (pick <= 5) return one(random, WORDS);
  if (pick === 6) return Array.from({ length: below(random, 5) }, () => anyValue(random, depth + 1));
  return Object.fromEntries(
    Array.from({ length: below(random, 6) }, () => [one(random, KEYS), anyValue(random, depth + 1)]),
  );
}

function bytes(random: Random, most: number): Buffer {
  return Buffer.from(Array.from({ length: below(random, most) }, () => below(random, 256)));
}

/** One frame: noise, cut or nested JSON, or a request that has one thing wrong with it. */
export function anyFrame(random: Random): string | Buffer {
  const kind = random();
  if (kind < 0.05) return bytes(random, 64);
  if (kind < 0.12) return JSON.stringify(anyValue(random) ?? null).slice(0, below(random, 40));
  if (kind < 0.14) return one(random, ["[", '{"a":', '"'] as const).repeat(below(random, 5000));
  if (kind < 0.2) return JSON.stringify(anyValue(random));
  const frame: Record<string, unknown> = {
    type: "req",
    id: random() < 0.9 ? "f" : anyValue(random),
    method: random() < 0.9 ? one(random, WORDS) : anyValue(random),
  };
  if (random() < 0.8) frame["params"] = anyValue(random);
  if (random() < 0.1) frame["traceparent"] = anyValue(random);
  if (random() < 0.05) frame[one(random, KEYS)] = anyValue(random);
  return JSON.stringify(frame);
}

/** A login that is nearly right: one of its parts is replaced, left out or added. */
export function anyLogin(random: Random, token: string): string {
  const params: Record<string, unknown> = {
    minProtocol: 3,
    maxProtocol: 4,
    client: { id: "cli", mode: "cli", version: "1", platform: "linux" },
    role: "operator",
    scopes: ["operator.read"],
    auth: { token },
    device: {
      id: "0".repeat(64),
      publicKey: bytes(random, 33).toString("base64url"),
      signature: bytes(random, 65).toString("base64url"),
      signedAt: Date.now(),
      nonce: "n",
    },
  };
  if (random() < 0.5) delete params["device"];
  let at = params;
  for (let depth = 0; depth < 2; depth += 1) {
    const keys = Object.keys(at);
    const key = random() < 0.8 && keys.length > 0 ? one(random, keys) : one(random, KEYS);
    const inner = Object.hasOwn(at, key) ? at[key] : undefined;
    if (depth === 0 && random() < 0.5 && inner !== null && typeof inner === "object" && !Array.isArray(inner)) {
      at = inner as Record<string, unknown>;
      continue;
    }
    // Never through a setter: what is broken is to be the frame, not this program.
    if (random() < 0.2) delete at[key];
    else
      Object.defineProperty(at, key, { value: anyValue(random), enumerable: true, configurable: true, writable: true });
    break;
  }
  return JSON.stringify({ type: "req", id: "c", method: "connect", params });
}

const LINES = [
  "GET / HTTP/1.1",
  "GET /ws HTTP/1.1",
  "POST / HTTP/1.1",
  "GET http://127.0.0.1/ HTTP/1.1",
  "GET /%zz%00 HTTP/1.1",
  "GET / HTTP/1.0",
  "GET / HTTP/9.9",
  "PRI * HTTP/2.0",
  "\u0000\u0001\u0002",
  `GET /${"a".repeat(9000)} HTTP/1.1`,
] as const;

const HEADERS = [
  "Host: 127.0.0.1",
  "Host: evil.example",
  "Host:",
  "Connection: Upgrade",
  "Connection: close, Upgrade",
  "Upgrade: websocket",
  "Upgrade: h2c",
  "Upgrade: websocket, h2c",
  "Sec-WebSocket-Version: 13",
  "Sec-WebSocket-Version: 99",
  "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
  "Sec-WebSocket-Key: short",
  "Sec-WebSocket-Protocol: a, b, ,",
  "Sec-WebSocket-Extensions: permessage-deflate; server_max_window_bits=99",
  "Origin: null",
  "Origin: https://evil.example",
  "Authorization: Bearer x",
  "X-Forwarded-For: 1.2.3.4, ::1, garbage",
  "X-Forwarded-For: 127.0.0.1",
  "Forwarded: for=_x",
  "Tailscale-User-Login: somebody@example.com",
  "Content-Length: 5",
  "Content-Length: -5",
  "Content-Length: 99999999999999999999",
  "Transfer-Encoding: chunked",
  "Transfer-Encoding: chunked, identity",
  " folded: header",
  "No colon at all",
  "Bad\u0000Name: x",
  `X-Long: ${"y".repeat(9000)}`,
] as const;

/** What somebody sends who opens a connection and does not mean well. */
export function anyRequest(random: Random): Buffer {
  if (random() < 0.1) return bytes(random, 400);
  const lines = [one(random, LINES), ...Array.from({ length: below(random, 12) }, () => one(random, HEADERS))];
  const end = one(random, ["\r\n\r\n", "\n\n", "\r\n", ""] as const);
  const body = random() < 0.3 ? bytes(random, 200) : Buffer.alloc(0);
  return Buffer.concat([Buffer.from(lines.join(random() < 0.9 ? "\r\n" : "\n") + end, "latin1"), body]);
}
