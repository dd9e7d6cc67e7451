/**
 * Bad requests by the hundred thousand. `OPENCLAW_FUZZ_REQUESTS` says how many (2,000,000 by hand),
 * `OPENCLAW_FUZZ_SEED` repeats a run whose seed was printed.
 */
import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { connect as tcp } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { systemClock } from "../../packages/openclaw/src/base/time.ts";
import { defineRoute } from "../../packages/openclaw/src/contracts/route.ts";
import { seeded, type Random } from "./_fuzz.ts";
import { anyBroken, anyFramed } from "./_fuzz-http.ts";
import { openGateway } from "./_gateway.ts";
import { ask } from "./_http.ts";

const REQUESTS = Number(process.env["OPENCLAW_FUZZ_REQUESTS"] ?? 100_000);
const SEED = Number(process.env["OPENCLAW_FUZZ_SEED"] ?? Date.now() % 2 ** 31);
const PER_CONNECTION = 15;
const AT_ONCE = 16;
/** Growth of memory that is in use, from the first tenth of a run to its end. */
const MAX_GROWTH = 32 * 1024 * 1024;

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

const routes = [
  defineRoute({
    methods: ["POST"],
    paths: ["/test/json", "/test/key/{key}"],
    auth: "gateway",
    scope: "operator.write",
    summary: "For tests.",
    bodyLimit: 3000,
    errors: "ok",
    run: async (call) => void call.response.end(JSON.stringify([await call.json(), call.params])),
  }),
  defineRoute({
    methods: ["POST", "PUT"],
    paths: ["/nope"],
    auth: "own",
    summary: "For tests.",
    bodyLimit: 3000,
    errors: "text",
    run: async (call) => void call.response.end(JSON.stringify(await call.data())),
  }),
];

/** One connection: right frames with anything in them, then bytes that end it. Gives the statuses of its answers. */
function converse(port: number, random: Random): Promise<{ statuses: string[]; sent: number }> {
  const framed = Array.from({ length: PER_CONNECTION }, () => anyFramed(random));
  const bytes = Buffer.concat([...framed, anyBroken(random)]);
  return new Promise((resolve) => {
    const socket = tcp(port, "127.0.0.1");
    const chunks: Buffer[] = [];
    const done = () => {
      const statuses = [
        ...Buffer.concat(chunks)
          .toString("latin1")
          .matchAll(/HTTP\/1\.1 (\d{3}) /g),
      ].map((m) => m[1] ?? "");
      resolve({ statuses, sent: PER_CONNECTION + 1 });
    };
    socket.on("data", (chunk: Buffer) => chunks.push(chunk));
    socket.on("error", () => {});
    socket.on("close", done);
    socket.write(bytes);
    // What is left may be half a request: nothing more is going to come.
    socket.end();
  });
}

test("requests of every broken kind neither end the gateway nor make it grow, nor break anything inside", async (t) => {
  const uiRoot = await mkdtemp(join(tmpdir(), "ui-"));
  t.after(() => rm(uiRoot, { recursive: true, force: true }));
  await writeFile(join(uiRoot, "index.html"), "<!doctype html><html></html>");
  const clock = { ...systemClock, sleep: async () => {} };
  const { port, logged } = await openGateway(t, { routes, uiRoot, clock });
  const random = seeded(SEED);
  const began = Date.now();
  const kinds = new Map<string, number>();
  let done = 0;
  const some = async () => {
    for (const { statuses, sent } of await Promise.all(Array.from({ length: AT_ONCE }, () => converse(port, random)))) {
      done += sent;
      assert.ok(statuses.length <= sent + 1, `seed ${SEED}: ${statuses.length} answers to ${sent} requests`);
      for (const status of statuses) kinds.set(status, (kinds.get(status) ?? 0) + 1);
    }
  };
  while (done < REQUESTS / 10) await some();
  const before = await inUse();
  while (done < REQUESTS) await some();
  const growth = (await inUse()) - before;
  const seen = [...kinds].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([status, count]) => `${status}: ${count}`);
  const seconds = ((Date.now() - began) / 1000).toFixed(1);
  t.diagnostic(`seed ${SEED}: ${done} in ${seconds} s, memory ${(growth / 2 ** 20).toFixed(1)} MB; ${seen.join(", ")}`);
  assert.equal((await ask(port, "/healthz")).status, 200);
  assert.deepEqual(
    [...kinds.keys()].filter((status) => status.startsWith("5")),
    [],
    `seed ${SEED}: ${logged().slice(-2000)}`,
  );
  assert.equal(({} as { polluted?: boolean }).polluted, undefined);
  assert.ok(growth <= MAX_GROWTH, `seed ${SEED}: memory grew by ${growth} bytes`);
});
