import assert from "node:assert/strict";
import { test } from "node:test";
import { attemptsIn } from "./failure.ts";

test("what each model said stands apart, and what to do after it", () => {
  const text =
    "⚠️ All models failed (2): anthropic/claude: HTTP 401: bad key (auth) | openai/gpt: no credit (billing). Check their keys.";
  assert.deepEqual(attemptsIn(text), {
    lead: "All models failed (2)",
    models: [
      { ref: "anthropic/claude", said: "HTTP 401: bad key (auth)" },
      { ref: "openai/gpt", said: "no credit (billing)" },
    ],
    remedy: "Check their keys.",
  });
});

test("a failure of one model stays as it is", () => {
  for (const text of ["", "HTTP 500: out of order.", "All models failed", "I read: All models failed (2): a (b)."])
    assert.equal(attemptsIn(text), undefined);
});
