import assert from "node:assert/strict";
import { test } from "node:test";
import type { ListedModel } from "../../../models/index.ts";
import { families, meant, pick, withoutProfile } from "./model-names.ts";

const listed = (ref: string, alias?: string): ListedModel => {
  const slash = ref.indexOf("/");
  return {
    provider: ref.slice(0, slash),
    row: {
      id: ref.slice(slash + 1),
      name: ref,
      reasoning: false,
      input: ["text"],
      contextWindow: 1000,
      maxTokens: 100,
    },
    isDefault: false,
    available: true,
    ...(alias === undefined ? {} : { alias }),
  };
};
const all = [
  listed("anthropic/claude-opus-4-6", "opus"),
  listed("anthropic/claude-sonnet-4-5", "Sonnet"),
  listed("openai/gpt-5.2", "gpt"),
  listed("openai/gpt-5-mini"),
  listed("openrouter/gpt-5-mini"),
  listed("openrouter/openai/gpt-5.2"),
];

const TABLE: readonly (readonly [text: string, meaning: string])[] = [
  ["opus", "anthropic/claude-opus-4-6"],
  ["OPUS", "anthropic/claude-opus-4-6"],
  ["sonnet", "anthropic/claude-sonnet-4-5"],
  ["openai/gpt-5.2", "openai/gpt-5.2"],
  ["OpenAI/GPT-5.2", "openai/gpt-5.2"],
  ["openrouter/openai/gpt-5.2", "openrouter/openai/gpt-5.2"],
  ["gpt-5.2", "openai/gpt-5.2"],
  ["gpt-5-mini", "openai/gpt-5-mini or openrouter/gpt-5-mini"],
  ["claude sonnet", "anthropic/claude-sonnet-4-5"],
  ["claude", "anthropic/claude-opus-4-6 or anthropic/claude-sonnet-4-5"],
  ["llama", "none"],
  ["", "none"],
  ["///", "none"],
];
for (const [text, meaning] of TABLE)
  test(`"${text}" means ${meaning}`, () => {
    const found = meant(text, all);
    assert.equal(
      found.kind === "one" ? found.ref : found.kind === "several" ? found.refs.join(" or ") : "none",
      meaning,
    );
  });

test("one line stands for a model at all its providers; the one in use is preferred", () => {
  const mini = families(all).find(({ id }) => id === "gpt-5-mini");
  assert.deepEqual(mini?.refs, ["openai/gpt-5-mini", "openrouter/gpt-5-mini"]);
  assert.equal(pick(mini, "openrouter/x"), "openrouter/gpt-5-mini");
  assert.equal(pick(mini, "anthropic/x"), "openai/gpt-5-mini");
});

test("what follows the last @ is a login, not the model", () => {
  assert.deepEqual(withoutProfile("opus@anthropic:work"), { ref: "opus", profile: "anthropic:work" });
  const mail = { ref: "openai-codex/gpt", profile: "openai-codex:me@example.com" };
  assert.deepEqual(withoutProfile("openai-codex/gpt@openai-codex:me@example.com"), mail);
  assert.deepEqual(withoutProfile("cf/@cf/llama@cf:work"), { ref: "cf/@cf/llama", profile: "cf:work" });
  assert.deepEqual(withoutProfile("opus@work"), { ref: "opus", profile: "work" });
  assert.deepEqual(withoutProfile("opus"), { ref: "opus" });
  assert.deepEqual(withoutProfile("@work"), { ref: "@work" });
});
