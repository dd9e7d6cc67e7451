/** Messages that come in the middle of a run, in every mode: none is lost and none is told twice, wherever the gateway dies. */
import { test } from "node:test";
import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { createWorld } from "./_world.ts";
import type { Death, World } from "./_world.ts";

const QUESTION = "use the tool please";
const LATER = ["first thing", "second thing", "third thing"] as const;

type Mode = "collect" | "followup" | "steer" | "steer-backlog" | "queue" | "interrupt" | "debounce";

function configOf(mode: Mode): Record<string, unknown> {
  if (mode === "debounce") return { inbound: { debounceMs: 8 } };
  return { queue: { mode, debounceMs: 5 } };
}

/** What people wrote, as it stands in the transcript. */
function written(world: World): string[] {
  const folder = join(world.home, "state/agents/main/sessions");
  const files = readdirSync(folder).filter((name) => name.endsWith(".jsonl"));
  const lines = files.flatMap((name) => readFileSync(join(folder, name), "utf8").split("\n").filter(Boolean));
  return lines.flatMap((line) => {
    const { message } = JSON.parse(line) as { message?: { role: string; content: unknown } };
    return message?.role === "user" ? [String(message.content)] : [];
  });
}

function check(world: World, mode: Mode): void {
  assert.deepEqual(world.model.complaints, [], "a request that a provider would refuse");
  assert.deepEqual(world.network.unacknowledged, []);
  const told = written(world).join("\n");
  const wanted = mode === "interrupt" ? LATER.slice(-1) : LATER;
  for (const text of wanted) {
    const answers = world.network.shown.filter((m) => m.text.includes(text));
    const most = mode === "steer-backlog" ? 2 : 1;
    assert.ok(answers.length > 0, `"${text}" was never answered`);
    assert.ok(answers.filter((m) => !m.maybeRepeated).length <= most, `"${text}" was answered ${answers.length} times`);
    const times = told.split(text).length - 1;
    assert.ok(times >= 1 && times <= most, `"${text}" was told ${times} times`);
  }
}

async function story(mode: Mode, death?: Death): Promise<readonly string[]> {
  const world = createWorld(configOf(mode));
  let spoken = false;
  world.model.meanwhile = async (use) => {
    if (!spoken) for (const text of LATER) world.network.say("ann", text);
    spoken = true;
    await world.network.deliver(use);
  };
  try {
    world.network.say("ann", QUESTION);
    const first = await world.live(death);
    if (death) await world.live();
    // One that died before it asked anything has nothing to say meanwhile.
    if (!spoken) return first.log;
    await world.live();
    check(world, mode);
    return first.log;
  } finally {
    world.end();
  }
}

for (const [mode, step] of [
  ["collect", 2],
  ["steer", 1],
  ["interrupt", 3],
  ["debounce", 3],
  ["followup", 7],
  ["queue", 7],
  ["steer-backlog", 5],
] as const) {
  test(`${mode}: dying before or after any operation loses no message and tells none twice`, async (t) => {
    const log = await story(mode);
    const expected = {
      collect: "store.turns.merge",
      steer: "store.turns.settle",
      "steer-backlog": "store.turns.requeue",
    };
    if (mode in expected) assert.ok(log.includes(expected[mode as keyof typeof expected]), log.join());
    for (let at = 1 + (step > 1 ? 3 : 0); at <= log.length; at += step)
      for (const when of ["before", "after"] as const)
        await t.test(`${when} operation ${at} (${log[at - 1]})`, async () => void (await story(mode, { at, when })));
  });
}
