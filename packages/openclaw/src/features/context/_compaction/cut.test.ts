import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { NO_USAGE } from "../../../contracts/message.ts";
import type { Message } from "../../../contracts/message.ts";
import { repair, violations } from "../_hygiene.ts";
import type { StoredMessage } from "../_stored.ts";
import { chooseCut } from "./cut.ts";

const user = (text: string): Message => ({ role: "user", content: text, timestamp: 1 });
const assistant = (text: string, ...calls: string[]): Message => ({
  role: "assistant",
  content: [
    ...(text === "" ? [] : [{ type: "text" as const, text }]),
    ...calls.map((id) => ({ type: "toolCall" as const, id, name: "exec", arguments: {} })),
  ],
  timestamp: 1,
  api: "a",
  provider: "p",
  model: "m",
  usage: NO_USAGE,
  stopReason: "stop",
});
const result = (toolCallId: string, text = "ok"): Message => ({
  role: "toolResult",
  toolCallId,
  toolName: "exec",
  content: [{ type: "text", text }],
  isError: false,
  timestamp: 1,
});
const stored = (...messages: Message[]): StoredMessage[] =>
  messages.map((message, i) => ({ message, runId: "r", entryId: `e${i}` }));
const texts = (list: readonly StoredMessage[]) => list.map(({ entryId }) => entryId).join(" ");

const long = "x".repeat(4000);

test("whole turns go, the newest stay", () => {
  const all = stored(user(long), assistant("a"), user(long), assistant("b"), user("c"), assistant("d"));
  const cut = chooseCut(all, { records: 0, keepTokens: 100 });
  assert.equal(texts(cut!.history), "e0 e1 e2 e3");
  assert.equal(texts(cut!.begun), "");
  assert.equal(cut!.last.entryId, "e3");
});

test("a cut inside a turn parts its beginning from the turns before, and calls stay with their results", () => {
  const all = stored(
    user(long),
    assistant("a"),
    user("do it"),
    assistant("", "c1"),
    result("c1", long),
    assistant("", "c2", "c3"),
    result("c2"),
    result("c3"),
  );
  const cut = chooseCut(all, { records: 0, keepTokens: 20 });
  assert.equal(texts(cut!.history), "e0 e1");
  assert.equal(texts(cut!.begun), "e2 e3 e4");
  assert.equal(cut!.last.entryId, "e4");
});

test("calls that wait for their results are never summarised", () => {
  const all = stored(user(long), assistant("", "c1", "c2"), result("c1"));
  assert.equal(chooseCut(all, { records: 0, keepTokens: 0 })?.last.entryId, "e0");
});

test("calls of an answer that was broken off hold nothing open", () => {
  const broken = { ...assistant("", "c1"), stopReason: "aborted" } as Message;
  assert.equal(chooseCut(stored(user(long), broken), { records: 0, keepTokens: 0 })?.last.entryId, "e1");
});

test("a record alone is nothing to summarise", () => {
  assert.equal(chooseCut(stored(user("record")), { records: 1, keepTokens: 0 }), undefined);
  assert.equal(chooseCut([], { records: 0, keepTokens: 0 }), undefined);
});

const message = fc.oneof(
  fc.nat(5000).map((n) => user("u".repeat(n + 1))),
  fc.nat(2000).map((n) => assistant("a".repeat(n + 1))),
  fc.record({ ids: fc.uniqueArray(fc.nat(9).map(String), { minLength: 1, maxLength: 3 }), size: fc.nat(9000) }),
);

test("wherever it is cut, what stays is a sound sequence and what goes is everything before it", () => {
  fc.assert(
    fc.property(fc.array(message, { maxLength: 14 }), fc.nat(6000), (pieces, keepTokens) => {
      let n = 0;
      const all = stored(
        user("first"),
        ...pieces.flatMap((piece) => {
          if (!("ids" in piece)) return [piece];
          const ids = piece.ids.map((id) => `${id}-${(n += 1)}`);
          return [assistant("", ...ids), ...ids.map((id) => result(id, "r".repeat(piece.size + 1)))];
        }),
      );
      const cut = chooseCut(all, { records: 0, keepTokens });
      if (!cut) return;
      const end = all.indexOf(cut.last) + 1;
      assert.deepEqual([...cut.history, ...cut.begun], all.slice(0, end));
      const kept = [user("record"), ...all.slice(end).map((one) => one.message)];
      assert.deepEqual(violations(kept), []);
      assert.deepEqual(repair(kept), kept);
      if (keepTokens > 0) assert.ok(end < all.length);
    }),
  );
});
