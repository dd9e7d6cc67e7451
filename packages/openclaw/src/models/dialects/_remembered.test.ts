import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import type { ModelRequest } from "../../contracts/model.ts";
import { jsonOf, wiresFor } from "./_remembered.ts";

test("a body in pieces is byte for byte the body in one", () => {
  const blocks = fc.array(fc.jsonValue(), { maxLength: 4 });
  const turn = fc.record({
    role: fc.string(),
    content: fc.oneof(fc.string(), blocks),
    name: fc.option(fc.string(), { nil: undefined }),
  });
  const body = fc.record({
    model: fc.string(),
    messages: fc.array(turn),
    tools: blocks,
    top: fc.option(fc.jsonValue(), { nil: undefined }),
  });
  fc.assert(
    fc.property(body, (value) => {
      const whole = JSON.stringify(value);
      assert.equal(jsonOf(value, { messages: true, tools: true }), whole);
      assert.equal(jsonOf(value, { messages: { content: true } }), whole);
      assert.equal(jsonOf(value, { messages: { content: true } }), whole, "the second time");
    }),
  );
});

test("a message is put into its form once, and again for a request that goes another way", () => {
  const message = {};
  const endpoint = { provider: "p", api: "openai-completions", model: { id: "m", input: ["text"] }, apiKey: "k" };
  const made = (changes: object = {}, thinking = "off") =>
    wiresFor({ endpoint: { ...endpoint, ...changes }, thinking } as unknown as ModelRequest)(message, () => ({}));
  assert.equal(made(), made());
  assert.equal(made({ apiKey: "another" }), made());
  const others = [
    { provider: "q" },
    { api: "offline" },
    { documents: true },
    { params: { preserveThinking: true } },
    { model: { id: "m", input: ["text", "image"] } },
    { model: { id: "m", input: ["text"], compat: { strictMessageKeys: true } } },
  ];
  for (const other of others) assert.notEqual(made(other), made(), JSON.stringify(other));
  assert.notEqual(made({}, "high"), made());
});
