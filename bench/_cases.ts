/** What is measured. Each case returns figures by budget key. */
import { spawnSync } from "node:child_process";
import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Gateway } from "../packages/openclaw/src/client/index.ts";
import { startModelServer, type Script } from "../test/fakes/model-server.ts";
import { COMMAND, TOKEN, cpuMs, makePlace, residentMb, start } from "../test/harness/gateway.ts";
import type { Overlay, Place, Running } from "../test/harness/gateway.ts";
import { socketFigures } from "./_sockets.ts";

export type Figures = Record<string, number>;

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

/** Milliseconds that `node -e 0` takes here. */
export function floor(): number {
  return median(Array.from({ length: 7 }, () => timed(["-e", "0"], {})));
}

function timed(args: readonly string[], env: Record<string, string>): number {
  const begun = performance.now();
  spawnSync(process.execPath, args, { env, stdio: "ignore" });
  return performance.now() - begun;
}

type Rig = { readonly place: Place; readonly requests: readonly { readonly raw: string }[] };

const INSTANT: Script = { text: ["the quick ", "brown fox"] };
/** 300 pieces in about 3 s, as a quick model speaks. */
const STREAMED: Script = { text: Array.from({ length: 300 }, (_, i) => `word ${i} of a longer answer `), everyMs: 10 };

async function withRig<T>(work: (rig: Rig) => Promise<T>, script = INSTANT, overlay: Overlay = {}): Promise<T> {
  const server = await startModelServer({ api: "openai-completions", script });
  const place = await makePlace(server.url, overlay);
  try {
    return await work({ place, requests: server.requests });
  } finally {
    place.end();
    await server.close();
  }
}

async function withGateway<T>(
  work: (running: Running, rig: Rig) => Promise<T>,
  script = INSTANT,
  overlay: Overlay = {},
): Promise<T> {
  return withRig(
    async (rig) => {
      const running = await start(rig.place);
      try {
        return await work(running, rig);
      } finally {
        await running.stop();
      }
    },
    script,
    overlay,
  );
}

export const cases: Record<string, () => Promise<Figures>> = {
  cli: () =>
    withGateway(async (_running, { place }) => {
      const run = (...args: string[]) => median(Array.from({ length: 9 }, () => timed([COMMAND, ...args], place.env)));
      return {
        version: run("--version"),
        help: run("--help"),
        statusJson: run("status", "--json"),
        modelsList: run("models", "list", "--all"),
      };
    }),

  start: () =>
    withRig(async ({ place }) => {
      const starts: number[] = [];
      for (let i = 0; i < 6; i += 1) {
        const running = await start(place);
        starts.push(running.startMs);
        await running.stop();
      }
      const running = await start(place);
      await pause(5000);
      const before = cpuMs(running.pid);
      await pause(10_000);
      const figures = {
        startMs: median(starts.slice(1)),
        idleMb: residentMb(running.pid),
        idleCpu: (cpuMs(running.pid) - before) / 100,
      };
      await running.stop();
      return figures;
    }),

  turn: () =>
    withGateway(async ({ client, pid }, { requests }) => {
      for (let i = 0; i < 5; i += 1) await turn(client, "agent:main:warm");
      const before = cpuMs(pid);
      const turns: Turn[] = [];
      for (let i = 0; i < 50; i += 1) turns.push(await turn(client, "agent:main:bench"));
      return {
        turnMs: median(turns.map((t) => t.finalMs)),
        turnCpuMs: (cpuMs(pid) - before) / 50,
        firstTokenMs: median(turns.map((t) => t.firstMs)),
        promptKb: (requests[0]?.raw.length ?? Number.NaN) / 1024,
      };
    }),

  sessions: () =>
    withGateway(async ({ client, pid }) => {
      await turn(client, "agent:main:warm");
      const begun = performance.now();
      const session = async (key: string) => {
        for (let n = 0; n < 4; n += 1) await turn(client, key);
      };
      await Promise.all(Array.from({ length: 50 }, (_, i) => session(`agent:main:s${i}`)));
      const seconds = (performance.now() - begun) / 1000;
      return { turnsPerSecond: 200 / seconds, afterMb: residentMb(pid) };
    }),

  http: () =>
    withGateway(
      async ({ pid }, { place }) => {
        const ask = () => timedPost(`http://127.0.0.1:${place.port}/v1/chat/completions`);
        for (let i = 0; i < 5; i += 1) await ask();
        const before = cpuMs(pid);
        const times: number[] = [];
        for (let i = 0; i < 50; i += 1) times.push(await ask());
        return { httpMs: median(times), httpCpuMs: (cpuMs(pid) - before) / 50 };
      },
      INSTANT,
      { gateway: { http: { endpoints: { chatCompletions: { enabled: true } } } } },
    ),

  sockets: () =>
    withGateway(
      (running, { place }) => socketFigures(running, place, () => turn(running.client, "agent:main:bench")),
      STREAMED,
    ),

  install: async () => {
    const product = fileURLToPath(new URL("../packages/openclaw", import.meta.url));
    return {
      installMb:
        ["bin", "dist", "skills"].reduce((sum, folder) => sum + sizeOf(join(product, folder)), 0) / 1024 / 1024,
    };
  },
};

interface Turn {
  readonly firstMs: number;
  readonly finalMs: number;
}

/** One message and its answer. */
function turn(client: Gateway, sessionKey: string): Promise<Turn> {
  const idempotencyKey = crypto.randomUUID();
  const begun = performance.now();
  let firstMs = Number.NaN;
  return new Promise((resolve, reject) => {
    const end = client.on("chat", (payload) => {
      const event = payload as { runId?: string; state?: string; errorMessage?: string };
      if (event.runId !== idempotencyKey) return;
      if (event.state === "delta" && Number.isNaN(firstMs)) firstMs = performance.now() - begun;
      if (event.state !== "final" && event.state !== "error") return;
      end();
      if (event.state === "error") reject(new Error(event.errorMessage));
      else resolve({ firstMs, finalMs: performance.now() - begun });
    });
    client.request("chat.send", { sessionKey, message: "hi", idempotencyKey }).catch(reject);
  });
}

/** One question over HTTP, until its answer is read, ms. */
async function timedPost(url: string): Promise<number> {
  const begun = performance.now();
  const response = await fetch(url, {
    method: "POST",
    headers: { authorization: `Bearer ${TOKEN}`, "content-type": "application/json" },
    body: JSON.stringify({ model: "openclaw", messages: [{ role: "user", content: "hi" }] }),
  });
  const answer = await response.text();
  if (!response.ok) throw new Error(answer);
  return performance.now() - begun;
}

function sizeOf(path: string): number {
  const info = statSync(path, { throwIfNoEntry: false });
  if (!info) return 0;
  return info.isDirectory() ? readdirSync(path).reduce((sum, name) => sum + sizeOf(join(path, name)), 0) : info.size;
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
