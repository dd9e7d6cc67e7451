/** One dialect beside a reader that does nothing with the same bytes, in one process and without a network. */
import { systemClock } from "../packages/openclaw/src/base/time.ts";
import type { Message } from "../packages/openclaw/src/contracts/message.ts";
import type { Dialect, DialectIo, ModelRequest } from "../packages/openclaw/src/contracts/model.ts";
import { dialects } from "../packages/openclaw/src/generated/dialects.ts";
import { requestFor } from "../test/conformance/_dialect-kit.ts";
import { wireOf } from "../test/fakes/_wires.ts";
import type { WireApi } from "../test/fakes/model-server.ts";
import { quietLog } from "../test/harness/log.ts";

export interface DialectFigures {
  /** CPU per 1,000 tokens, one event each, one read each. */
  readonly cpuMs: number;
  /** Of the same reads alone. */
  readonly rawMs: number;
  /** From the call to the first token, beyond the same of the reads alone. */
  readonly firstMs: number;
  /** CPU of the whole call in a conversation of 400 messages of which one is new. */
  readonly longMs: number;
}

const TOKENS = 1000;
const ROUNDS = 10;
const WARM = 3;
/** Runs of one measurement: a machine may count CPU in steps of 10 ms. */
const RUNS = 20;
const KEYS = { AWS_ACCESS_KEY_ID: "AKIDEXAMPLE", AWS_SECRET_ACCESS_KEY: "wJalrXUtnFEMI", AWS_REGION: "us-east-1" };

export async function measureDialect(api: WireApi): Promise<DialectFigures> {
  Object.assign(process.env, KEYS);
  const dialect = await loaded(api);
  const long = Array.from({ length: TOKENS }, (_, n) => ` word${n % 97}`);
  const streaming = eventsOf(api, long);
  const short = eventsOf(api, ["Yes."]);
  const request = requestFor(api, "https://models.test/");
  const cpu = await beside(
    () => drained(dialect, request, fetching(api, streaming)),
    () => readThrough(fetching(api, streaming)),
    RUNS,
  );
  const first = await beside(
    () => untilText(dialect, request, fetching(api, short)),
    () => readThrough(fetching(api, short), 3),
    RUNS * 20,
  );
  return {
    cpuMs: cpu.dialect,
    rawMs: cpu.raw,
    firstMs: first.dialect - first.raw,
    longMs: await longConversation(api, dialect, short),
  };
}

async function loaded(api: WireApi): Promise<Dialect> {
  const load = dialects[api];
  if (!load) throw new Error(`there is no dialect "${api}"`);
  return (await load()).dialect;
}

type Fetching = () => Promise<Response>;

/** One piece of the answer, as it is sent: each of them is one read of whoever reads. */
function eventsOf(api: WireApi, text: readonly string[]): readonly Uint8Array[] {
  return wireOf(api)
    .events({ text }, "fake-1")
    .map((event) => Buffer.from(event));
}

function fetching(api: WireApi, pieces: readonly Uint8Array[]): Fetching {
  return async () => {
    let at = 0;
    const body = new ReadableStream<Uint8Array>({
      pull(controller) {
        const piece = pieces[at];
        at += 1;
        if (piece === undefined) controller.close();
        else controller.enqueue(piece);
      },
    });
    return new Response(body, { headers: { "content-type": wireOf(api).contentType } });
  };
}

function ioOf(fetch: Fetching): DialectIo {
  return { fetch, clock: systemClock, log: quietLog };
}

async function readThrough(fetch: Fetching, reads = Number.POSITIVE_INFINITY): Promise<void> {
  const reader = (await fetch()).body?.getReader();
  for (let n = 0; n < reads; n += 1) if ((await reader?.read())?.done !== false) return;
  await reader?.cancel();
}

async function drained(dialect: Dialect, request: ModelRequest, fetch: Fetching): Promise<void> {
  for await (const event of dialect.stream(request, ioOf(fetch))) {
    if (event.type === "error") throw new Error(event.failure.message);
  }
}

async function untilText(dialect: Dialect, request: ModelRequest, fetch: Fetching): Promise<void> {
  for await (const event of dialect.stream(request, ioOf(fetch))) {
    if (event.type === "error") throw new Error(event.failure.message);
    if (event.type === "text") return;
  }
}

/** CPU of one run of each where it was disturbed least, measured in turn, `times` runs at once. */
async function beside(
  dialect: () => Promise<void>,
  raw: () => Promise<void>,
  times: number,
): Promise<{ readonly dialect: number; readonly raw: number }> {
  const found = { dialect: [] as number[], raw: [] as number[] };
  for (let round = -WARM; round < ROUNDS; round += 1) {
    const pair = { dialect: await cpuOf(dialect, times), raw: await cpuOf(raw, times) };
    if (round < 0) continue;
    found.dialect.push(pair.dialect);
    found.raw.push(pair.raw);
  }
  return { dialect: Math.min(...found.dialect), raw: Math.min(...found.raw) };
}

async function cpuOf(work: () => Promise<void>, times: number): Promise<number> {
  const before = process.cpuUsage();
  for (let n = 0; n < times; n += 1) await work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000 / times;
}

async function longConversation(api: WireApi, dialect: Dialect, answer: readonly Uint8Array[]): Promise<number> {
  const messages: Message[] = Array.from({ length: 399 }, (_, n) => said(api, n));
  const requests = Array.from({ length: 60 }, () => {
    messages.push(said(api, messages.length), said(api, messages.length + 1));
    return requestFor(api, "https://models.test/", { messages: [...messages] });
  });
  let at = 0;
  const next = () => drained(dialect, requests[at++]!, fetching(api, answer));
  await cpuOf(next, 20);
  return cpuOf(next, 40);
}

function said(api: string, n: number): Message {
  const text = `Message ${n} of a long conversation, with some words in it. `.repeat(10);
  if (n % 2 === 0) return { role: "user", content: text, timestamp: n };
  return {
    role: "assistant",
    content: [{ type: "text", text }],
    timestamp: n,
    api,
    provider: "fake",
    model: "fake-1",
    usage: { input: 1, output: 1, cacheRead: 0, cacheWrite: 0, totalTokens: 2 },
    stopReason: "stop",
  };
}
