import assert from "node:assert/strict";
import { test } from "node:test";
import type { Compat, ModelRow } from "../contracts/model.ts";
import {
  parseThinkingLevel,
  takesThinkingLevel,
  thinkingAfter,
  thinkingFor,
  thinkingLevels,
} from "./_thinking-levels.ts";

const model = (compat?: Compat, reasoning = true): ModelRow => ({
  id: "m",
  name: "M",
  reasoning,
  input: ["text"],
  contextWindow: 1,
  maxTokens: 1,
  ...(compat ? { compat } : {}),
});
const plain = model();
const deep = model({ supportedReasoningEfforts: ["low", "medium", "high", "xhigh"] });
const binary = model({ thinkingFormat: "zai" });
const mute = model(undefined, false);

const spoken: readonly [string, ReturnType<typeof parseThinkingLevel>][] = [
  ["think", "minimal"],
  ["think hard", "low"],
  ["Think Harder", "medium"],
  ["ultrathink", "high"],
  ["ultrathink+", "xhigh"],
  ["x-high", "xhigh"],
  ["x_high", "xhigh"],
  ["extra high", "xhigh"],
  ["extra-high", "xhigh"],
  ["highest", "high"],
  ["max", "max"],
  ["adaptive", "adaptive"],
  ["on", "low"],
  ["OFF", "off"],
  ["quickly", undefined],
  ["", undefined],
];
for (const [word, level] of spoken)
  test(`"${word}" means ${level ?? "nothing"}`, () => assert.equal(parseThinkingLevel(word), level));

const chosen: readonly [string, ModelRow, string | undefined, string][] = [
  ["a level that the model has stays", plain, "high", "high"],
  ["one too high becomes its highest", plain, "xhigh", "high"],
  ["the highest level depends on the model", deep, "max", "xhigh"],
  ["adaptive is the middle", plain, "adaptive", "medium"],
  ["a model that only thinks or not is switched on", binary, "high", "low"],
  ["a model that cannot think does not", mute, "high", "off"],
  ["off stays off", binary, "off", "off"],
  ["without a wish models that think do so a little", plain, undefined, "low"],
  ["a word that is no level counts as no wish", plain, "quickly", "low"],
];
for (const [title, row, wanted, level] of chosen) test(title, () => assert.equal(thinkingFor(row, wanted), level));

test("only models that declare it are offered the extra level", () => {
  const ids = (row: ModelRow) => thinkingLevels(row).map(({ id }) => id);
  assert.deepEqual(
    [ids(plain).includes("xhigh"), ids(deep).includes("xhigh"), ids(binary)],
    [false, true, ["off", "low"]],
  );
  assert.deepEqual(
    [takesThinkingLevel(plain, "xhigh"), takesThinkingLevel(plain, "max"), takesThinkingLevel(binary, "high")],
    [false, true, true],
  );
});

const format = (message: string) => ({ class: "format" as const, message });
test("a level that a vendor refuses becomes the nearest one that it names, else the next lower one", () => {
  assert.equal(
    thinkingAfter(format("Unsupported value: 'minimal' for reasoning_effort. Supported: 'low', 'high'."), "minimal"),
    "low",
  );
  assert.equal(thinkingAfter(format("thinking is not supported with this effort"), "high"), "medium");
  assert.equal(thinkingAfter(format("reasoning is not supported"), "minimal"), "off");
});
test("what was refused for another reason is not asked again", () => {
  assert.equal(thinkingAfter(format("messages: too many"), "high"), undefined);
  assert.equal(thinkingAfter({ class: "overloaded", message: "thinking hard" }, "high"), undefined);
  assert.equal(thinkingAfter(format("thinking refused"), "off"), undefined);
});
