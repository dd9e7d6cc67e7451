import { test } from "node:test";
import assert from "node:assert/strict";
import fc from "fast-check";
import { NO_USAGE } from "../../../contracts/message.ts";
import type { Message, ToolCallPart } from "../../../contracts/message.ts";
import { CLIENT } from "./client.ts";
import { delegated, repair, violations } from "../../context/index.ts";
import { unknownMessages } from "./replay.ts";

const user = (content: string): Message => ({ role: "user", content, timestamp: 1 });
const call = (id: string, name = "weather"): ToolCallPart => ({ type: "toolCall", id, name, arguments: {} });
const says = (text: string, calls: readonly ToolCallPart[] = [], provider = "p"): Message => ({
  role: "assistant",
  content: [...(text === "" ? [] : [{ type: "text" as const, text }]), ...calls],
  timestamp: 1,
  api: provider,
  provider,
  model: "m",
  usage: NO_USAGE,
  stopReason: "stop",
});
/** The same answer as the client sends it back. */
const resent = (text: string, calls: readonly ToolCallPart[] = []) => says(text, calls, CLIENT);
const result = (id: string, text = "ok"): Message => ({
  role: "toolResult",
  toolCallId: id,
  toolName: "weather",
  content: [{ type: "text", text }],
  isError: false,
  timestamp: 1,
});
const brief = (messages: readonly Message[]) =>
  messages.map((m) => `${m.role}:${m.role === "toolResult" ? m.toolCallId : JSON.stringify(m.content)}`);
const same = (actual: readonly Message[], expected: readonly Message[]) =>
  assert.deepEqual(brief(actual), brief(expected));

test("a new session takes the whole conversation", () => {
  const sent = [user("hi"), resent("Hello"), user("and?")];
  same(unknownMessages([], sent), sent);
});

test("what the transcript ends with is not taken again", () => {
  const stored = [user("hi"), says("Hello"), user("more"), says("Yes")];
  same(unknownMessages(stored, [user("hi"), resent("Hello"), user("more"), resent("Yes")]), []);
  same(unknownMessages(stored, [user("more"), resent("Yes"), user("new")]), [user("new")]);
});

test("a question that got no answer, or is to be answered anew, does not bring its history back", () => {
  same(unknownMessages([user("hi"), says("Hello"), user("lost")], [user("hi"), resent("Hello")]), []);
});

test("a conversation that went another way is taken as it is", () => {
  const sent = [user("hi"), resent("Good evening"), user("why?")];
  same(unknownMessages([user("hi"), says("Hello")], sent), sent);
});

test("answers are the same however the client joined their pieces, and whatever tools the agent used", () => {
  const stored = [user("go"), says("Let me look.", [call("x", "exec")]), result("x"), says("Done.\n")];
  same(unknownMessages(stored, [user("go"), resent("Let me look. \n\nDone."), user("thanks")]), [user("thanks")]);
});

test("lines of the system before a message do not make it another one", () => {
  const stored = [user("[system] something happened\n\nhi"), says("Hello")];
  same(unknownMessages(stored, [user("hi"), resent("Hello")]), []);
  same(unknownMessages([user("oh hi"), says("Hello")], [user("hi"), resent("Hello")]).slice(0, 1), [user("hi")]);
});

test("results of the client's tools are news, and take the place of the placeholder", () => {
  const stored = [user("weather?"), says("", [call("c1")]), delegated(call("c1"), 1) as Message];
  const news = unknownMessages(stored, [user("weather?"), resent("", [call("c1")]), result("c1", "sunny")]);
  same(news, [result("c1", "sunny")]);
  const asked = repair([...stored, ...news]);
  same(asked, [user("weather?"), says("", [call("c1")]), result("c1", "sunny")]);
  assert.match(JSON.stringify(asked), /sunny/);
  assert.doesNotMatch(JSON.stringify(asked), /not known yet/);
});

test("a placeholder stands as long as nothing better came", () => {
  const asked = repair([user("a"), says("", [call("c1")]), delegated(call("c1"), 1), user("never mind")]);
  assert.match(JSON.stringify(asked[2]), /not known yet/);
  assert.deepEqual(violations(asked), []);
});

test("a result whose call nobody knows, or that comes too late, becomes words of the user", () => {
  const words = (id: string, text: string) => user(`Tool:${id}: ${text}`);
  same(unknownMessages([], [result("ghost", "42")]), [words("ghost", "42")]);
  const late = [user("a"), says("", [call("c1")]), delegated(call("c1"), 1), user("b"), says("c")];
  same(unknownMessages(late, [result("c1", "42")]), [words("c1", "42")]);
});

test("a client that resends everything each time never puts anything twice", () => {
  const turn = fc.record({ ask: fc.string({ minLength: 1 }), answer: fc.string({ minLength: 1 }), drop: fc.nat(3) });
  fc.assert(
    fc.property(fc.array(turn, { maxLength: 8 }), (turns) => {
      const stored: Message[] = [];
      let held: Message[] = [];
      for (const { ask, answer, drop } of turns) {
        const [question, reply] = [user(`q${ask}`), `a${answer}`];
        // Clients forget what is old.
        held = held.slice(Math.min(drop * 2, held.length));
        stored.push(...unknownMessages(stored, held), question, says(reply));
        held.push(question, resent(reply));
      }
      assert.equal(stored.length, turns.length * 2);
    }),
  );
});

test("whatever is sent, what a model is asked stays valid", () => {
  const id = fc.constantFrom("c1", "c2", "c3");
  const message = fc.oneof(
    fc.constantFrom("a", "b").map(user),
    fc.tuple(fc.constantFrom("", "x"), fc.uniqueArray(id, { maxLength: 2 })).map(([t, ids]) =>
      resent(
        t,
        ids.map((one) => call(one)),
      ),
    ),
    id.map((one) => result(one)),
  );
  fc.assert(
    fc.property(fc.array(message, { maxLength: 10 }), fc.array(message, { maxLength: 10 }), (stored, sent) => {
      assert.deepEqual(violations(repair([...stored, ...unknownMessages(stored, sent), user("now")])), []);
    }),
  );
});
