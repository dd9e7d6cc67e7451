/** What comes out of a stream that works. */
import assert from "node:assert/strict";
import type { it as testIt } from "node:test";
import type { FetchOptions } from "../../packages/openclaw/src/base/fetch.ts";
import type { ModelEvent } from "../../packages/openclaw/src/contracts/model.ts";
import { wireOf } from "../fakes/_wires.ts";
import type { Answer } from "../fakes/model-server.ts";
import { collect, exchange, failureOf, ioWith, messageOf, requestFor } from "./_dialect-kit.ts";
import type { DialectCase } from "./testDialect.ts";

const deltas = (events: readonly ModelEvent[], type: "text" | "thinking") =>
  events.flatMap((event) => (event.type === type ? [event.delta] : []));

export function answers(it: typeof testIt, { dialect, server: { api } }: DialectCase): void {
  const wire = wireOf(api);
  /** Where the protocol has no ids, they are made here: each its own. They are then those of `ids`. */
  const contentOf = (last: ModelEvent, ...ids: string[]) => {
    const { content } = messageOf(last);
    const found = content.flatMap((part) => (part.type === "toolCall" ? [part.id] : []));
    assert.equal(new Set(found.filter((id) => id !== "")).size, found.length);
    if (wire.ids) return content;
    return content.map((part) => (part.type === "toolCall" ? { ...part, id: ids[found.indexOf(part.id)] } : part));
  };
  const ask = (answer: Answer) => exchange({ dialect, api }, answer);

  it("shows each piece of text as it comes and keeps the whole", async () => {
    const { events, last } = await ask({ text: ["Good ", "morning", ", 🌍!"] });
    assert.deepEqual(deltas(events, "text"), ["Good ", "morning", ", 🌍!"]);
    const message = messageOf(last);
    assert.deepEqual(message.content, [{ type: "text", text: "Good morning, 🌍!" }]);
    assert.equal(message.stopReason, "stop");
    assert.equal(message.api, api);
    assert.equal(message.provider, "fake");
    assert.equal(message.model, "fake-1");
    assert.equal(message.responseId !== undefined, wire.answerIds ?? wire.ids);
  });

  it("keeps thinking apart from the answer", async () => {
    const { events, last } = await ask({ thinking: ["Hm", "m."], text: ["Yes."] });
    assert.deepEqual(deltas(events, "thinking"), ["Hm", "m."]);
    assert.deepEqual(
      messageOf(last).content.map((part) =>
        part.type === "thinking" ? part.thinking : part.type === "text" ? part.text : "",
      ),
      ["Hmm.", "Yes."],
    );
  });

  it("announces a tool call when its name is known and delivers its arguments whole", async () => {
    const { events, last } = await ask({
      text: ["Let me look."],
      calls: [{ id: "call_1", name: "exec", arguments: '{"command":"ls -la"}' }],
    });
    const message = messageOf(last);
    const call = message.content[1];
    assert.ok(call?.type === "toolCall");
    assert.deepEqual(
      events.filter((event) => event.type === "toolcall"),
      [{ type: "toolcall", id: call.id, name: "exec" }],
    );
    const pieces = events.filter((event) => event.type === "arguments");
    assert.ok(pieces.length > (wire.pieces ? 1 : 0) && pieces.every(({ id }) => id === call.id));
    assert.equal(pieces.map(({ delta }) => delta).join(""), '{"command":"ls -la"}');
    assert.deepEqual(contentOf(last, "call_1")[1], {
      type: "toolCall",
      id: "call_1",
      name: "exec",
      arguments: { command: "ls -la" },
    });
    assert.equal(message.stopReason, "toolUse");
  });

  it("keeps parallel tool calls in the order of the model", async () => {
    const calls = ["a", "b", "c"].map((id) => ({
      id: `call_${id}`,
      name: "exec",
      arguments: JSON.stringify({ command: id }),
    }));
    const { last } = await ask({ calls });
    assert.deepEqual(
      contentOf(last, "call_a", "call_b", "call_c").map(
        (part) => part.type === "toolCall" && [part.id, part.arguments["command"]],
      ),
      [
        ["call_a", "a"],
        ["call_b", "b"],
        ["call_c", "c"],
      ],
    );
  });

  it("takes a tool call without arguments as one with none", async () => {
    const { last } = await ask({ calls: [{ id: "call_1", name: "exec", arguments: "" }] });
    assert.deepEqual(contentOf(last, "call_1")[0], { type: "toolCall", id: "call_1", name: "exec", arguments: {} });
  });

  for (const [what, text] of [
    ["broken JSON", '{"command":"ls'],
    ["a JSON array", '["ls"]'],
    ["a JSON string", '"ls"'],
  ] as const) {
    it(`keeps ${what} in the place of arguments as malformed`, async () => {
      const { last } = await ask({ calls: [{ id: "call_1", name: "exec", arguments: text }] });
      assert.deepEqual(contentOf(last, "call_1")[0], {
        type: "toolCall",
        id: "call_1",
        name: "exec",
        arguments: {},
        malformed: text,
      });
    });
  }

  it("says when the answer was cut at its length limit", async () => {
    const { last } = await ask({ text: ["And then"], stop: "length" });
    assert.equal(messageOf(last).stopReason, "length");
  });

  if (api !== "ollama") {
    it("keeps what was said before the vendor's filter stepped in", async () => {
      const { last } = await ask({ text: ["Well, "], stop: "refused" });
      assert.deepEqual(messageOf(last).content, [{ type: "text", text: "Well, " }]);
      assert.equal(messageOf(last).stopReason, "stop");
    });

    it("says that the vendor's filter withheld the whole answer", async () => {
      const { last } = await ask({ stop: "refused" });
      const { failure, partial } = failureOf(last);
      assert.equal(failure.class, "unknown");
      assert.match(failure.message, /filter|safety/i);
      assert.deepEqual(partial.content, []);
    });
  }

  it("counts tokens without those that came from or went to a cache", async () => {
    const { last } = await ask({ text: ["ok"], usage: { input: 12, output: 3, cacheRead: 1000, cacheWrite: 50 } });
    const cacheRead = wire.cache.read ? 1000 : 0;
    const cacheWrite = wire.cache.write ? 50 : 0;
    const input = 1062 - cacheRead - cacheWrite;
    assert.deepEqual(messageOf(last).usage, { input, output: 3, cacheRead, cacheWrite, totalTokens: 1065 });
  });

  it("prices the tokens where the model has a price", async () => {
    const model = {
      id: "fake-1",
      name: "Fake",
      reasoning: false,
      input: ["text"] as const,
      contextWindow: 1000,
      maxTokens: 100,
      cost: { input: 1, output: 10, cacheRead: 0.1, cacheWrite: 2 },
    };
    const usage = { input: 1_000_000, output: 100_000, cacheRead: 2_000_000, cacheWrite: 500_000 };
    const { last } = await exchange({ dialect, api }, { text: ["ok"], usage }, { endpoint: { model } });
    // Tokens of which the protocol does not say that they came from a cache cost what all cost.
    const cacheRead = wire.cache.read ? 0.2 : 0;
    const cacheWrite = wire.cache.write ? 1 : 0;
    const full = 1 + (wire.cache.read ? 0 : 2) + (wire.cache.write ? 0 : 0.5);
    const total = full + 1 + cacheRead + cacheWrite;
    assert.deepEqual(messageOf(last).usage.cost, { input: full, output: 1, cacheRead, cacheWrite, total });
  });

  it("sends the same bytes for the same request", async () => {
    const first = await ask({ text: ["ok"] });
    const second = await ask({ text: ["ok"] });
    assert.equal(first.server.requests[0]?.raw, second.server.requests[0]?.raw);
  });

  it("asks the configured server and no other, with a limit on what it reads", async () => {
    let asked: FetchOptions | undefined;
    const io = ioWith((_, options) => {
      asked = options;
      return Promise.reject(new Error("enough"));
    });
    await collect(dialect.stream(requestFor(api, "https://models.test:8443/some/path"), io));
    assert.deepEqual(asked?.egress, { origin: "https://models.test:8443" });
    assert.ok(asked && asked.maxBytes <= 64 * 1024 * 1024);
    assert.ok(asked.signal);
  });

  it("shows the first piece while the server is still writing", async () => {
    const started = performance.now();
    const { last, events } = await exchange(
      { dialect, api },
      { text: Array.from({ length: 10 }, (_, i) => `${i} `), everyMs: 10 },
    );
    assert.ok(performance.now() - started > 50);
    assert.equal(deltas(events, "text").length, 10);
    assert.equal(messageOf(last).stopReason, "stop");
  });
}
