import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import type { Message, ToolCallPart } from "../../contracts/message.ts";
import { textOf } from "../../contracts/message.ts";
import type { ModelEvent, ToolSchema } from "../../contracts/model.ts";
import { assertOrder, collect, requestFor } from "../../../../../test/conformance/testDialect.ts";
import { ioWith } from "../../../../../test/conformance/_dialect-kit.ts";
import { understand } from "./_offline-wishes.ts";
import type { Wish } from "./_offline-wishes.ts";
import { dialect } from "./offline.ts";

const NOON = new Date(2026, 2, 9, 12, 0).getTime();
const noNetwork = {
  ...ioWith(() => assert.fail("the offline model uses no network")),
  clock: { ...ioWith().clock, now: () => NOON },
};
const tools = (...names: string[]): ToolSchema[] =>
  names.map((name) => ({ name, description: "", parameters: { type: "object" } }));
const ALL = tools("edit", "exec", "process", "read", "session_status", "write");
const user = (content: string): Message => ({ role: "user", content, timestamp: 1 });
const usage = { input: 0, output: 0, cacheRead: 0, cacheWrite: 0, totalTokens: 0 };

async function ask(messages: readonly Message[], offered = ALL): Promise<ModelEvent & { type: "done" }> {
  const events = await collect(dialect.stream(requestFor("offline", "", { messages, tools: offered }), noNetwork));
  assertOrder(events);
  const last = events.at(-1);
  assert.equal(last?.type, "done");
  const shown = events.flatMap((event) => (event.type === "text" ? [event.delta] : [])).join("");
  assert.equal(shown, textOf(last.message), "what is shown is what is kept");
  return last;
}

/** Plays the part of the run loop: answers every call with `outcomes`, in order, until the model has said something. */
async function converse(
  text: string,
  outcomes: readonly { text: string; isError?: boolean }[],
  offered = ALL,
): Promise<{ calls: ToolCallPart[]; said: string }> {
  const messages: Message[] = [user(text)];
  const calls: ToolCallPart[] = [];
  for (let round = 0; round < 5; round += 1) {
    const { message, reason } = await ask(messages, offered);
    messages.push({ ...message, usage });
    if (reason === "stop") return { calls, said: textOf(message) };
    for (const call of message.content.filter((part) => part.type === "toolCall")) {
      const outcome = outcomes[calls.length] ?? { text: "ok" };
      calls.push(call);
      messages.push({
        role: "toolResult",
        toolCallId: call.id,
        toolName: call.name,
        content: [{ type: "text", text: outcome.text }],
        isError: outcome.isError ?? false,
        timestamp: 2,
      });
    }
  }
  return assert.fail("no end");
}

describe("what is understood", () => {
  const table: readonly [string, Wish][] = [
    ["run uname -a", { kind: "run", command: "uname -a" }],
    ["Please run `ls ..`", { kind: "run", command: "ls .." }],
    ["run ls .", { kind: "run", command: "ls ." }],
    ["$ pwd", { kind: "run", command: "pwd" }],
    ["list files", { kind: "list", folder: undefined }],
    ["List the files in the workspace, please.", { kind: "list", folder: undefined }],
    ["show me the files in src", { kind: "list", folder: "src" }],
    ["What files are there?", { kind: "list", folder: undefined }],
    ["ls", { kind: "list", folder: undefined }],
    ["read AGENTS.md", { kind: "read", path: "AGENTS.md" }],
    ['Could you show me the file "my notes.txt"?', { kind: "read", path: "my notes.txt" }],
    ["cat ./a/b", { kind: "read", path: "./a/b" }],
    ["what time is it?", { kind: "time" }],
    ["What's the date today?", { kind: "time" }],
    ["What is the time complexity of quicksort?", { kind: "other" }],
    ["remember that the bins go out on Thursday.", { kind: "remember", note: "the bins go out on Thursday." }],
    ["Remember: buy milk", { kind: "remember", note: "buy milk" }],
    ["what do you remember?", { kind: "recall" }],
    ["[Telegram Ada 2026-03-09 12:00] list files", { kind: "list", folder: undefined }],
    ["Hello!", { kind: "greeting" }],
    ["show me the weather", { kind: "other" }],
    ["write me a poem about the sea", { kind: "other" }],
    ["", { kind: "other" }],
  ];
  for (const [text, wish] of table)
    it(`${JSON.stringify(text)} is ${JSON.stringify(wish)}`, () => assert.deepEqual(understand(text), wish));

  it("takes any text, also a long one", () => {
    fc.assert(fc.property(fc.string({ maxLength: 5000 }), (text) => understand(text).kind.length > 0));
    for (const piece of [" ", "a ", "list ", "[", "please "]) understand(piece.repeat(200_000));
  });
});

