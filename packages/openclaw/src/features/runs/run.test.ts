import { test } from "node:test";
import assert from "node:assert/strict";
import { Type, closed } from "../../contracts/schema.ts";
import { defineTool, text } from "../../contracts/tool.ts";
import type { Message } from "../../contracts/message.ts";
import { systemClock } from "../../base/time.ts";
import { StopRequest } from "../sessions/index.ts";
import { violations } from "../context/index.ts";
import { calls, fails, hangs, rig, says } from "./_fakes.ts";

const tool = (name: string, run: (n: number) => Promise<string>, serial = false) =>
  defineTool({
    name,
    group: "fs",
    label: name,
    summary: name,
    description: name,
    effect: "read",
    serial,
    params: closed({ n: Type.Integer() }),
    load: async () => ({
      preview: () => ({ target: name, exact: {} }),
      run: async ({ n }: { n: number }) => text(await run(n)),
    }),
  });

const roles = (messages: readonly Message[]) => messages.map((m) => m.role);

test("a turn is asked, answered, written and posted", async () => {
  const r = rig([says("hello")]);
  await r.turn("hi");
  assert.deepEqual(roles(r.messages), ["user", "assistant"]);
  assert.deepEqual(
    r.posts.map((p) => p.text),
    ["hello"],
  );
  assert.equal(r.ended[0]?.state, "done");
  assert.deepEqual(r.ended[0]?.result.texts, ["hello"]);
});

test("events are numbered without gaps, begin with start and close with one end", async () => {
  const r = rig([says("hello")]);
  await r.turn("hi");
  assert.deepEqual(
    r.events.map((e) => e.seq),
    r.events.map((_, i) => i + 1),
  );
  const phases = r.events.filter((e) => e.stream === "lifecycle").map((e) => e.data["phase"]);
  assert.deepEqual(phases, ["start", "model", "end"]);
});

test("tools run side by side and their results stand in the order of the calls", async () => {
  const r = rig([calls("slow", "quick"), says("done")], {
    tools: [tool("slow", async () => (await systemClock.sleep(15), "slow")), tool("quick", async () => "quick")],
  });
  await r.turn("go");
  const results = r.messages.filter((m) => m.role === "toolResult").map((m) => m.toolName);
  assert.deepEqual(results, ["slow", "quick"]);
  const finished = r.events.filter((e) => e.data["phase"] === "result").map((e) => e.data["name"]);
  assert.deepEqual(finished, ["quick", "slow"]);
});

test("serial tools never run at the same time", async () => {
  let open = 0;
  const body = async () => {
    assert.equal((open += 1), 1);
    await systemClock.sleep(3);
    open -= 1;
    return "ok";
  };
  const r = rig([calls("one", "one", "one"), says("done")], { tools: [tool("one", body, true)] });
  await r.turn("go");
  assert.equal(r.messages.filter((m) => m.role === "toolResult" && !m.isError).length, 3);
});

const refusals: readonly [string, Parameters<typeof rig>[1], RegExp, string?][] = [
  ["an unknown tool", { tools: [] }, /no tool named "wrote"/, "wrote"],
  ["a tool that this agent does not have", { tools: [] }, /"write" is not available here/],
  ["a tool the gate denies", { tools: [tool("write", async () => "x")], deny: "write" }, /not today/],
  [
    "a tool that fails",
    { tools: [tool("write", async () => Promise.reject(new Error("boom\n    at secret.ts:1")))] },
    /^boom$/,
  ],
];
for (const [what, setup, pattern, name = "write"] of refusals) {
  test(`${what} is a result that the model reads, and the run goes on`, async () => {
    const r = rig([calls(name), says("I see")], setup);
    await r.turn("go");
    const result = r.messages.find((m) => m.role === "toolResult");
    assert.equal(result?.isError, true);
    const first = result?.content[0];
    assert.match(first?.type === "text" ? first.text : "", pattern);
    assert.deepEqual(
      r.posts.map((p) => p.text),
      ["I see"],
    );
  });
}

test("an overloaded model is asked again before anything was shown", async () => {
  const r = rig([fails({ class: "overloaded" }), fails({ class: "overloaded", retryAfterMs: 1234 }), says("hello")]);
  await r.turn("hi");
  assert.deepEqual(r.slept, [500, 1234]);
  assert.deepEqual(
    r.posts.map((p) => p.text),
    ["hello"],
  );
});

