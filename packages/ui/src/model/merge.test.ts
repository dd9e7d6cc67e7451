import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { activeRuns, emptyConversation } from "./conversation.ts";
import type { SessionRow, WireMessage } from "openclaw/client";
import type { Conversation } from "./conversation.ts";
import { onAgent, onChat, onStored } from "./live.ts";
import { mark, onHistory, onOlder, send } from "./merge.ts";
import { looseRows, notesOf, storedRows } from "./rows.ts";
import type { Row } from "./rows.ts";
import { World } from "./_world.ts";
import type { Script, WireEvent } from "./_world.ts";

const KEY = "agent:main:main";
const start = () => onHistory(emptyConversation(KEY), { sessionKey: KEY, sessionId: "one", messages: [] }, 0, 1);

function rowsOf(conversation: Conversation): Row[] {
  return [...storedRows(conversation.entries, conversation.tools, notesOf(conversation)), ...looseRows(conversation)];
}

/** `role: text` of every row, as a person reads them. */
function shown(conversation: Conversation): string[] {
  return rowsOf(conversation).map((row) =>
    row.kind === "tool" ? `tool: ${row.tool.output}` : `${row.kind}: ${"text" in row ? row.text : ""}`,
  );
}

function receive(conversation: Conversation, event: WireEvent): Conversation {
  if (event.event === "chat") return onChat(conversation, event.payload, 1);
  if (event.event === "agent") return onAgent(conversation, event.payload, 1);
  return onStored(conversation, event.payload);
}

const chat = (runId: string, seq: number, state: "delta" | "final" | "error", text?: string): WireEvent => ({
  event: "chat",
  payload: {
    runId,
    sessionKey: KEY,
    seq,
    state,
    ...(text === undefined || state === "error"
      ? {}
      : { message: { role: "assistant", content: [{ type: "text", text }] } }),
    ...(state === "error" ? { errorMessage: text ?? "" } : {}),
  },
});

test("a sent message is shown at once and once, also when it is stored", () => {
  let conversation = send(start(), { key: "k", text: "hello" }, 1);
  assert.deepEqual(shown(conversation), ["user: hello"]);
  conversation = mark(conversation, "k", "accepted");
  const message = { role: "user" as const, content: "hello", timestamp: 1, idempotencyKey: "k:user" };
  conversation = onStored(conversation, { sessionKey: KEY, message, messageId: "m1" });
  assert.deepEqual(shown(conversation), ["user: hello"]);
  assert.equal(conversation.outgoing.length, 0);
});

test("stale deltas do not take words back", () => {
  let conversation = receive(start(), chat("r", 5, "delta", "one two"));
  conversation = receive(conversation, chat("r", 4, "delta", "one"));
  assert.deepEqual(shown(conversation), ["text: one two"]);
});

test("a rewritten text replaces what was streamed", () => {
  let conversation = receive(start(), chat("r", 1, "delta", "Helo"));
  conversation = receive(conversation, chat("r", 2, "delta", "Hello there"));
  assert.deepEqual(shown(conversation), ["text: Hello there"]);
});

test("a delta without a message appends to what was streamed", () => {
  const delta = (seq: number, deltaText: string, replace?: true): WireEvent => ({
    event: "chat",
    payload: {
      runId: "r",
      sessionKey: KEY,
      seq,
      state: "delta",
      deltaText,
      ...(replace === undefined ? {} : { replace }),
    },
  });
  let conversation = receive(receive(start(), delta(1, "one ")), delta(2, "two"));
  assert.deepEqual(shown(conversation), ["text: one two"]);
  conversation = receive(conversation, delta(3, "three", true));
  assert.deepEqual(shown(conversation), ["text: three"]);
});

test("the answer of a slash command stays where it was given although it is not stored", () => {
  let conversation = send(start(), { key: "k", text: "/status" }, 1);
  conversation = receive(conversation, chat("k", 0, "final", "All is well."));
  assert.equal(conversation.stale, true);
  const since = conversation.tick;
  conversation = onHistory(conversation, { sessionKey: KEY, sessionId: "one", messages: [] }, since, 1);
  const later = { role: "user" as const, content: "next", timestamp: 2, idempotencyKey: "n:user" };
  conversation = onStored(conversation, { sessionKey: KEY, message: later, messageId: "m1" });
  assert.deepEqual(shown(conversation), ["user: /status", "text: All is well.", "user: next"]);
  assert.equal(conversation.stale, false);
});

