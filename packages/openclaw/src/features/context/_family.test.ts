import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { NO_USAGE } from "../../contracts/message.ts";
import type { AssistantMessage, Message } from "../../contracts/message.ts";
import type { Endpoint } from "../../contracts/model.ts";
import { familyViolations, forRoute, routeOf } from "./_family.ts";
import type { Family, Route } from "./_family.ts";
import { repair, violations } from "./_hygiene.ts";

const routes: Readonly<Record<Family, readonly [provider: string, api: string, model: string]>> = {
  openai: ["openai", "openai-responses", "gpt-5"],
  google: ["google", "google-generative-ai", "gemini-3"],
  anthropic: ["anthropic", "anthropic-messages", "claude"],
  bedrock: ["amazon-bedrock", "bedrock-converse", "claude"],
  mistral: ["mistral", "openai-completions", "mistral-large"],
  gemma: ["ollama", "openai-completions", "gemma3:12b"],
  "router-google": ["openrouter", "openai-completions", "google/gemini-3"],
  other: ["deepseek", "openai-completions", "deepseek-chat"],
};
const routeFor = (family: Family): Route => {
  const [provider, api, id] = routes[family];
  const model = { id, name: "", reasoning: true, input: ["text"], contextWindow: 1, maxTokens: 1 };
  return routeOf({ provider, api, model } as unknown as Endpoint, "low");
};
const families = Object.keys(routes) as Family[];

const user = (text: string): Message => ({ role: "user", content: text, timestamp: 1 });
const by = (family: Family, ...content: AssistantMessage["content"]): AssistantMessage => {
  const [provider, api, model] = routes[family];
  return { role: "assistant", content, timestamp: 1, api, provider, model, usage: NO_USAGE, stopReason: "stop" };
};
const call = (id: string, thoughtSignature?: string) =>
  ({
    type: "toolCall",
    id,
    name: "read",
    arguments: {},
    ...(thoughtSignature === undefined ? {} : { thoughtSignature }),
  }) as const;
const result = (toolCallId: string): Message => ({
  role: "toolResult",
  toolCallId,
  toolName: "read",
  content: [{ type: "text", text: "ok" }],
  isError: false,
  timestamp: 1,
});
const says = { type: "text", text: "said" } as const;
const thought = (thinkingSignature?: string) =>
  ({ type: "thinking", thinking: "hm", ...(thinkingSignature === undefined ? {} : { thinkingSignature }) }) as const;

for (const family of families)
  test(`${routes[family].join(" ")} is of the family ${family}`, () => assert.equal(routeFor(family).family, family));

const kept = (family: Family, content: AssistantMessage["content"], after: readonly Message[] = [user("go on")]) =>
  (forRoute([user("hi"), by(family, ...content), ...after], routeFor(family))[1] as AssistantMessage).content;

test("an unsigned thought does not go back to vendors that sign theirs, and a message is never emptied by that", () => {
  for (const family of ["anthropic", "bedrock"] as const) {
    assert.deepEqual(kept(family, [thought("sig"), says]), [thought("sig"), says]);
    assert.deepEqual(kept(family, [thought(), thought(" "), says]), [says]);
    assert.deepEqual(kept(family, [thought()]), [{ type: "text", text: "(reasoning omitted)" }]);
  }
  assert.deepEqual(kept("other", [thought(), says]), [thought(), says]);
});

test("a thought with nothing after it does not go back to OpenAI", () => {
  assert.deepEqual(kept("openai", [thought("rs_1"), says]), [thought("rs_1"), says]);
  assert.deepEqual(kept("openai", [says, thought("rs_1")]), [says]);
  assert.deepEqual(kept("openai", [says, thought("rs_1"), thought("rs_2")]), [says]);
});

test("thoughts of gemma stay only while it goes on with its tools", () => {
  const current = [thought(), call("a")];
  assert.deepEqual(kept("gemma", current, [result("a")]), current);
  assert.deepEqual(kept("gemma", current, [result("a"), user("next")]), [call("a")]);
});

test("thoughts and proofs of one model go to no other", () => {
  for (const family of families) {
    const from = family === "other" ? "openai" : "other";
    const foreign = by(from, thought("sig"), call("abcdefghi", "c2ln"));
    const [, shown] = forRoute([user("hi"), foreign, result("abcdefghi")], routeFor(family));
    assert.deepEqual((shown as AssistantMessage).content, [call("abcdefghi")]);
  }
});

