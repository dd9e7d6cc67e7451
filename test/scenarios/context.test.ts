import assert from "node:assert/strict";
import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, test } from "node:test";
import { startModelServer } from "../fakes/model-server.ts";
import type { Reply, SeenRequest } from "../fakes/model-server.ts";
import { makePlace, start } from "../harness/gateway.ts";
import type { Overlay, Running } from "../harness/gateway.ts";

const KEY = "agent:main:main";
const RECORD =
  "## Goal\nA garden plan for the north side.\n\n## Decisions and facts\nThree beds.\n\n## Next\nBuy seeds.";
const ends: (() => Promise<void>)[] = [];
after(async () => {
  for (const end of ends.toReversed()) await end();
});

interface World {
  readonly running: Running;
  readonly state: string;
  readonly workspace: string;
  /** What the model was asked, records and notes left out. */
  readonly asked: SeenRequest[];
  readonly records: SeenRequest[];
  readonly flushes: SeenRequest[];
  again(): Promise<Running>;
}

const isRecord = (request: SeenRequest) => request.raw.includes("You write the record of a conversation");
const isFlush = (request: SeenRequest) => request.raw.includes("## Notes before a summary");
const messagesOf = (request: SeenRequest) =>
  request.body["messages"] as readonly { readonly role: string; readonly content: unknown }[];
const lastOf = (request: SeenRequest) => JSON.stringify(messagesOf(request).at(-1)?.content ?? "");

/** Writes one note, then keeps silent. */
function note(request: SeenRequest): Reply {
  if (!lastOf(request).includes("Before the conversation is summarised")) return { text: ["NO_REPLY"] };
  const given = { path: "memory/notes.md", content: "The garden faces north.\n" };
  return { calls: [{ id: "call_note", name: "write", arguments: JSON.stringify(given) }] };
}

async function world(
  window: number,
  answer: (request: SeenRequest) => Reply,
  { compaction = {}, record = { text: [RECORD] } }: { compaction?: Overlay; record?: Reply } = {},
): Promise<World> {
  const asked: SeenRequest[] = [];
  const records: SeenRequest[] = [];
  const flushes: SeenRequest[] = [];
  const server = await startModelServer({
    api: "openai-completions",
    script: (request) => {
      if (isRecord(request)) return (records.push(request), record);
      if (isFlush(request)) return (flushes.push(request), note(request));
      asked.push(request);
      return answer(request);
    },
  });
  const models = [{ id: "fake-1", name: "Fake", input: ["text"], contextWindow: window, maxTokens: 2048 }];
  const place = await makePlace(server.url, {
    models: { providers: { fake: { models } } },
    agents: { defaults: { compaction } },
  });
  const workspace = join(place.home, "workspace");
  mkdirSync(workspace, { recursive: true });
  writeFileSync(
    join(workspace, "AGENTS.md"),
    "# Rules\n\n## Session Startup\n\nRead GARDEN.md first.\n\n## Other\n\nNot this.\n",
  );
  let running = await start(place);
  ends.push(async () => {
    await running.stop();
    await server.close();
    place.end();
  });
  const again = async () => (running = await start(place));
  return { running, state: place.state, workspace, asked, records, flushes, again };
}

interface Final {
  readonly state: string;
  readonly text: string;
  readonly deltas: string;
}

function say({ client }: Running, message: string): Promise<Final> {
  const idempotencyKey = crypto.randomUUID();
  let deltas = "";
  return new Promise((resolve, reject) => {
    const end = client.on("chat", (payload) => {
      const event = payload as {
        runId?: string;
        state: string;
        message?: unknown;
        errorMessage?: string;
        deltaText?: string;
      };
      if (event.runId !== idempotencyKey) return;
      if (event.state === "delta") deltas += event.deltaText ?? "";
      if (event.state !== "final" && event.state !== "error") return;
      end();
      resolve({ state: event.state, text: JSON.stringify(event.message ?? event.errorMessage), deltas });
    });
    client.request("chat.send", { sessionKey: KEY, message, idempotencyKey }).catch(reject);
  });
}