test("a level of thinking that the model refuses is asked for once more, one lower, and nobody hears of it", async () => {
  const r = rig([fails({ class: "format", message: "reasoning effort is not supported" }), says("hello")]);
  await r.turn("hi", { wishes: { thinking: "low" } });
  assert.deepEqual(
    r.requests.map((q) => q.thinking),
    ["low", "minimal"],
  );
  assert.deepEqual(
    r.posts.map((p) => p.text),
    ["hello"],
  );
});

test("a wait longer than a minute is not waited", async () => {
  const r = rig([fails({ class: "rate_limit", retryAfterMs: 61_000, message: "limit reached" })]);
  await r.turn("hi");
  assert.deepEqual(r.slept, []);
  assert.match(r.posts[0]?.text ?? "", /limit reached/);
});

test("another model takes over when the first refuses its key", async () => {
  const r = rig([fails({ class: "auth" }), says("hello from the second")], { models: 2 });
  await r.turn("hi");
  assert.deepEqual(
    r.requests.map((q) => q.endpoint.provider),
    ["p0", "p1"],
  );
  assert.deepEqual(
    r.posts.map((p) => p.text),
    ["hello from the second", "↪️ Model Fallback: p1/m1 (selected p0/m0; auth)"],
  );
});

test("a refused request is not sent to another model", async () => {
  const r = rig([fails({ class: "format", message: "bad request" })], { models: 2 });
  await r.turn("hi");
  assert.equal(r.requests.length, 1);
});

test("a failure after something was shown keeps what came and says what happened", async () => {
  const r = rig([fails({ class: "timeout", message: "connection reset" }, "half an ans")]);
  await r.turn("hi");
  assert.equal(r.requests.length, 1);
  assert.deepEqual(
    r.posts.map((p) => p.text.slice(0, 20)),
    ["half an ans", "⚠️ connection reset."],
  );
  assert.equal(r.ended[0]?.result.status, "error");
});

test("a stop in mid-stream keeps what came and says who stopped it", async () => {
  const stop = new AbortController();
  const r = rig([hangs("half")]);
  const running = r.turn("hi", { stop: stop.signal });
  await systemClock.sleep(5);
  stop.abort(new StopRequest("rpc"));
  await running;
  assert.equal(r.ended[0]?.state, "aborted");
  assert.equal(r.ended[0]?.result.stopReason, "rpc");
  assert.equal(r.messages.at(-1)?.role, "assistant");
  const end = r.events.at(-1);
  assert.deepEqual([end?.data["phase"], end?.data["aborted"]], ["end", true]);
});

test("a run that takes too long is stopped and says so", async () => {
  const r = rig([hangs("half")]);
  const awake = setTimeout(() => {}, 1000);
  await r.turn("hi", { timeoutMs: 20 });
  clearTimeout(awake);
  assert.equal(r.ended[0]?.result.status, "timeout");
  assert.match(r.posts.at(-1)?.text ?? "", /took longer/);
});

test("a gateway that stops leaves the turn open for the next process", async () => {
  const closing = new AbortController();
  const r = rig([hangs("half")]);
  const running = r.turn("hi", { closing: closing.signal });
  await systemClock.sleep(5);
  closing.abort();
  await running;
  assert.deepEqual(r.ended, []);
});

test("an answer that is only NO_REPLY says nothing", async () => {
  const r = rig([says("NO_REPLY")]);
  await r.turn("hi");
  assert.deepEqual(r.posts, []);
  assert.equal(r.ended[0]?.state, "done");
});

test("a run that finds no model keeps the question in the transcript and says why", async () => {
  const r = rig([], { models: 0 });
  await r.turn("hi");
  assert.deepEqual(roles(r.messages), ["user"]);
  assert.equal(r.ended[0]?.state, "failed");
  assert.equal(r.posts.length, 1);
});

const mine = (message: Message) => ({ message, runId: "run" });
const asked: Message = { role: "user", content: "hi", timestamp: 1 };
const answer = (content: Extract<Message, { role: "assistant" }>["content"]): Message => ({
  role: "assistant",
  content,
  timestamp: 1,
  api: "a",
  provider: "p",
  model: "m",
  usage: { input: 0, output: 0, cacheRead: 0, cacheWrite: 0, totalTokens: 0 },
  stopReason: "stop",
});

