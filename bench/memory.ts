/**
 * Searching a large memory: `node --conditions=openclaw-source bench/memory.ts [pieces] [dimensions]`. Makes an index
 * of 50,000 pieces of about 250 words with embeddings of 1,536 dimensions (some 600 MB on the disk, some two minutes),
 * asks it through the thread that the gateway uses, and prints what a search takes, what the thread holds, and how
 * long the event loop was held up meanwhile.
 */
import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { monitorEventLoopDelay } from "node:perf_hooks";
import { systemClock } from "../packages/openclaw/src/base/time.ts";
import { IndexHost } from "../packages/openclaw/src/features/memory/_host.ts";
import type { Chunk } from "../packages/openclaw/src/features/memory/_index/chunk.ts";
import { openDatabase } from "../packages/openclaw/src/features/memory/_index/database.ts";
import { Embeddings } from "../packages/openclaw/src/features/memory/_index/embeddings.ts";
import { putFile } from "../packages/openclaw/src/features/memory/_index/pieces.ts";
import type { SearchRequest } from "../packages/openclaw/src/features/memory/_index/search.ts";
import { quietLog } from "../test/harness/log.ts";

const pieces = Number(process.argv[2] ?? 50_000);
const dimensions = Number(process.argv[3] ?? 1536);
const PER_FILE = 50;
const WORDS = 250;
const TOPICS = 200;
const ROUNDS = 60;
const EMBEDDER = { fingerprint: "bench", label: "bench/bench" };
const COMMON =
  "the a of to and in is we it for was on with as at by this that be are from have not you note today about".split(" ");

const random = numbers(1);
const folder = mkdtempSync(join(tmpdir(), "openclaw-bench-"));
const path = join(folder, "main.sqlite");
const topics = Array.from({ length: TOPICS }, () => Float32Array.from({ length: dimensions }, () => random() - 0.5));

try {
  await fill();
  await ask();
} finally {
  rmSync(folder, { recursive: true, force: true });
}

async function fill(): Promise<void> {
  const db = await openDatabase(path, "unicode61", []);
  const embeddings = new Embeddings(db);
  let begun = performance.now();
  for (let file = 0; file * PER_FILE < pieces; file += 1) {
    const chunks = Array.from({ length: PER_FILE }, (_, n) => chunkOf(file * PER_FILE + n));
    putFile(
      db,
      { path: `memory/${file}.md`, source: "memory", hash: "", mtime: 1, size: 1, rule: "", cursor: null },
      chunks,
    );
  }
  print("taking in the text", (performance.now() - begun) / 1000, "s");
  begun = performance.now();
  for (let at = 0; at < pieces; at += 500) {
    const hashes = Array.from({ length: Math.min(500, pieces - at) }, (_, n) => `piece ${at + n}`);
    const floats = new Float32Array(hashes.length * dimensions);
    for (const n of hashes.keys()) floats.set(near(at + n, 0.8), n * dimensions);
    embeddings.keep(EMBEDDER, hashes, floats, dimensions);
  }
  print("storing the embeddings", (performance.now() - begun) / 1000, "s");
  db.close();
  print("size of the index", statSync(path).size / 1024 / 1024, "MB");
}

async function ask(): Promise<void> {
  const host = new IndexHost({ clock: systemClock, log: quietLog });
  const place = { path, tokenizer: "unicode61" } as const;
  const before = process.memoryUsage.rss();
  const question = (n: number) => ({ vector: near(n, 0.5), fingerprint: EMBEDDER.fingerprint });
  const some = (n: number) => `what did we say about ${word(n * 37)} and ${word(n * 991)}`;
  const weights = { vector: 0.7, text: 0.3 };
  const base = { maxResults: 6, minScore: 0.35, strict: false, candidates: 24, inPrivate: true, now: Date.now() };
  const kinds: Record<string, (n: number) => SearchRequest> = {
    "words, rare and common": (n) => ({ ...base, weights, query: some(n) }),
    "words, common ones only": () => ({ ...base, weights, query: "what was the note about today" }),
    "meaning only": (n) => ({ ...base, query: some(n), question: question(n) }),
    "words and meaning": (n) => ({ ...base, weights, query: some(n), question: question(n) }),
  };
  const first = performance.now();
  await host.ask("search", place, kinds["words and meaning"]!(7));
  print("first search, thread and short forms included", performance.now() - first, "ms");
  const delay = monitorEventLoopDelay({ resolution: 1 });
  delay.enable();
  for (const [name, request] of Object.entries(kinds)) {
    const times: number[] = [];
    const cpu = process.cpuUsage();
    for (let n = 0; n < ROUNDS; n += 1) {
      const asked = request(n + 1);
      const begun = performance.now();
      await host.ask("search", place, asked);
      times.push(performance.now() - begun);
    }
    const { user, system } = process.cpuUsage(cpu);
    times.sort((a, b) => a - b);
    print(`${name}: processor time of one`, (user + system) / 1000 / ROUNDS, "ms");
    print(`${name}: median`, times[Math.floor(ROUNDS / 2)] ?? Number.NaN, "ms");
    print(`${name}: 95 of 100`, times[Math.floor(ROUNDS * 0.95)] ?? Number.NaN, "ms");
  }
  delay.disable();
  print("longest hold-up of the event loop", delay.max / 1e6, "ms");
  print("memory of the thread", (process.memoryUsage.rss() - before) / 1024 / 1024, "MB");
  await host.close();
  await systemClock.sleep(500);
  print("after the thread ended", (process.memoryUsage.rss() - before) / 1024 / 1024, "MB");
}

function chunkOf(n: number): Chunk {
  const words = Array.from({ length: WORDS }, () =>
    random() < 0.45 ? COMMON[Math.floor(random() * COMMON.length)] : word(Math.floor(30_000 * random() ** 3)),
  );
  return { startLine: (n % PER_FILE) + 1, endLine: (n % PER_FILE) + 1, text: words.join(" "), hash: `piece ${n}` };
}

function word(n: number): string {
  return `w${n.toString(36)}x`;
}

/** A vector near the topic of `n`. */
function near(n: number, spread: number): Float32Array {
  const topic = topics[n % TOPICS] as Float32Array;
  return topic.map((value) => value + spread * (random() - 0.5));
}

/** Numbers that look random and are the same every time. */
function numbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff;
    return state / 0x7fffffff;
  };
}

function print(what: string, value: number, unit: string): void {
  console.log(`${what.padEnd(48)} ${value.toFixed(value < 10 ? 1 : 0).padStart(6)} ${unit}`);
}
