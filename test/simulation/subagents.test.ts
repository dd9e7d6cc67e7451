/** A sub-agent is reported once, and what sessions write to each other is said once, whichever operation the gateway dies at. */
import { test } from "node:test";
import assert from "node:assert/strict";
import { DatabaseSync } from "node:sqlite";
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { tools } from "../../packages/openclaw/src/features/subagents/tools.ts";
import { Sessions } from "../../packages/openclaw/src/features/sessions/index.ts";
import { createWorld } from "./_world.ts";
import type { Death, Script, World } from "./_world.ts";

const REPORT = "A sub-agent that you started has ended";
const OTHER = "agent:main:other";

const call = (name: string, args: object) =>
  [{ type: "toolCall", id: `call-${name}`, name, arguments: args as Readonly<Record<string, unknown>> }] as const;
const say = (text: string) => [{ type: "text", text }] as const;

const spawning: Script = (asked, hasResult) => {
  if (asked.includes(REPORT)) return say("heard of it");
  if (asked.includes("the task")) return say("the result");
  if (asked.includes("begin")) return hasResult ? say("started") : call("sessions_spawn", { task: "the task" });
  return undefined;
};

const talking: Script = (asked, hasResult) => {
  if (asked.includes("what is up?")) return say("not much");
  if (asked.includes("not much") && !hasResult) return say("REPLY_SKIP");
  if (asked.includes("begin"))
    return hasResult
      ? say("told")
      : call("sessions_send", { sessionKey: OTHER, message: "what is up?", timeoutSeconds: 0 });
  return undefined;
};

/** Texts of the messages of one role in every transcript. */
function texts(world: World, role: string): string[] {
  const folder = join(world.home, "state/agents/main/sessions");
  const lines = readdirSync(folder)
    .filter((name) => name.endsWith(".jsonl"))
    .flatMap((name) => readFileSync(join(folder, name), "utf8").split("\n").filter(Boolean));
  return lines.flatMap((line) => {
    const { message } = JSON.parse(line) as { message?: { role: string; content: unknown } };
    return message?.role === role ? [JSON.stringify(message.content)] : [];
  });
}

const count = (list: readonly string[], part: string): number => list.filter((text) => text.includes(part)).length;

function rows(world: World): readonly { state: string; announce: string }[] {
  const database = new DatabaseSync(join(world.home, "state", "openclaw.sqlite"), { readOnly: true });
  try {
    return database.prepare("SELECT state, announce FROM subagent_runs").all() as never;
  } finally {
    database.close();
  }
}

function checkSpawn(world: World): void {
  const runs = rows(world);
  // Dead before it was written down, nothing was started; the agent knows that its call was cut off.
  assert.ok(
    runs.length === 1 ||
      count(texts(world, "toolResult"), "interrupted") + count(texts(world, "toolResult"), "No result") === 1,
  );
  for (const run of runs) assert.deepEqual({ ...run }, { state: "ended", announce: "told" });
  assert.equal(count(texts(world, "user"), '"the task"'), runs.length, "the task");
  assert.equal(count(texts(world, "user"), REPORT), runs.length, "the report");
  const told = world.network.shown.filter(({ text }) => text === "heard of it");
  assert.equal(told.filter(({ maybeRepeated }) => !maybeRepeated).length <= 1, true);
  assert.ok(told.length >= runs.length);
  assert.deepEqual(world.model.complaints, []);
}

function checkTalk(world: World): void {
  const said = count(texts(world, "user"), "what is up?");
  assert.ok(said === 1 || count(texts(world, "toolResult"), "No result") === 1, `said ${said} times`);
  assert.ok(said <= 1, `said ${said} times`);
  assert.equal(count(texts(world, "assistant"), "not much"), said);
  assert.equal(count(texts(world, "assistant"), "REPLY_SKIP"), said);
  assert.deepEqual(world.model.complaints, []);
}

async function story(script: Script, check: (world: World) => void, deaths: readonly Death[]): Promise<number> {
  const world = createWorld({}, tools);
  try {
    world.model.script = script;
    world.network.say("ann", "begin");
    let operations = 0;
    const prepare = async (use: Parameters<NonNullable<Parameters<World["live"]>[1]>>[0]) =>
      void (await (await use(Sessions)).ensure(OTHER));
    for (const death of [...deaths, undefined]) ({ operations } = await world.live(death, prepare));
    check(world);
    return operations;
  } finally {
    world.end();
  }
}

for (const [title, script, check] of [
  ["a sub-agent is reported once", spawning, checkSpawn],
  ["what sessions write to each other is said once", talking, checkTalk],
] as const)
  test(`${title}, whichever operation the gateway dies at`, async (t) => {
    const operations = await story(script, check, []);
    for (let at = 1; at <= operations; at += 1)
      await t.test(`operation ${at}`, async () => {
        // Dead after one operation is dead before the next, but for what was under way beside it.
        await story(script, check, [{ at, when: at % 3 === 0 ? "before" : "after" }]);
      });
  });
