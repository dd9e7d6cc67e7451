import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { NO_USAGE } from "../contracts/message.ts";
import type { Endpoint, ModelEvent, ModelFailure, ModelRequest } from "../contracts/model.ts";
import { answerOf } from "./_answer.ts";
import type { Question } from "./_answer.ts";

type Reply = string | Partial<ModelFailure> | Error;

const endpoint = (provider: string, timeoutMs?: number) =>
  ({
    provider,
    model: { id: "m", contextWindow: 16_000, maxTokens: 500 },
    ...(timeoutMs === undefined ? {} : { timeoutMs }),
  }) as unknown as Endpoint;

/** Models that give these replies, one after another, and a clock whose waits are over at once. Fakes. */
async function asked(replies: readonly Reply[], over: Partial<Question> = {}, patient = false) {
  const requests: ModelRequest[] = [];
  const waits: number[] = [];
  const stream = async function* (request: ModelRequest): AsyncGenerator<ModelEvent> {
    const reply = replies[requests.push(request) - 1] ?? "too often";
    if (reply instanceof Error) throw reply;
    const content = typeof reply === "string" ? [{ type: "text" as const, text: reply }] : [];
    const message = { role: "assistant", content, timestamp: 1, api: "a", provider: "p", model: "m" } as const;
    const done = { ...message, usage: { ...NO_USAGE, output: 3 }, stopReason: "stop" } as const;
    if (typeof reply === "string") yield { type: "done", reason: "stop", message: done };
    else yield { type: "error", failure: { class: "unknown", message: "broken", ...reply }, partial: done };
  };
  const sleep = async (ms: number): Promise<void> => void waits.push(ms);
  const outcome = await answerOf(
    { stream },
    {
      candidates: [endpoint("one"), endpoint("two")],
      asks: () => ({ system: [], messages: [], thinking: "off" }),
      signal: new AbortController().signal,
      ...(patient ? { clock: { now: () => 0, monotonic: () => 0, sleep } } : {}),
      ...over,
    },
  );
  return { outcome, waits, requests, whom: requests.map((request) => request.endpoint.provider).join(" ") };
}

describe("one answer aside", () => {
  test("the first model that answers is enough, and its thoughts are left out", async () => {
    const { outcome, whom } = await asked(["<think>hm</think> Yes."]);
    assert.deepEqual(outcome, { text: "Yes.", usage: { ...NO_USAGE, output: 3 }, model: "one/m" });
    assert.equal(whom, "one");
  });

  const busy: Reply = { class: "overloaded" };
  const tables: readonly [string, readonly Reply[], boolean, string][] = [
    ["the next one is asked at once", [busy, "x"], true, "one two"],
    ["without patience nobody is asked again", [busy, busy, "x"], false, "one two"],
    ["with patience the last one is", [busy, busy, "x"], true, "one two two"],
    ["and at the end all that are busy", [busy, busy, busy, busy, busy, "x"], true, "one two two two two one"],
    ["not where the key is refused", [{ class: "auth" }, { class: "auth" }, "x"], true, "one two"],
    ["nor where the wait is too long", [busy, { class: "rate_limit", retryAfterMs: 31_000 }, "x"], true, "one two"],
    ["a hiccup is worth one more try", [{ class: "server_error" }, "x"], true, "one one"],
    ["an empty answer is none", ["<think>hm</think>", "x"], true, "one two"],
    ["neither is a stream that breaks", [new Error("cut"), "x"], true, "one two"],
  ];
  for (const [title, replies, patient, expected] of tables)
    test(title, async () => assert.equal((await asked(replies, {}, patient)).whom, expected));

  test("the wait is the one that the provider asks for, else longer each time", async () => {
    const failures = [{ class: "rate_limit", retryAfterMs: 700 }, { class: "rate_limit" }, "x"] as const;
    assert.deepEqual((await asked(failures, { candidates: [endpoint("one")] }, true)).waits, [700, 1000]);
  });

  test("after the failure that is the last word nobody else is asked", async () => {
    const { outcome, whom } = await asked([{ class: "context_overflow" }], { lastWord: "context_overflow" }, true);
    assert.equal(whom, "one");
    assert.ok("failure" in outcome && outcome.failure.class === "context_overflow");
  });

  test("nobody else is asked once it is stopped", async () => {
    assert.equal((await asked([{ class: "abort" }], { signal: AbortSignal.abort() })).whom, "one");
  });

  test("without a model it says so", async () => {
    const { outcome } = await asked([], { candidates: [] });
    assert.ok("failure" in outcome && /no model/.test(outcome.failure.message));
  });

  test("no model is asked for more than it can write, and each by its own time", async () => {
    const question = { system: [], messages: [], thinking: "off", maxTokens: 4000, idleMs: 9 } as const;
    const { requests } = await asked([{}, "x"], {
      candidates: [endpoint("one", 5), endpoint("two")],
      asks: () => question,
    });
    assert.deepEqual(
      requests.map(({ maxTokens, idleMs, tools }) => ({ maxTokens, idleMs, tools })),
      [
        { maxTokens: 500, idleMs: 5, tools: [] },
        { maxTokens: 500, idleMs: 9, tools: [] },
      ],
    );
  });
});

test("an answer that never ends, however alive its connection is, ends after a while", async () => {
  const { requests } = await asked(["x"], { candidates: [endpoint("one")] });
  assert.equal(requests[0]?.endpoint.timeoutMs, 600_000);
  const own = await asked(["x"], { candidates: [endpoint("one", 5)] });
  assert.equal(own.requests[0]?.endpoint.timeoutMs, 5);
});