test("the proof of a text goes back to the route that it came from, and to no other", () => {
  const proven = { ...says, textSignature: "c2ln" };
  for (const family of families) {
    assert.deepEqual(kept(family, [proven]), [proven]);
    const from = family === "other" ? "openai" : "other";
    const [, shown] = forRoute([user("hi"), by(from, proven), user("go on")], routeFor(family));
    assert.deepEqual((shown as AssistantMessage).content, [says]);
  }
  assert.deepEqual(kept("google", [{ ...says, textSignature: '{"id":"msg_1"}' }]), [says]);
});

test("only proofs in base64 go back to Gemini", () => {
  for (const family of ["google", "router-google"] as const) {
    assert.deepEqual(kept(family, [call("abcdefghi", "c2ln")], [result("abcdefghi")]), [call("abcdefghi", "c2ln")]);
    assert.deepEqual(kept(family, [call("abcdefghi", "no base64!")], [result("abcdefghi")]), [call("abcdefghi")]);
  }
});

test("call ids become what the vendor takes, the same ones on call and result every time", () => {
  for (const [family, pattern] of [
    ["mistral", /^[a-zA-Z0-9]{9}$/],
    ["google", /^[a-zA-Z0-9]+$/],
  ] as const) {
    const messages = [user("hi"), by(family, call("toolu_01/x-y")), result("toolu_01/x-y")];
    const [, shown, answer] = forRoute(messages, routeFor(family));
    const { id } = (shown as AssistantMessage).content[0] as { id: string };
    assert.match(id, pattern);
    assert.equal((answer as { toolCallId: string }).toolCallId, id);
    assert.deepEqual(forRoute(messages, routeFor(family)), [messages[0], shown, answer]);
  }
  assert.deepEqual(kept("anthropic", [call("toolu_01/x-y")], [result("toolu_01/x-y")]), [call("toolu_01/x-y")]);
});

test("messages of the user in a row are one where turns must alternate", () => {
  const messages = [user("a"), user("b"), by("anthropic", says), user("c")];
  const [first, ...rest] = forRoute(messages, routeFor("anthropic"));
  assert.deepEqual(first?.content, [
    { type: "text", text: "a" },
    { type: "text", text: "b" },
  ]);
  assert.deepEqual(rest, messages.slice(2));
  assert.equal(forRoute(messages, routeFor("openai")).length, 4);
});

test("a model that thinks is not asked to go on with words of the assistant", () => {
  const messages = [user("a"), by("anthropic", says)];
  assert.equal(forRoute(messages, routeFor("anthropic")).length, 1);
  assert.equal(forRoute(messages, { ...routeFor("anthropic"), thinks: false }).length, 2);
});

test("what stays the same is the same object, and what was changed is the same object next time", () => {
  for (const family of families) {
    const sound = [
      user("hi"),
      by(family, says, call("abcdefghi", "c2ln")),
      result("abcdefghi"),
      by(family, says),
      user("next"),
    ];
    const shown = forRoute(sound, routeFor(family));
    for (const [i, message] of shown.entries()) assert.equal(message, sound[i], `${family} ${i}`);
    const changed = [
      user("hi"),
      by("other", thought("x"), call("odd id", "??")),
      result("odd id"),
      user("a"),
      user("b"),
    ];
    const once = forRoute(changed, routeFor(family));
    for (const [i, message] of forRoute(changed, routeFor(family)).entries())
      assert.equal(message, once[i], `${family} ${i}`);
  }
});

const part = fc.oneof(
  fc.constantFrom(says, thought(), thought("sig"), thought(" "), { type: "text", text: " " } as const),
  fc.constantFrom("c2ln", '{"id":"msg_1"}').map((textSignature) => ({ ...says, textSignature })),
  fc
    .record({ id: fc.string({ maxLength: 12 }), proof: fc.option(fc.string(), { nil: undefined }) })
    .map(({ id, proof }) => call(id, proof)),
);
const message: fc.Arbitrary<Message> = fc.oneof(
  fc.constantFrom("", " ", "words").map(user),
  fc
    .record({ family: fc.constantFrom(...families), content: fc.array(part, { maxLength: 4 }) })
    .map(({ family, content }) => by(family, ...content)),
  fc.string({ maxLength: 12 }).map(result),
);

test("whatever the conversation, after repair no family refuses it", () => {
  fc.assert(
    fc.property(fc.array(message, { maxLength: 12 }), fc.constantFrom(...families), (messages, family) => {
      const shown = forRoute(repair(messages), routeFor(family));
      assert.deepEqual([...violations(shown), ...familyViolations(shown, routeFor(family))], []);
    }),
  );
});
