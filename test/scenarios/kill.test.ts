/**
 * A real gateway, killed with SIGKILL at each hop of a message's way and started again on the same
 * disk. Each message must be answered; an answer that stands twice must be marked; the transcript
 * must hold every question once; the inbox must be empty.
 */
import { after, test } from "node:test";
import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { startModelServer } from "../fakes/model-server.ts";
import type { Reply, SeenRequest } from "../fakes/model-server.ts";
import { FakeTelegram } from "../fakes/telegram.ts";
import { withoutEnvelope } from "../harness/envelope.ts";
import { makePlace, start } from "../harness/gateway.ts";
import type { Place } from "../harness/gateway.ts";

const MESSAGES: readonly (readonly [chat: number, text: string])[] = [
  [11, "question a"],
  [12, "question b"],
  [13, "question c use the tool"],
  [14, "question d"],
  [14, "question e"],
];
const MARK = "↻";

interface World {
  readonly telegram: FakeTelegram;
  /** Calls `then` when the model server receives its n-th request. */
  onModel(n: number, then: () => void): void;
  place: Place;
  /** How long the model waits between the events of an answer. */
  pace: number;
}

interface KillPoint {
  readonly hop: string;
  /** Resolves when the gateway must die. */
  arm(world: World): Promise<void>;
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
const once = (register: (tell: () => void) => void): Promise<void> => new Promise((resolve) => register(resolve));

/** Right after the platform handed the updates over, and a little later each time: hops 1 to 6. */
const afterHandOver = (ms: number): KillPoint => ({
  hop: `hops 1–6: ${ms} ms after the hand-over`,
  arm: () => pause(ms),
});

const onSend = (n: number, outcome: "drop-before" | "drop-after"): KillPoint => ({
  hop: `hop 10: in send ${n}, ${outcome === "drop-after" ? "shown but not acknowledged" : "not shown"}`,
  arm: (world) =>
    once((tell) => {
      let sends = 0;
      world.telegram.mishap = (call) => {
        if (call.method !== "sendMessage" || (sends += 1) < n) return undefined;
        tell();
        return outcome;
      };
    }),
});

const KILL_POINTS: readonly KillPoint[] = [
  ...[0, 3, 6, 10, 15, 25].map(afterHandOver),
  { hop: "hop 7: the first model request is out", arm: (world) => once((tell) => world.onModel(1, tell)) },
  {
    hop: "hop 8: in the middle of a stream",
    arm: (world) => ((world.pace = 40), once((tell) => world.onModel(2, () => setTimeout(tell, 60)))),
  },
  { hop: "hop 8: while a tool runs", arm: (world) => once((tell) => world.onModel(3, () => setTimeout(tell, 300))) },
  {
    hop: "hop 9: when answers are complete",
    arm: (world) => once((tell) => world.onModel(5, () => setTimeout(tell, 4))),
  },
  onSend(1, "drop-after"),
  onSend(2, "drop-before"),
  onSend(3, "drop-after"),
];

function reply(request: SeenRequest, pace: number): Reply {
  const messages = request.body["messages"] as { role: string; content: unknown }[];
  const last = messages.findLastIndex((m) => m.role === "user");
  const asked = textOf(messages[last]?.content);
  if (asked.includes("tool") && !messages.slice(last).some((m) => m.role === "tool")) {
    return {
      calls: [
        { id: `call_${messages.length}`, name: "exec", arguments: JSON.stringify({ command: "sleep 0.4; echo done" }) },
      ],
      everyMs: pace,
    } as Reply;
  }
  return { text: ["answer ", "to ", asked], everyMs: pace } as Reply;
}

function textOf(content: unknown): string {
  if (typeof content === "string") return withoutEnvelope(content);
  return Array.isArray(content)
    ? withoutEnvelope(content.map((part: { text?: string }) => part.text ?? "").join(""))
    : "";
}

async function makeWorld(): Promise<{ world: World; end(): Promise<void> }> {
  const telegram = await FakeTelegram.start();
  let waiting: { n: number; then: () => void } | undefined;
  let requests = 0;
  const world: World = {
    telegram,
    pace: 0,
    onModel: (n, then) => (waiting = { n, then }),
    place: undefined as unknown as Place,
  };
  const model = await startModelServer({
    api: "openai-completions",
    script: (request) => {
      requests += 1;
      if (requests === waiting?.n) waiting.then();
      return reply(request, world.pace);
    },
  });
  world.place = await makePlace(model.url, {
    session: { dmScope: "per-channel-peer" },
    channels: {
      telegram: {
        botToken: telegram.token,
        apiRoot: telegram.url,
        allowFrom: MESSAGES.map(([chat]) => chat),
        dmPolicy: "allowlist",
      },
    },
  });
  return {
    world,
    end: async () => {
      await telegram.stop();
      await model.close();
      world.place.end();
    },
  };
}

async function until(what: string, ready: () => boolean, seconds = 20): Promise<void> {
  for (let i = 0; i < seconds * 50; i += 1) {
    if (ready()) return;
    await pause(20);
  }
  assert.fail(`not within ${seconds} s: ${what}`);
}

const answersTo = (telegram: FakeTelegram, chat: number, text: string) =>
  telegram.sent.filter((m) => m.chat === String(chat) && m.text.includes(`answer to ${text}`));
const hops = new Set<string>();
after(() => console.log(`states found after the kills: ${[...hops].sort().join(", ")}`));

for (const point of KILL_POINTS) {
  test(`killed at ${point.hop}, every message is answered`, async () => {
    const { world, end } = await makeWorld();
    const { telegram } = world;
    try {
      const first = await start(world.place);
      await until("the bot polls", () => telegram.polling);
      const deadly = point.arm(world);
      for (const [chat, text] of MESSAGES) telegram.inject({ chat, text });
      await deadly;
      await first.kill();
      for (const state of stateOf(world.place)) hops.add(state);
      telegram.mishap = () => undefined;
      world.pace = 0;

      const second = await start(world.place);
      await until("every message has an answer", () =>
        MESSAGES.every(([chat, text]) => answersTo(telegram, chat, text).length > 0),
      );
      await until("nothing is left to do", () =>
        stateOf(world.place).every((state) => /:(done|sent|failed|aborted)$/.test(state)),
      );
      await second.stop();
      check(world);
    } finally {
      await end();
    }
  });
}

function check({ telegram, place }: World): void {
  for (const [chat, text] of MESSAGES) {
    const answers = answersTo(telegram, chat, text);
    const unmarked = answers.filter((m) => !m.text.startsWith(MARK));
    assert.ok(unmarked.length <= 1, `"${text}" was answered ${unmarked.length} times without a mark`);
    const written = userMessages(place).filter((content) => content === text);
    assert.equal(written.length, 1, `"${text}" stands ${written.length} times in the transcripts`);
  }
  assert.deepEqual(telegram.complaints, []);
  assert.equal(telegram.unconfirmed, 0);
}

/** `inbox:received`, `turn:running`, `post:sending`, …: what stands in the database. */
function stateOf(place: Place): string[] {
  const database = new DatabaseSync(join(place.state, "openclaw.sqlite"), { readOnly: true });
  try {
    const states = (table: string, label: string) =>
      database
        .prepare(`SELECT DISTINCT state FROM ${table}`)
        .all()
        .map((row) => `${label}:${String(row["state"])}`);
    return [...states("inbox", "inbox"), ...states("turns", "turn"), ...states("outbox", "post")];
  } finally {
    database.close();
  }
}

function userMessages(place: Place): unknown[] {
  const folder = join(place.state, "agents/main/sessions");
  return readdirSync(folder)
    .filter((name) => name.endsWith(".jsonl"))
    .flatMap((name) => readFileSync(join(folder, name), "utf8").split("\n"))
    .flatMap((line) => (line === "" ? [] : [JSON.parse(line) as { message?: { role: string; content: unknown } }]))
    .flatMap(({ message }) => (message?.role === "user" ? [message.content] : []));
}