describe("what is done", () => {
  it("runs a command and shows what it said", async () => {
    const { calls, said } = await converse("run uname -a", [{ text: "Linux box" }]);
    assert.deepEqual(
      calls.map(({ name, arguments: args }) => [name, args]),
      [["exec", { command: "uname -a" }]],
    );
    assert.match(said, /Linux box/);
  });

  it("says that a command failed", async () => {
    const { said } = await converse("run false", [{ text: "(exit code 1)", isError: true }]);
    assert.match(said, /did not work[\s\S]*exit code 1/);
  });

  it("quotes a folder so that its name cannot become a command", async () => {
    const { calls } = await converse("list files in a';touch${IFS}b'", []);
    assert.equal(calls[0]?.arguments["command"], `ls -la 'a'\\'';touch\${IFS}b'\\'''`);
  });

  it("adds a note to today's notes without losing what stands there", async () => {
    const { calls, said } = await converse("remember that the bins go out on Thursday", [
      { text: "# Monday\n\n- milk" },
      { text: "ok" },
    ]);
    assert.deepEqual(
      calls.map(({ name, arguments: args }) => [name, args]),
      [
        ["read", { path: "memory/2026-03-09.md" }],
        ["write", { path: "memory/2026-03-09.md", content: "# Monday\n\n- milk\n- the bins go out on Thursday\n" }],
      ],
    );
    assert.match(said, /memory\/2026-03-09\.md/);
  });

  it("begins the notes of a day with their first note", async () => {
    const { calls } = await converse("remember milk", [
      { text: "There is no file memory/2026-03-09.md.", isError: true },
    ]);
    assert.equal(calls[1]?.arguments["content"], "# 2026-03-09\n\n- milk\n");
  });

  it("does not write over notes that it could not read", async () => {
    const { calls, said } = await converse("remember milk", [{ text: "permission denied", isError: true }]);
    assert.equal(calls.length, 1);
    assert.match(said, /permission denied/);
  });

  it("begins a new file when the notes are too long to be read whole", async () => {
    const { calls, said } = await converse("remember milk", [{ text: "- x\n".repeat(10_000) }]);
    assert.equal(calls[1]?.arguments["path"], `memory/2026-03-09-${NOON}.md`);
    assert.ok(said.includes(String(calls[1]?.arguments["path"])));
  });

  it("tells the time with what it has", async () => {
    assert.match(
      (await converse("what time is it?", [{ text: "Mon Mar  9 12:00:00 UTC 2026" }])).said,
      /^It is Mon Mar/,
    );
    assert.match((await converse("what time is it?", [{ text: "12:00" }], tools("session_status"))).said, /12:00/);
    assert.match((await converse("what time is it?", [], [])).said, /2026-03-09, 12:00/);
  });
});

describe("honesty", () => {
  it("never calls a tool that it was not offered", async () => {
    for (const text of [
      "run ls",
      "list files",
      "read a.md",
      "remember x",
      "what time is it?",
      "hello",
      "what do you remember?",
    ]) {
      const { calls, said } = await converse(text, [], []);
      assert.deepEqual(calls, []);
      assert.ok(said.length > 10);
    }
  });

  it("says what it is and how to connect a real model", async () => {
    const { said } = await converse("explain quantum physics", []);
    for (const part of [
      "offline assistant",
      "ANTHROPIC_API_KEY",
      "Ollama",
      "openclaw config set agents.defaults.model.primary",
      "openclaw start",
    ])
      assert.ok(said.includes(part), part);
  });

  it("answers the newest question, not an older one", async () => {
    const { message } = await ask([
      user("run ls"),
      {
        role: "assistant",
        content: [{ type: "text", text: "…" }],
        timestamp: 2,
        api: "offline",
        provider: "offline",
        model: "assistant",
        usage,
        stopReason: "stop",
      },
      user("hello"),
    ]);
    assert.match(textOf(message), /^Hello/);
  });

  it("gives the same answer to the same request", async () => {
    assert.deepEqual(await ask([user("hello")]), await ask([user("hello")]));
  });

  it("cannot be made to break out of its code block", async () => {
    const { said } = await converse("read a.md", [{ text: "```\nevil\n````" }]);
    assert.match(said, /`````\n```\nevil\n````\n`````/);
  });
});

it("stops at once when it is told to", async () => {
  const stop = new AbortController();
  const events: ModelEvent[] = [];
  for await (const event of dialect.stream(
    requestFor("offline", "", { messages: [user("hello")], signal: stop.signal }),
    noNetwork,
  )) {
    events.push(event);
    if (event.type === "text") stop.abort();
  }
  assertOrder(events);
  const last = events.at(-1);
  assert.ok(last?.type === "error" && last.failure.class === "abort" && last.partial.stopReason === "aborted");
  assert.equal(events.filter((event) => event.type === "text").length, 1);
});
