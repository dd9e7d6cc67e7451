/** The vendors' own clients as reference: they understand the fake server, and they read from a stream what we read. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import Anthropic from "@anthropic-ai/sdk";
import OpenAI from "openai";
import type { AssistantMessage } from "../../contracts/message.ts";
import type { Dialect } from "../../contracts/model.ts";
import { collect, requestFor } from "../../../../../test/conformance/testDialect.ts";
import { ioWith } from "../../../../../test/conformance/_dialect-kit.ts";
import { startModelServer } from "../../../../../test/fakes/model-server.ts";
import type { Answer, ModelServer, WireApi } from "../../../../../test/fakes/model-server.ts";
import { dialect as anthropic } from "./anthropic-messages.ts";
import { dialect as openai } from "./openai-completions.ts";

const ANSWERS: Readonly<Record<string, Answer>> = {
  text: { text: ["Good ", "morning ", "🌍"], usage: { input: 11, output: 4 } },
  "text and parallel tools": {
    text: ["Looking."],
    calls: [
      { id: "call_1", name: "exec", arguments: '{"command":"ls","timeout":5}' },
      { id: "call_2", name: "read", arguments: '{"path":"ä/ö.md"}' },
    ],
    usage: { input: 100, output: 30, cacheRead: 900, cacheWrite: 0 },
  },
  "a cut answer": { text: ["And"], stop: "length", usage: { input: 1, output: 1 } },
};

const input = { messages: [{ role: "user" as const, content: "hi" }], model: "fake-1" };

async function both<T>(
  api: WireApi,
  dialect: Dialect,
  answer: Answer,
  official: (server: ModelServer) => Promise<T>,
): Promise<{ ours: AssistantMessage; theirs: T }> {
  const server = await startModelServer({ api, script: answer });
  try {
    const theirs = await official(server);
    const last = (await collect(dialect.stream(requestFor(api, server.url), ioWith()))).at(-1);
    assert.equal(last?.type, "done");
    return { ours: last.message, theirs };
  } finally {
    await server.close();
  }
}

const callsOf = (message: AssistantMessage) =>
  message.content.flatMap((part) =>
    part.type === "toolCall" ? [{ id: part.id, name: part.name, input: part.arguments }] : [],
  );
const textIn = (message: AssistantMessage) =>
  message.content.flatMap((part) => (part.type === "text" ? [part.text] : [])).join("");

describe("openai-completions beside the official client", () => {
  for (const [what, answer] of Object.entries(ANSWERS)) {
    it(`assembles the same message from ${what}`, async () => {
      const { ours, theirs } = await both("openai-completions", openai, answer, (server) =>
        new OpenAI({ baseURL: server.url, apiKey: "k", maxRetries: 0 }).chat.completions
          .stream({ ...input, stream_options: { include_usage: true } })
          .finalChatCompletion(),
      );
      const choice = theirs.choices[0];
      assert.equal(textIn(ours), choice?.message.content ?? "");
      const calls = (choice?.message.tool_calls ?? []).flatMap((call) =>
        call.type === "function"
          ? [{ id: call.id, name: call.function.name, input: JSON.parse(call.function.arguments) }]
          : [],
      );
      assert.deepEqual(callsOf(ours), calls);
      assert.equal(
        ours.stopReason,
        { stop: "stop", length: "length", tool_calls: "toolUse" }[String(choice?.finish_reason)],
      );
      assert.equal(ours.usage.totalTokens, theirs.usage?.total_tokens);
      assert.equal(ours.usage.cacheRead, theirs.usage?.prompt_tokens_details?.cached_tokens);
      assert.equal(ours.responseId, theirs.id);
    });
  }
});

describe("anthropic-messages beside the official client", () => {
  const thinking = { thinking: ["Hm", "m"], signature: "c2lnbmF0dXJl", ...ANSWERS["text"] };
  for (const [what, answer] of Object.entries({ ...ANSWERS, thinking })) {
    it(`assembles the same message from ${what}`, async () => {
      const { ours, theirs } = await both("anthropic-messages", anthropic, answer, (server) =>
        new Anthropic({ baseURL: server.url, apiKey: "k", maxRetries: 0 }).messages
          .stream({ ...input, max_tokens: 100 })
          .finalMessage(),
      );
      const blocks = theirs.content;
      assert.equal(textIn(ours), blocks.flatMap((block) => (block.type === "text" ? [block.text] : [])).join(""));
      assert.deepEqual(
        callsOf(ours),
        blocks.flatMap((block) =>
          block.type === "tool_use" ? [{ id: block.id, name: block.name, input: block.input }] : [],
        ),
      );
      assert.deepEqual(
        ours.content.flatMap((part) => (part.type === "thinking" ? [[part.thinking, part.thinkingSignature]] : [])),
        blocks.flatMap((block) => (block.type === "thinking" ? [[block.thinking, block.signature]] : [])),
      );
      assert.equal(
        ours.stopReason,
        { end_turn: "stop", max_tokens: "length", tool_use: "toolUse" }[String(theirs.stop_reason)],
      );
      assert.equal(ours.usage.input, theirs.usage.input_tokens);
      assert.equal(ours.usage.output, theirs.usage.output_tokens);
      assert.equal(ours.usage.cacheRead, theirs.usage.cache_read_input_tokens);
      assert.equal(ours.responseId, theirs.id);
    });
  }
});

describe("the fake server", () => {
  it("refuses in words that the official clients understand", async () => {
    const server = await startModelServer({
      api: "anthropic-messages",
      script: { kind: "refuse", status: 429, type: "rate_limit_error", headers: { "retry-after": "3" } },
    });
    const client = new Anthropic({ baseURL: server.url, apiKey: "k", maxRetries: 0 });
    try {
      await assert.rejects(client.messages.create({ ...input, max_tokens: 1 }), Anthropic.RateLimitError);
    } finally {
      await server.close();
    }
  });
});
