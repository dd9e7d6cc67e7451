/** What is peculiar to streams of Gemini. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { collect, delivering, failureOf, ioWith, messageOf } from "../../../../../test/conformance/_dialect-kit.ts";
import { requestFor } from "../../../../../test/conformance/testDialect.ts";
import type { ModelEvent } from "../../contracts/model.ts";
import { dialect } from "./google-generative-ai.ts";

const stream = async (text: string, contentType = "text/event-stream") => {
  const io = ioWith(delivering([Buffer.from(text)], contentType));
  return collect(dialect.stream(requestFor("google-generative-ai", "http://127.0.0.1:1"), io));
};
const lastOf = async (...chunks: object[]) =>
  (await stream(chunks.map((chunk) => `data: ${JSON.stringify(chunk)}\r\n\r\n`).join(""))).at(-1) as ModelEvent;
const says = (parts: readonly object[], more: object = {}) => ({ candidates: [{ content: { parts }, ...more }] });
const end = (finishReason: string, more: object = {}) => ({ candidates: [{ finishReason, ...more }] });

describe("a stream of Gemini", () => {
  it("keeps a proof with the text up to it, and begins a new text behind it", async () => {
    const last = await lastOf(
      says([{ text: "A" }]),
      says([{ text: "B", thoughtSignature: "cDE=" }]),
      says([{ text: "C" }]),
      says([{ text: "", thoughtSignature: "cDI=" }]),
      end("STOP"),
    );
    assert.deepEqual(messageOf(last).content, [
      { type: "text", text: "AB", textSignature: "cDE=" },
      { type: "text", text: "C", textSignature: "cDI=" },
    ]);
  });

  it("gives calls without an id one of letters and digits, each its own", async () => {
    const exec = { functionCall: { name: "exec", args: {} } };
    const { content, stopReason } = messageOf(await lastOf(says([exec, exec]), end("STOP")));
    const ids = content.map((part) => (part.type === "toolCall" ? part.id : ""));
    assert.equal(new Set(ids).size, 2);
    for (const id of ids) assert.match(id, /^[a-z0-9]{5,64}$/i);
    assert.equal(stopReason, "toolUse");
  });

  const ends: readonly [string, string, string | undefined][] = [
    ["STOP", "stop", undefined],
    ["MAX_TOKENS", "length", undefined],
    ["SOMETHING_NEW", "stop", undefined],
    ["SAFETY", "stop", "unknown"],
    ["RECITATION", "stop", "unknown"],
    ["PROHIBITED_CONTENT", "stop", "unknown"],
    ["MALFORMED_FUNCTION_CALL", "server_error", "server_error"],
    ["UNEXPECTED_TOOL_CALL", "server_error", "server_error"],
  ];
  for (const [reason, withText, alone] of ends)
    it(`takes the end ${reason} as ${withText}${alone ? `, and as ${alone} when nothing came before it` : ""}`, async () => {
      const outcome = (last: ModelEvent) => (last.type === "done" ? last.reason : failureOf(last).failure.class);
      assert.equal(outcome(await lastOf(says([{ text: "Well" }]), end(reason))), withText);
      if (alone) assert.equal(outcome(await lastOf(end(reason))), alone);
    });

  it("says why the model's answer was no use", async () => {
    const last = await lastOf(end("MALFORMED_FUNCTION_CALL", { finishMessage: "print(default_api.exec(" }));
    const { failure } = failureOf(last);
    assert.equal(failure.code, "MALFORMED_FUNCTION_CALL");
    assert.match(failure.message, /garbled \(MALFORMED_FUNCTION_CALL\): print/);
  });

  it("says that the vendor refused the conversation", async () => {
    const { failure } = failureOf(await lastOf({ promptFeedback: { blockReason: "PROHIBITED_CONTENT" } }));
    assert.deepEqual([failure.class, failure.code], ["unknown", "PROHIBITED_CONTENT"]);
    assert.match(failure.message, /refused the conversation/);
  });

  it("counts thoughts as output and what was kept apart", async () => {
    const usageMetadata = {
      promptTokenCount: 100,
      toolUsePromptTokenCount: 5,
      cachedContentTokenCount: 60,
      candidatesTokenCount: 7,
      thoughtsTokenCount: 20,
      totalTokenCount: 132,
    };
    assert.deepEqual(
      messageOf(await lastOf({ ...says([{ text: "ok" }], { finishReason: "STOP" }), usageMetadata })).usage,
      {
        input: 45,
        output: 27,
        cacheRead: 60,
        cacheWrite: 0,
        totalTokens: 132,
      },
    );
  });

  it("reads all chunks in one list, as some proxies send them", async () => {
    const chunks = [says([{ text: "Good " }]), says([{ text: "morning" }], { finishReason: "STOP" })];
    const last = (await stream(JSON.stringify(chunks), "application/json")).at(-1) as ModelEvent;
    assert.deepEqual(messageOf(last).content, [{ type: "text", text: "Good morning" }]);
  });

  const error = { code: 429, message: "Quota exceeded for metric: requests.", status: "RESOURCE_EXHAUSTED" };
  const retry = { "@type": "type.googleapis.com/google.rpc.RetryInfo", retryDelay: "34.5s" };
  it("takes an error in mid-stream for what it is, framed or not", async () => {
    const framed = await lastOf(says([{ text: "Well" }]), { error });
    const bare = (
      await stream(`data: ${JSON.stringify(says([{ text: "Well" }]))}\n\n${JSON.stringify({ error }, null, 2)}\n`)
    ).at(-1) as ModelEvent;
    for (const last of [framed, bare]) {
      const { failure, partial } = failureOf(last);
      assert.deepEqual([failure.class, failure.status, failure.code], ["rate_limit", 429, "RESOURCE_EXHAUSTED"]);
      assert.deepEqual(partial.content, [{ type: "text", text: "Well" }]);
    }
  });

  it("waits as long as the error says", async () => {
    const { failure } = failureOf(await lastOf({ error: { ...error, details: [retry] } }));
    assert.equal(failure.retryAfterMs, 34_500);
  });
});
