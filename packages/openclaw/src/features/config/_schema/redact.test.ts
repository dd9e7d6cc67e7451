import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { REDACTED, redact, redactText, secretsOf } from "./redact.ts";
import { parseConfig } from "../_load/parse.ts";
import { sampleSections } from "../_samples.ts";

const isSecret = secretsOf(sampleSections);
const CANARY = "canary-4711";

/** Places that hold a secret: declared, behind a wildcard, or only called so. */
const SECRET = [
  { gateway: { auth: { token: CANARY } } },
  { channels: { telegram: { accounts: { work: { botToken: CANARY } } } } },
  { env: { MY_KEY: CANARY, vars: { OTHER: CANARY } } },
  { channels: { unheardof: { apiKey: CANARY, nested: [{ password: CANARY }] } } },
  { plugins: { entries: { x: { config: { client_secret: CANARY } } } } },
];

for (const data of SECRET) {
  test(`nothing of ${JSON.stringify(data)} leaves`, async () => {
    const hidden = redact(data, isSecret);
    assert.ok(!JSON.stringify(hidden).includes(CANARY));
    assert.ok(JSON.stringify(hidden).includes(REDACTED));
    const text = await redactText(JSON.stringify(data), isSecret);
    assert.deepEqual(((await parseConfig(text ?? "")) as { value?: unknown }).value, hidden);
  });
}

test("what is no secret stays readable", () => {
  const data = {
    gateway: { port: 1, auth: { mode: "token" } },
    agents: { defaults: { maxTokens: 5, contextTokens: 100, tokenFile: "/x" } },
    env: { shellEnv: { enabled: true, timeoutMs: 5 } },
  };
  assert.deepEqual(redact(data, isSecret), data);
});

test("a reference to a variable and a SecretRef name a secret without being one", () => {
  const data = {
    gateway: { auth: { token: "${GATEWAY_TOKEN}" } },
    channels: { telegram: { botToken: { source: "env", provider: "default", id: "TG" } } },
  };
  assert.deepEqual(redact(data, isSecret), data);
  assert.deepEqual(redact({ gateway: { auth: { token: "x${GATEWAY_TOKEN}" } } }, isSecret), {
    gateway: { auth: { token: REDACTED } },
  });
});

test("text keeps its comments; text that cannot be read does not leave at all", async () => {
  assert.equal(
    await redactText(`{ gateway: { auth: { token: '${CANARY}' /* mine */ } } } // end`, isSecret),
    `{ gateway: { auth: { token: "${REDACTED}" /* mine */ } } } // end`,
  );
  assert.equal(await redactText(`{ gateway: { auth: { token: "${CANARY}" `, isSecret), null);
});

test("text and data are hidden alike", async () => {
  const key = fc.constantFrom("gateway", "auth", "token", "env", "vars", "a", "botToken", "password");
  const { tree } = fc.letrec((tie) => ({
    tree: fc.oneof(
      { maxDepth: 4 },
      fc.constantFrom<unknown>("secret", "${A}", "", 5, true, null),
      fc.dictionary(key, tie("tree"), { maxKeys: 4 }),
      fc.array(tie("tree"), { maxLength: 2 }),
    ),
  }));
  await fc.assert(
    fc.asyncProperty(fc.dictionary(key, tree, { maxKeys: 4 }), async (root) => {
      const data: unknown = JSON.parse(JSON.stringify(root));
      const text = await redactText(JSON.stringify(data, null, 1), isSecret);
      assert.deepEqual(JSON.parse(text ?? ""), redact(data, isSecret));
    }),
    { numRuns: 300 },
  );
});

test("a value that looks like a secret is hidden wherever it stands, and an ordinary one is not", async () => {
  const hidden = [
    "http://user:pass@host/v1",
    "https://host/v1?api_key=abcdef",
    "sk-abcdefghijklmnop",
    "x Bearer abcdefgh",
  ];
  const shown = ["https://host/v1?x=1", "https://user@host", "a/b:c", "http://u:${PASS}@host", "https://h/?token=${T}"];
  for (const each of hidden) {
    assert.equal(
      redact(each, () => false),
      REDACTED,
      each,
    );
    assert.equal(await redactText(JSON.stringify({ a: each }), () => false), `{"a":"${REDACTED}"}`, each);
  }
  for (const each of shown)
    assert.equal(
      redact(each, () => false),
      each,
    );
});
