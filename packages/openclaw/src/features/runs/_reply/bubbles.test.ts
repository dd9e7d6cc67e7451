import assert from "node:assert/strict";
import { test } from "node:test";
import type { TurnRow } from "../../../store/index.ts";
import type { RunEvent } from "../index.ts";
import { Bubbles } from "./bubbles.ts";
import type { VerboseLevel } from "./settings.ts";

function desk(first: VerboseLevel) {
  const said: [string, string][] = [];
  const state = { level: first };
  const bubbles = new Bubbles({
    level: async () => state.level,
    compactions: async () => 2,
    say: (text, key) => void said.push([key, text]),
  });
  const tool = (data: object) =>
    bubbles.hear({ stream: "tool", seq: 1, data: { name: "exec", toolCallId: "c1", ...data } } as unknown as RunEvent);
  const start = () => tool({ phase: "start", args: { command: "ls" } });
  const result = (text: string, isError = false) =>
    tool({ phase: "result", isError, result: { content: [{ type: "text", text }] } });
  return { said, state, bubbles, start, result };
}

test("tool calls are told by the level: none, as they begin, with what they gave", async () => {
  for (const [level, count] of [
    ["off", 0],
    ["on", 1],
    ["full", 2],
  ] as const) {
    const { bubbles, said, start, result } = desk(level);
    start();
    result("a.txt");
    await bubbles.settled();
    assert.equal(said.length, count, level);
  }
});

test("a change of the level holds from the next bubble on", async () => {
  const { bubbles, said, state, start, result } = desk("off");
  start();
  await bubbles.settled();
  state.level = "full";
  result("a.txt");
  await bubbles.settled();
  assert.deepEqual(
    said.map(([key]) => key),
    ["tool:1:c1"],
  );
});

test("a failure is told with its reason where bubbles are wanted", async () => {
  const { bubbles, said, result } = desk("on");
  result("no such command", true);
  await bubbles.settled();
  assert.deepEqual(said, [["tool:1:c1", "⚠️ 🛠️ exec failed: `no such command`"]]);
});

test("long waits and compactions are news", async () => {
  const { bubbles, said } = desk("on");
  const turn = (startedAt: number) => ({ createdAt: 0, startedAt, options: {} }) as unknown as TurnRow;
  bubbles.waited(turn(1999));
  bubbles.waited(turn(3200));
  bubbles.hear({ stream: "compaction", seq: 9, data: { phase: "start" } } as unknown as RunEvent);
  bubbles.hear({ stream: "compaction", seq: 10, data: { phase: "end", completed: true } } as unknown as RunEvent);
  await bubbles.settled();
  assert.deepEqual(
    said.map(([, text]) => text),
    ["⏳ queued for 3200ms", "🧹 Auto-compaction complete (count 2)"],
  );
});
