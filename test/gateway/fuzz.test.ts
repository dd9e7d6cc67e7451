/**
 * Bad input by the hundred thousand. `OPENCLAW_FUZZ_FRAMES` says how many (2,000,000 by hand),
 * `OPENCLAW_FUZZ_SEED` repeats a run whose seed was printed.
 */
import assert from "node:assert/strict";
import { connect as tcp } from "node:net";
import { test, type TestContext } from "node:test";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { WebSocket } from "ws";
import { login } from "./_client.ts";
import { anyFrame, anyLogin, anyRequest, seeded, type Random } from "./_fuzz.ts";
import { openGateway, TOKEN, type TestGateway } from "./_gateway.ts";

const FRAMES = Number(process.env["OPENCLAW_FUZZ_FRAMES"] ?? 100_000);
const SEED = Number(process.env["OPENCLAW_FUZZ_SEED"] ?? Date.now() % 2 ** 31);
/** Growth of memory that is in use, from the first tenth of a run to its end. */
const MAX_GROWTH = 32 * 1024 * 1024;
const BATCH = 100;

setFlagsFromString("--expose-gc");
const collect = runInNewContext("gc") as () => void;

async function inUse(): Promise<number> {
  for (let i = 0; i < 3; i += 1) {
    collect();
    await new Promise((resolve) => setImmediate(resolve));
  }
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

/** Runs `once` `count` times and holds the gateway to being there afterwards, no larger than before. */
async function hammer(t: TestContext, gateway: TestGateway, count: number, once: (random: Random) => Promise<number>) {
  const random = seeded(SEED);
  const began = Date.now();
  let done = 0;
  while (done < count / 10) done += await once(random);
  const before = await inUse();
  while (done < count) done += await once(random);
  const growth = (await inUse()) - before;
  const seconds = (Date.now() - began) / 1000;
  t.diagnostic(`seed ${SEED}: ${done} in ${seconds.toFixed(1)} s, memory ${(growth / 2 ** 20).toFixed(1)} MB`);
  const after = await login(gateway.url);
  assert.ok((await after.request("health")).ok);
  after.close();
  assert.ok(growth <= MAX_GROWTH, `seed ${SEED}: memory grew by ${growth} bytes`);
}

const CONNECT = JSON.stringify({
  type: "req",
  id: "connect",
  method: "connect",
  params: {
    minProtocol: 4,
    maxProtocol: 4,
    client: { id: "cli", mode: "cli", version: "1", platform: "linux" },
    scopes: ["operator.read", "operator.admin", "operator.pairing"],
    auth: { token: TOKEN },
  },
});

/** A socket that keeps nothing of what it hears. */
function open(url: string, first?: string): Promise<WebSocket> {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(url);
    socket.on("error", reject);
    socket.once("message", () => {
      if (first === undefined) return resolve(socket);
      socket.once("message", () => resolve(socket));
      socket.send(first);
    });
  });
}

/** Resolves once everything that was sent has been dealt with, or the socket has ended. */
function settled(socket: WebSocket): Promise<void> {
  return new Promise((resolve) => {
    const id = "settled";
    const done = () => {
      socket.off("message", heard).off("close", done);
      resolve();
    };
    const heard = (data: Buffer) => void (data.includes(`"id":"${id}"`) && done());
    socket.on("message", heard).on("close", done);
    if (socket.readyState === socket.OPEN) socket.send(JSON.stringify({ type: "req", id, method: "health" }));
    else if (socket.readyState === socket.CLOSED) done();
  });
}

test(`bad frames after login end nothing, and memory stays flat`, async (t) => {
  const gateway = await openGateway(t, { quiet: true });
  let socket = await open(gateway.url, CONNECT);
  await hammer(t, gateway, FRAMES, async (random) => {
    if (socket.readyState !== socket.OPEN) socket = await open(gateway.url, CONNECT);
    let sent = 0;
    for (; sent < BATCH && socket.readyState === socket.OPEN; sent += 1) socket.send(anyFrame(random));
    await settled(socket);
    return Math.max(1, sent);
  });
  socket.terminate();
});

test("bad logins and bad frames before login end nothing, and memory stays flat", async (t) => {
  // Without the delays and lockouts that would keep most of it out.
  const rateLimit = { maxAttempts: 1_000_000_000, exemptLoopback: false };
  const auth = { mode: "token", token: TOKEN, rateLimit };
  const gateway = await openGateway(t, { quiet: true, gateway: { auth } });
  await hammer(t, gateway, Math.ceil(FRAMES / 20), async (random) => {
    const tries = Array.from({ length: 20 }, async () => {
      const frame = random() < 0.7 ? anyLogin(random, TOKEN) : anyFrame(random);
      const socket = await open(gateway.url);
      socket.send(frame);
      await new Promise((resolve) => {
        socket.once("message", resolve).once("close", resolve);
      });
      socket.terminate();
    });
    await Promise.all(tries);
    return tries.length;
  });
});

test("bad requests on the port end nothing, and memory stays flat", async (t) => {
  const gateway = await openGateway(t, { quiet: true });
  await hammer(t, gateway, Math.ceil(FRAMES / 20), async (random) => {
    const tries = Array.from({ length: 20 }, () => {
      const socket = tcp(gateway.port, "127.0.0.1");
      socket.on("error", () => {}).resume();
      socket.end(anyRequest(random));
      return new Promise((resolve) => socket.once("close", resolve));
    });
    await Promise.all(tries);
    return tries.length;
  });
});
