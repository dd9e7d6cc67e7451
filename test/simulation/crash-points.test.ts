/** Every message is answered once, whichever operation the gateway dies at. */
import { test } from "node:test";
import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { SYSTEM } from "../../packages/openclaw/src/contracts/principal.ts";
import { Inbound } from "../../packages/openclaw/src/features/inbound/index.ts";
import { SystemEvents } from "../../packages/openclaw/src/features/sessions/index.ts";
import { createWorld } from "./_world.ts";
import type { Death, World } from "./_world.ts";

const QUESTIONS = [
  ["ann", "hello"],
  ["bob", "use the tool please"],
  ["ann", "again"],
] as const;

/** What must hold after any death and a restart. */
function check(world: World): void {
  for (const [chat, question] of QUESTIONS) {
    const answers = world.network.shown.filter((m) => m.address.chat === chat && m.text === `echo: ${question}`);
    assert.ok(answers.length >= 1, `${chat}'s "${question}" was never answered`);
    const unmarked = answers.filter((m) => !m.maybeRepeated);
    assert.ok(unmarked.length <= 1, `${chat}'s "${question}" was answered ${unmarked.length} times without a mark`);
    assert.ok(answers.length <= 2, `${chat}'s "${question}" was answered ${answers.length} times`);
  }
  assert.deepEqual(world.model.complaints, [], "a request that a provider would refuse");
  assert.deepEqual(world.network.unacknowledged, []);
  for (const [, question] of QUESTIONS) {
    const written = transcript(world).filter((message) => message.role === "user" && message.content === question);
    assert.equal(written.length, 1, `"${question}" stands ${written.length} times in the transcript`);
  }
}

/** Messages of every transcript file. */
function transcript(world: World): { role: string; content: unknown }[] {
  const folder = join(world.home, "state/agents/main/sessions");
  const files = readdirSync(folder).filter((name) => name.endsWith(".jsonl"));
  const lines = files.flatMap((name) => readFileSync(join(folder, name), "utf8").split("\n").filter(Boolean));
  return lines.flatMap((line) => {
    const entry = JSON.parse(line) as { message?: { role: string; content: unknown } };
    return entry.message ? [entry.message] : [];
  });
}

async function story(deaths: readonly Death[]): Promise<{ operations: number; log: readonly string[] }> {
  const world = createWorld();
  try {
    for (const [chat, question] of QUESTIONS) world.network.say(chat, question);
    let operations = 0;
    let log: readonly string[] = [];
    for (const death of deaths) {
      const life = await world.live(death);
      operations ||= life.operations;
    }
    const last = await world.live();
    operations ||= last.operations;
    log = last.log;
    check(world);
    return { operations, log };
  } finally {
    world.end();
  }
}

test("without a crash every message is answered once, and every hop leaves its row", async () => {
  const { log } = await story([]);
  for (const operation of [
    "store.inbox.accept",
    "store.turns.submit",
    "store.turns.begin",
    "transcripts.append",
    "store.turns.finish",
    "store.outbox.sending",
    "store.outbox.sent",
  ]) {
    assert.ok(log.includes(operation), operation);
  }
});

test("dying before or after any operation loses nothing and repeats nothing unmarked", async (t) => {
  const { operations } = await story([]);
  for (let at = 1; at <= operations; at += 1) {
    for (const when of ["before", "after"] as const) {
      await t.test(`${when} operation ${at}`, async () => void (await story([{ at, when }])));
    }
  }
});

test("dying twice in a row loses nothing either", async () => {
  for (let at = 3; at <= 40; at += 4)
    await story([
      { at, when: "after" },
      { at: Math.ceil(at / 2), when: "before" },
    ]);
});

/** Something happened; then a life that dies tells it, woken or with somebody's message, and another one goes on. */
async function toldStory(how: "woken" | "asked", death?: Death): Promise<number> {
  const world = createWorld();
  const sessionKey = "agent:main:main";
  const wake = async (use: Parameters<NonNullable<Parameters<World["live"]>[1]>>[0]) =>
    (await use(Inbound)).wake(sessionKey, "test");
  try {
    await world.live(undefined, async (use) =>
      (await use(SystemEvents)).enqueue({ sessionKey, text: "the door opened", by: SYSTEM }),
    );
    if (how === "asked") world.network.say("ann", "who was it?");
    const { operations } = await world.live(death, how === "woken" ? wake : undefined);
    await world.live();
    // A wake-up that died before it was a turn is asked for again by whoever asked.
    await world.live(undefined, wake);
    const told = transcript(world).filter(
      ({ role, content }) => role === "user" && String(content).includes("the door opened"),
    );
    assert.equal(told.length, 1, `told ${told.length} times`);
    assert.deepEqual(world.model.complaints, []);
    return operations;
  } finally {
    world.end();
  }
}

for (const how of ["woken", "asked"] as const)
  test(`what waits to be told is told once, ${how}, whatever the gateway dies at`, async () => {
    const operations = await toldStory(how);
    for (let at = 1; at <= operations; at += 1)
      for (const when of ["before", "after"] as const) await toldStory(how, { at, when });
  });