test("a run found with its question written does not ask it twice", async () => {
  const r = rig([says("hello")], { before: [mine(asked)] });
  await r.turn("hi", { attempts: 2 });
  assert.deepEqual(roles(r.messages), ["user", "assistant"]);
});

test("a run found in the middle of a tool call goes on with a result that says so", async () => {
  const r = rig([says("done")], {
    before: [mine(asked), mine(answer([{ type: "toolCall", id: "c", name: "exec", arguments: {} }]))],
  });
  await r.turn("hi", { attempts: 2 });
  assert.deepEqual(roles(r.messages), ["user", "assistant", "toolResult", "assistant"]);
  assert.match(JSON.stringify(r.messages[2]), /the run ended before this tool call finished/);
  assert.deepEqual(violations(r.requests[0]?.messages ?? []), []);
});

test("a run found with its answer written does not ask the model again", async () => {
  const r = rig([], { before: [mine(asked), mine(answer([{ type: "text", text: "hello" }]))] });
  await r.turn("hi", { attempts: 2 });
  assert.deepEqual(
    r.posts.map((p) => p.text),
    ["hello"],
  );
  assert.equal(r.ended[0]?.state, "done");
});

test("a turn that keeps being interrupted ends and says that it was cut off", async () => {
  const r = rig([]);
  await r.turn("hi", { attempts: 4 });
  assert.equal(r.ended[0]?.state, "failed");
  assert.match(r.posts[0]?.text ?? "", /cut off/);
});

test("of a failure, people in groups hear nothing, and guests nothing of the vendor's own words", async () => {
  const overloaded = () =>
    Array.from({ length: 10 }, () => fails({ class: "overloaded", message: "529 at api.example" }));
  const group = rig(overloaded());
  await group.turn("hi", { kind: "group" });
  assert.deepEqual(group.posts, []);
  const guest = rig(overloaded());
  await guest.turn("hi", { role: "guest" });
  assert.deepEqual(
    guest.posts.map((p) => p.text),
    ["⚠️ The assistant's model is overloaded right now. Try again in a minute."],
  );
  const owner = rig(overloaded());
  await owner.turn("hi");
  assert.match(owner.posts[0]?.text ?? "", /529 at api\.example/);
});

test("a silent turn delivers nothing", async () => {
  const r = rig([says("hello")]);
  await r.turn("hi", { wishes: { silent: true } });
  assert.deepEqual(r.posts, []);
  assert.equal(r.ended[0]?.state, "done");
});

test("what tools give back is sent around without pictures and cut, and written as it is", async () => {
  const bytes = Buffer.alloc(3072);
  bytes.write("\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x09\0\0\0\x09", "latin1");
  const picture = { type: "image" as const, data: bytes.toString("base64"), mimeType: "image/png" };
  const shot = defineTool({
    name: "shot",
    group: "fs",
    label: "shot",
    summary: "shot",
    description: "shot",
    effect: "read",
    maxResultChars: 100_000,
    params: closed({ n: Type.Integer() }),
    load: async () => ({
      preview: () => ({ target: "shot", exact: {} }),
      run: async () => ({ content: [picture, { type: "text" as const, text: "x".repeat(50_000) }] }),
    }),
  });
  const r = rig([calls("shot"), says("seen")], { tools: [shot] });
  await r.turn("go");
  const event = r.events.find((e) => e.data["phase"] === "result");
  assert.ok(event);
  const { result } = event.data as { result: { content: { type: string; text: string }[] } };
  assert.deepEqual(
    result.content.map(({ type }) => type),
    ["text", "text"],
  );
  assert.equal(result.content[0]?.text, "[image/png, 3 KB]");
  assert.ok((result.content[1]?.text.length ?? 0) < 17_000);
  const written = r.messages.find((m) => m.role === "toolResult");
  assert.equal(written?.content[0]?.type, "image");
});

test("a result that is longer than the settings allow is cut for the model", async () => {
  const long = tool("write", async () => "x".repeat(5000));
  const r = rig([calls("write"), says("done")], { tools: [long], toolResultMaxChars: 1000 });
  await r.turn("go");
  const result = r.messages.find(({ role }) => role === "toolResult");
  const [part] = Array.isArray(result?.content) ? result.content : [];
  assert.ok(part?.type === "text" && part.text.length < 1100);
});
