import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { parseConfig } from "../_load/parse.ts";
import { REDACTED, redact, redactText, secretsOf } from "../_schema/redact.ts";
import { restoreData, restoreText } from "./restore.ts";
import { sampleSections } from "../_samples.ts";

const isSecret = secretsOf(sampleSections);
const restore = (given: unknown, stored: unknown) => restoreData(given, stored, isSecret);

const STORED = {
  gateway: { port: 5, auth: { token: "t-1" } },
  env: { A: "a-1", vars: { B: "b-1" } },
  models: {
    providers: { x: { apiKey: "k-x" }, y: { apiKey: "k-y" } },
    list: [
      { id: "one", apiKey: "k-one" },
      { id: "two", apiKey: "k-two" },
    ],
  },
  unnamed: [
    { url: "a", password: "p-a" },
    { url: "b", password: "p-b" },
  ],
};

test("what a client got hidden and sends back means the stored value", () => {
  assert.deepEqual(restore(redact(STORED, isSecret), STORED), STORED);
});

/** Where the placeholder is sent, and what becomes of it there. */
const CASES: readonly (readonly [what: string, given: unknown, restored: unknown])[] = [
  ["at a place without a stored value it stays", { gateway: { auth: { password: REDACTED } } }, undefined],
  ["at a place that is no secret it stays", { gateway: { port: REDACTED } }, undefined],
  ["under another name it stays", { models: { providers: { z: { apiKey: REDACTED } } } }, undefined],
  ["as part of a text it stays", { gateway: { auth: { token: `${REDACTED}!` } } }, undefined],
  ["for a whole object it stays", { gateway: REDACTED }, undefined],
  [
    "an entry is known by its id, wherever it stands",
    { models: { list: [{ id: "two", apiKey: REDACTED }] } },
    { models: { list: [{ id: "two", apiKey: "k-two" }] } },
  ],
  ["an entry with another id has no stored value", { models: { list: [{ id: "new", apiKey: REDACTED }] } }, undefined],
  [
    "an entry without a name is known by what is visible of it",
    { unnamed: [{ url: "b", password: REDACTED }] },
    { unnamed: [{ url: "b", password: "p-b" }] },
  ],
  ["an entry without a name that changed is not known", { unnamed: [{ url: "c", password: REDACTED }] }, undefined],
  [
    "names of the language itself are ordinary names",
    JSON.parse(`{ "__proto__": { "token": "${REDACTED}" }, "constructor": "${REDACTED}" }`),
    undefined,
  ],
];
for (const [what, given, restored] of CASES) {
  test(`the placeholder: ${what}`, () => assert.deepEqual(restore(given, STORED), restored ?? given));
}

test("text gets the stored literals back as they were written, and keeps its own comments", async () => {
  const stored = "{ gateway: { auth: { token: 't-1' /* old */ } }, env: { A: \"${A}\", B: 'b' } }";
  const given = `{ env: { A: "\${A}", B: "${REDACTED}" }, // mine\n gateway: { auth: { token: "${REDACTED}" } } }`;
  const valueOf = async (text: string) => ((await parseConfig(text)) as { value: unknown }).value;
  assert.equal(
    await restoreText(
      { text: given, value: await valueOf(given) },
      { text: stored, value: await valueOf(stored) },
      isSecret,
    ),
    "{ env: { A: \"${A}\", B: 'b' }, // mine\n gateway: { auth: { token: 't-1' } } }",
  );
});

test("hiding and restoring a text is the text again", async () => {
  const key = fc.constantFrom("gateway", "auth", "token", "env", "vars", "a", "botToken", "list");
  const { tree } = fc.letrec((tie) => ({
    tree: fc.oneof(
      { maxDepth: 4 },
      fc.constantFrom<unknown>("secret", "other", "${A}", "", 5, true, null),
      fc.dictionary(key, tie("tree"), { maxKeys: 4 }),
      fc.array(tie("tree"), { maxLength: 3 }),
    ),
  }));
  await fc.assert(
    fc.asyncProperty(fc.dictionary(key, tree, { maxKeys: 4 }), fc.boolean(), async (root, flat) => {
      const value: unknown = JSON.parse(JSON.stringify(root));
      const text = JSON.stringify(value, null, flat ? 0 : 2);
      const hidden = (await redactText(text, isSecret)) ?? "";
      const given = { text: hidden, value: JSON.parse(hidden) as unknown };
      assert.equal(await restoreText(given, { text, value }, isSecret), text);
      assert.deepEqual(restore(given.value, value), value);
    }),
    { numRuns: 300 },
  );
});

test("a secret never ends up anywhere but where it was, whatever is sent", async () => {
  const secrets = new Set(["t-1", "a-1", "b-1", "k-x", "k-y", "k-one", "k-two", "p-a", "p-b"]);
  const key = fc.constantFrom(
    "gateway",
    "auth",
    "token",
    "env",
    "A",
    "models",
    "list",
    "id",
    "apiKey",
    "providers",
    "x",
  );
  const { tree } = fc.letrec((tie) => ({
    tree: fc.oneof(
      { maxDepth: 5 },
      fc.constantFrom<unknown>(REDACTED, REDACTED, "one", "two", 5),
      fc.dictionary(key, tie("tree"), { maxKeys: 4 }),
      fc.array(tie("tree"), { maxLength: 3 }),
    ),
  }));
  fc.assert(
    fc.property(fc.dictionary(key, tree, { maxKeys: 4 }), (given) => {
      const shown = JSON.stringify(redact(restore(given, STORED), isSecret));
      assert.ok(
        [...secrets].every((secret) => !shown.includes(secret)),
        shown,
      );
    }),
    { numRuns: 500 },
  );
});
