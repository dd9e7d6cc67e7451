import assert from "node:assert/strict";
import { connect as tcp } from "node:net";
import { test } from "node:test";
import { Client, login } from "./_client.ts";
import { openGateway } from "./_gateway.ts";

const FRAMES = 10_000;

/** Random numbers that a failing run can repeat. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

const WORDS = [
  "req",
  "res",
  "event",
  "connect",
  "health",
  "test.read",
  "__proto__",
  "constructor",
  "",
  "\u0000",
  "😀",
  "x".repeat(300),
];

/** Any JSON, shallow and deep, with the names of real fields among it. */
function anyValue(random: () => number, depth = 0): unknown {
  const pick = Math.floor(random() * (depth > 3 ? 5 : 8));
  const word = () => WORDS[Math.floor(random() * WORDS.length)] ?? "";
  if (pick === 0) return null;
  if (pick === 1) return random() < 0.5;
  if (pick === 2) return (random() - 0.5) * 10 ** Math.floor(random() * 20);
  if (pick <= 4) return word();
  if (pick === 5) return Array.from({ length: Math.floor(random() * 5) }, () => anyValue(random, depth + 1));
  const keys = ["type", "id", "method", "params", "traceparent", "auth", "device", "client", word()];
  return Object.fromEntries(keys.filter(() => random() < 0.5).map((key) => [key, anyValue(random, depth + 1)]));
}

function anyFrame(random: () => number): string | Buffer {
  const kind = random();
  if (kind < 0.1)
    return Buffer.from(Array.from({ length: Math.floor(random() * 64) }, () => Math.floor(random() * 256)));
  if (kind < 0.2) return JSON.stringify(anyValue(random)).slice(0, Math.floor(random() * 40));
  if (kind < 0.3) return "[".repeat(Math.floor(random() * 5000));
  const frame = { type: "req", id: "f", method: WORDS[Math.floor(random() * WORDS.length)], params: anyValue(random) };
  return JSON.stringify(kind < 0.7 ? frame : anyValue(random));
}

test("ten thousand random frames before and after login end nothing, and memory stays flat", async (t) => {
  const gateway = await openGateway(t);
  const random = seeded(20_261_121);
  let client = await login(gateway.url);
  const before = process.memoryUsage().heapUsed;
  for (let i = 0; i < FRAMES; i += 1) {
    if (client.closed !== undefined || client.ws.readyState !== client.ws.OPEN) {
      client.close();
      client = i % 2 === 0 ? await login(gateway.url) : new Client(gateway.url);
      if (i % 2 === 1) await client.challenge();
    }
    client.raw(anyFrame(random));
    if (i % 50 === 49) {
      client.frames.length = Math.min(client.frames.length, 1);
      await new Promise((resolve) => setImmediate(resolve));
    }
  }
  client.close();
  const after = await login(gateway.url);
  t.after(() => after.close());
  assert.ok((await after.request("health")).ok);
  assert.ok(process.memoryUsage().heapUsed - before < 100 * 1024 * 1024);
});

test("sockets full of random bytes instead of HTTP end nothing", async (t) => {
  const gateway = await openGateway(t);
  const random = seeded(7);
  const ends = Array.from({ length: 200 }, () => {
    const socket = tcp(gateway.port, "127.0.0.1");
    socket.on("error", () => {});
    socket.end(Buffer.from(Array.from({ length: 200 }, () => Math.floor(random() * 256))));
    socket.resume();
    return new Promise((resolve) => socket.once("close", resolve));
  });
  await Promise.all(ends);
  (await login(gateway.url)).close();
});