const transcriptOf = (state: string) => {
  const folder = join(state, "agents", "main", "sessions");
  const file = readdirSync(folder).find((name) => name.endsWith(".jsonl"))!;
  return readFileSync(join(folder, file), "utf8")
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line) as Record<string, unknown>);
};

test("/compact of a conversation that is shorter than its summary changes nothing, and says so", async () => {
  const record = { text: [`${RECORD}\n${"More. ".repeat(200)}`], usage: { input: 50, output: 20 } };
  const it = await world(64_000, () => ({ text: ["Noted."], usage: { input: 100, output: 10 } }), { record });
  await say(it.running, `My garden. ${"It faces north. ".repeat(16)}`);
  const before = transcriptOf(it.state);
  assert.match((await say(it.running, "/compact")).text, /🧹 Compaction skipped: a summary would be no shorter/);
  assert.equal(it.records.length, 1);
  assert.deepEqual(transcriptOf(it.state).slice(0, before.length), before);
  assert.ok(transcriptOf(it.state).every(({ type }) => type !== "compaction"));
  const cost = (await it.running.client.request("usage.cost", { days: 1 })) as { totals: { totalTokens: number } };
  const row = (await it.running.client.request("sessions.describe", { key: KEY })) as {
    session: { inputTokens: number; outputTokens: number };
  };
  assert.equal(cost.totals.totalTokens, 180, "the answer, and the summary that was not taken");
  assert.deepEqual([row.session.inputTokens, row.session.outputTokens], [150, 30]);
});

test("/compact summarises, says what it came to, and the conversation goes on from the record, also after kill -9", async () => {
  const it = await world(64_000, () => ({ text: ["Noted."] }));
  await say(it.running, `Plan my garden at https://garden.example/plan/42. ${"It faces north. ".repeat(60)}`);
  await say(it.running, "Three beds, please.");
  const reply = await say(it.running, "/compact keep the beds in view");
  assert.match(reply.text, /🧹 Compacted: [\d.]+k? → [\d.]+k? tokens\./);
  assert.equal(it.records.length, 1);
  assert.match(it.records[0]!.raw, /Keep in view above all: keep the beds in view/);
  const entry = transcriptOf(it.state).findLast(({ type }) => type === "compaction");
  assert.match(String(entry?.["summary"]), /Three beds/);
  assert.match(
    String(entry?.["summary"]),
    /https:\/\/garden\.example\/plan\/42/,
    "an identifier that the model left out",
  );
  await it.running.kill();
  const next = await it.again();
  await say(next, "And now?");
  const shown = messagesOf(it.asked.at(-1)!);
  assert.match(JSON.stringify(shown), /It is a record, not instructions/);
  assert.match(JSON.stringify(shown), /Read GARDEN\.md first/);
  assert.doesNotMatch(JSON.stringify(shown), /It faces north/);
  assert.match((await say(next, "/compact")).text, /🧹 Compact(?:ed|ion skipped)/);
});

test("sessions.compact answers with the record and tells those who watch", async () => {
  const it = await world(64_000, () => ({ text: ["Noted."] }));
  const { client } = it.running;
  assert.deepEqual(await client.request("sessions.compact", { key: "agent:main:nobody" }), {
    ok: true,
    key: "agent:main:nobody",
    compacted: false,
    reason: "no sessionId",
  });
  await say(it.running, "Plan my garden. ".repeat(80));
  await client.request("sessions.messages.subscribe", { key: KEY });
  const phases: unknown[] = [];
  client.on("session.operation", (payload) => phases.push((payload as { phase: string }).phase));
  const answer = (await client.request("sessions.compact", { key: KEY })) as Record<string, unknown>;
  assert.equal(answer["compacted"], true);
  assert.match(String((answer["result"] as { summary: string }).summary), /garden plan/);
  assert.deepEqual(phases, ["start", "end"]);
  const { sessions } = (await client.request("sessions.list", {})) as unknown as {
    sessions: { key: string; compactionCount?: number }[];
  };
  assert.equal(sessions.find(({ key }) => key === KEY)?.compactionCount, 1);
});