test("a failed run says why until the history does", () => {
  let conversation = receive(start(), chat("r", 1, "error", "The model is gone."));
  assert.deepEqual(shown(conversation), ["failure: The model is gone."]);
  const message = {
    role: "assistant" as const,
    content: [],
    timestamp: 1,
    stopReason: "error",
    errorMessage: "The model is gone.",
    __openclaw: { id: "m1" },
  };
  conversation = onHistory(conversation, { sessionKey: KEY, messages: [message] }, conversation.tick, 1);
  assert.deepEqual(shown(conversation), ["failure: The model is gone."]);
});

test("a failure that is stored before its event is shown once", () => {
  const message = { role: "assistant" as const, content: [], timestamp: 1, stopReason: "error", errorMessage: "Gone." };
  let conversation = receive(start(), chat("r", 1, "delta", "half"));
  conversation = onStored(conversation, { sessionKey: KEY, message, messageId: "m1" });
  conversation = receive(conversation, chat("r", 2, "error", "Gone."));
  assert.deepEqual(
    shown(conversation).filter((row) => row.startsWith("failure")),
    ["failure: Gone."],
  );
});

test("a run that failed while nobody looked says why, unless the transcript does or another run came after it", () => {
  const said = (id: string, runId: string) => ({
    role: "user" as const,
    content: id,
    timestamp: 1,
    __openclaw: { id, runId },
  });
  const read = (messages: WireMessage[], lastRunError: string | null) =>
    onHistory(
      emptyConversation(KEY),
      {
        sessionKey: KEY,
        sessionId: "one",
        messages,
        sessionInfo: { lastRunId: "r", lastRunError, hasActiveRun: false } as SessionRow,
      },
      0,
      9,
    );
  assert.deepEqual(shown(read([said("m1", "r")], "Gone.")), ["user: m1", "failure: Gone."]);
  assert.deepEqual(shown(read([said("m1", "r")], null)), ["user: m1"]);
  assert.deepEqual(shown(read([said("m1", "older")], "Gone.")), ["user: m1"]);
  const stored = { role: "assistant" as const, content: [], timestamp: 2, stopReason: "error", errorMessage: "Gone." };
  const meta = { __openclaw: { id: "m2", runId: "r" } };
  assert.deepEqual(shown(read([said("m1", "r"), { ...stored, ...meta }], "Gone.")), ["user: m1", "failure: Gone."]);
});

test("a run in flight is restored from the history", () => {
  const history = {
    sessionKey: KEY,
    sessionId: "one",
    messages: [],
    inFlightRun: { runId: "r", text: "so far", startedAt: 5 },
  };
  let conversation = onHistory(emptyConversation(KEY), history, 0, 9);
  assert.deepEqual(shown(conversation), ["text: so far"]);
  assert.equal(activeRuns(conversation)[0]?.startedAt, 5);
  conversation = receive(conversation, chat("r", 7, "delta", "so far so good"));
  assert.deepEqual(shown(conversation), ["text: so far so good"]);
});

test("a reset empties the conversation", () => {
  const message = { role: "user" as const, content: "old", timestamp: 1, __openclaw: { id: "m1" } };
  let conversation = onHistory(start(), { sessionKey: KEY, sessionId: "one", messages: [message] }, 0, 1);
  conversation = onHistory(conversation, { sessionKey: KEY, sessionId: "two", messages: [] }, conversation.tick, 1);
  assert.deepEqual(shown(conversation), []);
});

test("a long absence leaves no hole: the older part is loaded again when asked for", () => {
  const messages = Array.from({ length: 10 }, (_, at) => ({
    role: "user" as const,
    content: `t${at + 1}`,
    timestamp: 1,
    __openclaw: { id: `m${at + 1}` },
  }));
  const page = (from: number, to: number, offset: number) => ({
    sessionKey: KEY,
    sessionId: "one",
    messages: messages.slice(from, to),
    hasMore: from > 0,
    nextOffset: offset + (to - from),
  });
  let conversation = onHistory(start(), page(0, 2, 0), 0, 1);
  conversation = onHistory(conversation, page(6, 10, 0), 0, 1);
  assert.deepEqual(shown(conversation), ["user: t7", "user: t8", "user: t9", "user: t10"]);
  conversation = onOlder(conversation, page(2, 6, 4), conversation.olderOffset ?? -1);
  conversation = onOlder(conversation, page(0, 2, 8), conversation.olderOffset ?? -1);
  assert.deepEqual(
    shown(conversation),
    messages.map((message) => `user: ${message.content}`),
  );
  assert.equal(conversation.olderOffset, undefined);
});

