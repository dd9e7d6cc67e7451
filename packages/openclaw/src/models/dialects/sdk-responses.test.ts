/** OpenAI's own client as reference for the Responses protocol. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import OpenAI from "openai";
import { exchange, messageOf } from "../../../../../test/conformance/_dialect-kit.ts";
import { startModelServer } from "../../../../../test/fakes/model-server.ts";
import type { Answer } from "../../../../../test/fakes/model-server.ts";
import { itemOf } from "./_responses-items.ts";
import { dialect } from "./openai-responses.ts";

const ANSWERS: Readonly<Record<string, Answer>> = {
  text: { text: ["Good ", "morning ", "🌍"], usage: { input: 11, output: 4 } },
  "text and parallel tools": {
    text: ["Looking."],
    calls: [
      { id: "call_1", name: "exec", arguments: '{"command":"ls","timeout":5}' },
      { id: "call_2", name: "read", arguments: '{"path":"ä/ö.md"}' },
    ],
    usage: { input: 100, output: 30, cacheRead: 900, cacheWrite: 20 },
  },
  "a thought and a call": {
    thinking: ["Hm", "m"],
    signature: "gAAAAABc2lnbmF0dXJl",
    calls: [{ id: "call_1", name: "exec", arguments: "{}" }],
  },
  "a cut answer": { text: ["And"], stop: "length", usage: { input: 1, output: 1 } },
};

describe("openai-responses beside the official client", () => {
  for (const [what, answer] of Object.entries(ANSWERS))
    it(`assembles the same message from ${what}`, async () => {
      const server = await startModelServer({ api: "openai-responses", script: answer });
      const client = new OpenAI({ baseURL: server.url, apiKey: "k", maxRetries: 0 });
      const theirs = await client.responses.stream({ model: "fake-1", input: "hi" }).finalResponse();
      await server.close();
      const ours = messageOf((await exchange({ dialect, api: "openai-responses" }, answer)).last);

      assert.equal(
        ours.content.flatMap((part) => (part.type === "text" ? [part.text] : [])).join(""),
        theirs.output_text,
      );
      assert.deepEqual(
        ours.content.flatMap((part) =>
          part.type === "toolCall" ? [{ id: part.id, name: part.name, input: part.arguments }] : [],
        ),
        theirs.output.flatMap((item) =>
          item.type === "function_call"
            ? [{ id: item.call_id, name: item.name, input: JSON.parse(item.arguments) as unknown }]
            : [],
        ),
      );
      assert.deepEqual(
        ours.content.flatMap((part) => (part.type === "thinking" ? [itemOf(part.thinkingSignature)] : [])),
        theirs.output.flatMap((item) => (item.type === "reasoning" ? [item] : [])),
      );
      const calls = theirs.output.some((item) => item.type === "function_call");
      assert.equal(ours.stopReason, theirs.status === "incomplete" ? "length" : calls ? "toolUse" : "stop");
      assert.equal(ours.usage.totalTokens, theirs.usage?.total_tokens);
      assert.equal(ours.usage.cacheRead, theirs.usage?.input_tokens_details.cached_tokens);
      assert.equal(ours.responseId, theirs.id);
    });
});
