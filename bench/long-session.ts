/**
 * One conversation of a thousand turns, with results of tools and several compactions: what a turn costs in the
 * beginning and in the end. By hand: `node --conditions=openclaw-source bench/long-session.ts [turns] [window]`.
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Gateway } from "../packages/openclaw/src/client/index.ts";
import { startModelServer } from "../test/fakes/model-server.ts";
import type { Reply, SeenRequest } from "../test/fakes/model-server.ts";
import { cpuMs, makePlace, residentMb, start } from "../test/harness/gateway.ts";

const TURNS = Number(process.argv[2] ?? 1000);
const WINDOW = Number(process.argv[3] ?? 32_000);
const SESSION = "agent:main:long";
/** A tool is used in every so many turns. */
const TOOL_EVERY = 3;

interface Sample {
  readonly ms: number;
  readonly cpu: number;
  readonly promptKb: number;
}

const RECORD = "## Goal\nTo talk for long.\n\n## Done\nMuch was said and read.\n\n## Next\nMore of the same.";
let records = 0;
let promptBytes = 0;

/** Answers at once: a record when it is asked for one, a call of a tool now and then, some words. */
function reply(request: SeenRequest): Reply {
  const messages = request.body["messages"] as readonly { role: string; content: unknown }[];
  const usage = { input: Math.ceil(request.raw.length / 4), output: 40 };
  if (String(messages[0]?.content).startsWith("You write the record")) {
    records += 1;
    return { text: [RECORD], usage };
  }
  const last = messages.at(-1);
  const asked = String(last?.content);
  if (asked.includes("Before the conversation is summarised")) return { text: ["NO_REPLY"], usage };
  promptBytes = request.raw.length;
  const turn = Number(/turn (\d+)/.exec(asked)?.[1] ?? 0);
  if (last?.role === "user" && turn % TOOL_EVERY === 0)
    return { calls: [{ id: `call_${turn}`, name: "read", arguments: JSON.stringify({ path: "notes.txt" }) }], usage };
  return { text: [`an answer of some length to what was asked in turn ${turn}. `.repeat(4)], usage };
}

const server = await startModelServer({ api: "openai-completions", script: reply });
const place = await makePlace(server.url, {
  models: {
    providers: {
      fake: { models: [{ id: "fake-1", name: "Fake", input: ["text"], contextWindow: WINDOW, maxTokens: 4096 }] },
    },
  },
});
mkdirSync(join(place.home, "workspace"), { recursive: true });
writeFileSync(join(place.home, "workspace", "notes.txt"), "a line of notes that somebody wrote down\n".repeat(150));
const running = await start(place);
const samples: Sample[] = [];
const begun = performance.now();
try {
  for (let turn = 1; turn <= TURNS; turn += 1) samples.push(await measured(turn));
  report();
} finally {
  await running.stop();
  await server.close();
  place.end();
}

async function measured(turn: number): Promise<Sample> {
  const cpu = cpuMs(running.pid);
  const at = performance.now();
  await say(running.client, `turn ${turn}: ${"something that a person wants to know. ".repeat(6)}`);
  return { ms: performance.now() - at, cpu: cpuMs(running.pid) - cpu, promptKb: promptBytes / 1024 };
}

function say(client: Gateway, message: string): Promise<void> {
  const idempotencyKey = crypto.randomUUID();
  return new Promise((resolve, reject) => {
    const end = client.on("chat", (payload) => {
      const { runId, state, errorMessage } = payload as { runId?: string; state?: string; errorMessage?: string };
      if (runId !== idempotencyKey || (state !== "final" && state !== "error")) return;
      end();
      if (state === "error") reject(new Error(errorMessage));
      else resolve();
    });
    client.request("chat.send", { sessionKey: SESSION, message, idempotencyKey }).catch(reject);
  });
}

/** Turns around the one that is named; a cycle between compactions is longer than one turn. */
function around(turn: number): Sample {
  const half = Math.max(5, Math.floor(turn / 20));
  const those = samples.slice(Math.max(0, turn - half), turn + half);
  const mean = (pick: (sample: Sample) => number) => those.reduce((sum, one) => sum + pick(one), 0) / those.length;
  const sorted = those.map(({ ms }) => ms).toSorted((a, b) => a - b);
  return {
    ms: sorted[Math.floor(sorted.length / 2)] ?? Number.NaN,
    cpu: mean(({ cpu }) => cpu),
    promptKb: mean(({ promptKb }) => promptKb),
  };
}

function report(): void {
  console.log(`${TURNS} turns in ${((performance.now() - begun) / 1000).toFixed(1)} s, a window of ${WINDOW} tokens,`);
  console.log(`${records} compactions, ${residentMb(running.pid).toFixed(0)} MB at the end\n`);
  console.log("| Turn | ms | CPU ms | prompt KB |\n|---|---|---|---|");
  const [first, ...later] = [10, 100, TURNS].filter((turn) => turn <= TURNS);
  const base = around(first ?? 10);
  console.log(row(first ?? 10, base));
  for (const turn of later) console.log(row(turn, around(turn)));
  const last = around(TURNS);
  const ratio = (pick: (sample: Sample) => number) => (pick(last) / pick(base)).toFixed(2);
  console.log(
    `\nturn ${TURNS} / turn 10: time ${ratio((s) => s.ms)}, CPU ${ratio((s) => s.cpu)}, prompt ${ratio((s) => s.promptKb)}`,
  );
}

function row(turn: number, { ms, cpu, promptKb }: Sample): string {
  return `| ${turn} | ${ms.toFixed(1)} | ${cpu.toFixed(1)} | ${promptKb.toFixed(1)} |`;
}