const scripts: fc.Arbitrary<Script[]> = fc
  .array(
    fc.record({
      texts: fc.array(fc.integer({ min: 1, max: 3 }), { minLength: 1, maxLength: 3 }),
      ending: fc.constantFrom("final" as const, "aborted" as const, "silent" as const),
    }),
    { minLength: 1, maxLength: 3 },
  )
  .map((list) => {
    let word = 0;
    const next = () => `w${(word += 1)}.`;
    return list.map(({ texts, ending }, at) => ({
      runId: `run${at}`,
      message: next(),
      texts: texts.map((count) => Array.from({ length: count }, next)),
      ending,
    }));
  });

/** What happens next: the gateway does a step, the wire is cut, it comes back, or a late history answer arrives. */
const moves = fc.array(fc.constantFrom("step", "step", "step", "step", "cut", "back", "ask", "answer"), {
  maxLength: 60,
});

test("in any interleaving with lost connections nothing is doubled, and in the end nothing is lost", () => {
  fc.assert(
    fc.property(scripts, moves, fc.constantFrom(2, 5, 1000), (list, plan, page) => {
      const world = new World(list);
      let conversation = start();
      let online = true;
      let asked: { history: ReturnType<World["history"]>; since: number } | undefined;

      // One question at a time, as the store asks.
      const ask = () => {
        asked ??= { history: world.history(page), since: conversation.tick };
      };
      const answer = () => {
        if (asked !== undefined) conversation = onHistory(conversation, asked.history, asked.since, 1);
        asked = undefined;
      };
      const step = () => {
        const script = world.begin();
        if (script !== undefined)
          conversation = mark(
            send(conversation, { key: script.runId, text: script.message }, 1),
            script.runId,
            "accepted",
          );
        for (const event of world.step()) if (online) conversation = receive(conversation, event);
      };
      const check = () => {
        const words = shown(conversation).flatMap((row) => row.match(/w\d+\./g) ?? []);
        assert.deepEqual(words, [...new Set(words)], `doubled in ${JSON.stringify(shown(conversation))}`);
        const keys = rowsOf(conversation).map((row) => row.key);
        assert.equal(new Set(keys).size, keys.length);
      };

      for (const move of plan) {
        if (move === "step") step();
        if (move === "cut") [online, asked] = [false, undefined];
        if (move === "back" && !online) {
          online = true;
          ask();
        }
        if (move === "ask" && online) ask();
        if (move === "answer" && online) answer();
        check();
      }
      while (!world.idle) step();
      answer();
      online = true;
      ask();
      answer();
      check();
      // What has no answer is sent again with its key; the gateway says that it is done.
      for (const sent of conversation.outgoing) conversation = mark(conversation, sent.key, "delivered");
      ask();
      answer();
      check();
      const truth = shown(onHistory(emptyConversation(KEY), world.history(1000), 0, 1));
      const seen = shown(conversation);
      assert.deepEqual(seen, truth.slice(-seen.length));
      if (conversation.olderOffset === undefined) assert.equal(seen.length, truth.length);
      assert.equal(activeRuns(conversation).length, 0);
      assert.equal(conversation.outgoing.length, 0);
    }),
    { numRuns: 500 },
  );
});

test("without a lost connection the words of an answer are all shown before it is stored", () => {
  fc.assert(
    fc.property(scripts, (list) => {
      const world = new World(list);
      let conversation = start();
      while (!world.idle) {
        const script = world.begin();
        if (script !== undefined) conversation = send(conversation, { key: script.runId, text: script.message }, 1);
        for (const event of world.step()) {
          conversation = receive(conversation, event);
          const text = event.event === "chat" ? event.payload.message?.content : undefined;
          const words = Array.isArray(text) ? (text[0] as { text: string }).text.split(" ") : [];
          for (const word of words) assert.ok(shown(conversation).join(" ").includes(word), `${word} is missing`);
        }
      }
    }),
    { numRuns: 100 },
  );
});