test("a request that the provider takes for too long is made again after a summary, and nothing is said twice", async () => {
  let refused = 0;
  const it = await world(64_000, (request) => {
    if (request.raw.length > 60_000 && refused < 2) {
      refused += 1;
      return { kind: "refuse", status: 400, message: "This model's maximum context length is 8192 tokens." };
    }
    return { text: ["Answer once."] };
  });
  for (let i = 0; i < 4; i += 1) await say(it.running, `part ${i} ${"of a long story ".repeat(700)}`);
  const last = await say(it.running, `part 4 ${"of a long story ".repeat(700)}`);
  assert.ok(refused > 0);
  assert.equal(last.state, "final");
  assert.equal(last.text.split("Answer once.").length, 2);
  assert.ok(it.records.length > 0);
  const lines = transcriptOf(it.state);
  assert.ok(lines.some(({ type }) => type === "compaction"));
  const answers = lines.filter((line) => (line["message"] as { role?: string } | undefined)?.role === "assistant");
  assert.equal(answers.length, 5);
});

test("a full window is summarised after the answer; notes are asked for first, and nothing of that is shown", async () => {
  const it = await world(16_000, (request) => ({
    text: ["Noted."],
    usage: { input: Math.ceil(request.raw.length / 4), output: 10 },
  }));
  for (let i = 0; i < 8; i += 1) await say(it.running, `part ${i} ${"of a long story ".repeat(250)}`);
  await say(it.running, "done");
  assert.ok(it.records.length > 0, "it was summarised");
  assert.ok(it.flushes.length > 1, "notes were asked for");
  assert.equal(readFileSync(join(it.workspace, "memory", "notes.md"), "utf8"), "The garden faces north.\n");
  const { messages } = (await it.running.client.request("chat.history", { sessionKey: KEY })) as unknown as {
    messages: unknown[];
  };
  assert.doesNotMatch(JSON.stringify(messages), /Before the conversation is summarised|NO_REPLY|conversation-record/);
  for (const request of it.asked) assert.ok(request.raw.length / 4 < 16_000, `${request.raw.length}`);
});

test("when no model can summarise, the newest part is shown and nothing is lost", async () => {
  const it = await world(
    16_000,
    (request) => ({ text: ["Noted."], usage: { input: Math.ceil(request.raw.length / 4), output: 10 } }),
    { record: { kind: "refuse", status: 400, message: "no such thing" } },
  );
  for (let i = 0; i < 10; i += 1)
    assert.equal((await say(it.running, `part ${i} ${"of a story ".repeat(400)}`)).state, "final");
  for (const request of it.asked) assert.ok(request.raw.length / 4 < 16_000, `${request.raw.length}`);
  const users = transcriptOf(it.state).filter(
    (line) => (line["message"] as { role?: string } | undefined)?.role === "user",
  );
  assert.equal(users.length, 10);
  assert.match((await say(it.running, "/compact")).text, /⚠️ Compaction failed: .*The conversation is as it was\./);
});

test("with truncateAfterCompaction the transcript begins anew and the whole stands beside it", async () => {
  const it = await world(64_000, () => ({ text: ["Noted."] }), { compaction: { truncateAfterCompaction: true } });
  await say(it.running, "Plan my garden. ".repeat(80));
  await say(it.running, "/compact");
  const lines = transcriptOf(it.state);
  assert.deepEqual(
    lines.map(({ type }) => type),
    ["session", "compaction"],
  );
  assert.ok(existsSync(String(lines[0]?.["parentSession"])));
  assert.equal((await say(it.running, "Go on.")).state, "final");
});

test("a model with a window below 8,000 tokens is refused with what to do", async () => {
  const it = await world(4000, () => ({ text: ["Noted."] }));
  assert.match((await say(it.running, "hi")).text, /context window of fake-1 is 4000 tokens/);
});
