import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { NO_USAGE, textOf } from "../../contracts/message.ts";
import type { Message } from "../../contracts/message.ts";
import { FitState, fit } from "./_fit.ts";
import { withoutOldImages } from "./_images.ts";
import { repair, violations } from "./_hygiene.ts";
import { totalTokens } from "./_tokens.ts";

const user = (text: string): Message => ({ role: "user", content: text, timestamp: 1 });
const says = (text: string, ...calls: string[]): Message => ({
  role: "assistant",
  content: [
    { type: "text", text },
    ...calls.map((id) => ({ type: "toolCall" as const, id, name: "read", arguments: {} })),
  ],
  timestamp: 1,
  api: "a",
  provider: "p",
  model: "m",
  usage: NO_USAGE,
  stopReason: "stop",
});
const result = (toolCallId: string, text: string): Message => ({
  role: "toolResult",
  toolCallId,
  toolName: "read",
  content: [{ type: "text", text }],
  isError: false,
  timestamp: 1,
});
const picture = (): Message => ({
  role: "user",
  content: [{ type: "image", data: "iVBORw0KGgo=", mimeType: "image/png" }],
  timestamp: 1,
});
const fitted = (messages: readonly Message[], budget: number, head = 0, state = new FitState()) =>
  fit(messages, { budget, head, keys: messages, state });

test("what fits stays as it is, the same list", () => {
  const messages = [user("a"), says("b")];
  assert.equal(fitted(messages, 1000), messages);
});

test("the oldest turns go, the record and the newest turn stay, and a note stands for what is missing", () => {
  const long = "x".repeat(4000);
  const messages = [
    user("record"),
    user(`one ${long}`),
    says("a"),
    user(`two ${long}`),
    says("b"),
    user("three"),
    says("c"),
  ];
  const shown = fitted(messages, 1200, 1).map((message) => textOf(message).slice(0, 16));
  assert.deepEqual(shown, ["record", "[Earlier message", "three", "c"]);
});

test("of a turn that is too long by itself the question and the newest steps stay", () => {
  const messages = [
    user("the question"),
    ...[1, 2, 3].flatMap((n) => [says("", `c${n}`), result(`c${n}`, `${n}${"r".repeat(4000)}`)]),
  ];
  const shown = repair(fitted(messages, 2000));
  assert.ok(shown.some((message) => textOf(message).includes("the question")));
  assert.ok(textOf(shown.at(-1)!).startsWith("3"));
  assert.ok(totalTokens(shown) <= 2000);
});

test("a single message that is too long keeps its beginning and its end", () => {
  const text = `begin ${"x".repeat(100_000)} end`;
  const shown = textOf(fitted([user(text)], 2000).at(-1)!);
  assert.ok(shown.startsWith("begin") && shown.endsWith("end") && shown.length < 8000);
});

test("arguments of a call that are too long are shortened like texts, and stay an object", () => {
  const long = "x".repeat(1_000_000);
  for (const args of [
    { path: "a.md", content: long },
    { list: Array.from({ length: 200_000 }, (_, n) => n) },
    { deep: { deeper: [long, long] } },
    { [long]: 1 },
  ]) {
    const call = { ...says("a"), content: [{ type: "toolCall" as const, id: "1", name: "write", arguments: args }] };
    const messages = [user("go"), call as Message, result("1", "done")];
    const shown = fitted(messages, 2000);
    assert.ok(totalTokens(shown) <= 2000, `${totalTokens(shown)}`);
    assert.deepEqual(violations(repair(shown)), []);
    assert.deepEqual(
      shown.map(({ role }) => role),
      ["user", "user", "assistant", "toolResult"],
    );
  }
  const call = {
    ...says("a"),
    content: [{ type: "toolCall", id: "1", name: "write", arguments: { path: "a.md", content: long } }],
  };
  const kept = fitted([user("go"), call as Message, result("1", "done")], 2000)[2]!;
  assert.equal((kept as unknown as { content: { arguments: { path: string } }[] }).content[0]!.arguments.path, "a.md");
});

test("between two cuts every view begins like the one before", () => {
  const state = new FitState();
  const messages: Message[] = [];
  let before: readonly Message[] = [];
  let cuts = 0;
  for (let n = 0; n < 200; n += 1) {
    messages.push(user(`${n} ${"x".repeat(400)}`), says(`a${n}`));
    const view = fit(messages, { budget: 4000, head: 0, keys: messages, state });
    if (before.some((message, i) => view[i] !== message)) cuts += 1;
    before = view;
  }
  assert.ok(cuts > 5 && cuts < 20, `${cuts} cuts`);
});

const piece = fc.oneof(
  fc.nat(20_000).map((n) => [user("u".repeat(n + 1))]),
  fc.nat(4000).map((n) => [says("a".repeat(n + 1))]),
  fc.nat(30_000).map((n) => [says("", "c"), result("c", "r".repeat(n))]),
);

test("whatever the conversation, what is left fits, ends like it, and can be asked", () => {
  fc.assert(
    fc.property(
      fc.array(piece, { minLength: 1, maxLength: 12 }),
      fc.integer({ min: 1500, max: 20_000 }),
      (pieces, budget) => {
        const messages = [user("first"), ...pieces.flat()];
        const shown = repair(fitted(messages, budget));
        assert.deepEqual(violations(shown), []);
        const unshortened = shown.filter(({ role }) => role === "assistant");
        assert.ok(
          totalTokens(shown) <= Math.max(budget, totalTokens(unshortened) + 1500),
          `${totalTokens(shown)} of ${budget}`,
        );
        assert.ok(shown.length > 0);
      },
    ),
  );
});

test("pictures of the turn under way and of three before it stay, older ones become a note", () => {
  const messages = [0, 1, 2, 3, 4, 5].flatMap((n) => [picture(), says(`a${n}`)]);
  const shown = withoutOldImages(messages);
  const has = shown
    .filter(({ role }) => role === "user")
    .map(({ content }) => typeof content !== "string" && content[0]?.type === "image");
  assert.deepEqual(has, [false, false, true, true, true, true]);
  assert.equal(withoutOldImages(messages)[0], shown[0], "the same note next time");
});
