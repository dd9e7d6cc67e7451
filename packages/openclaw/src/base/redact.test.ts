import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { mask, redact, redactBy, redactData } from "./redact.ts";
import { userPattern } from "./pattern.ts";

const SECRET = "Zq9x7Wv5Tb3Rn1Lk8Jh6Gf4Ds2Ap0Oi";

test("a long secret keeps its first six and last four characters, a short one nothing", () => {
  assert.equal(mask("abcdefghijklmnopqr"), "abcdef…opqr");
  assert.equal(mask("abcdefghijklmnopq"), "***");
});

for (const [what, text] of Object.entries({
  "a bearer header": `Authorization: Bearer ${SECRET}`,
  "a basic header": `authorization: basic ${SECRET}==`,
  "an OpenAI key": `key sk-proj-${SECRET} was refused`,
  "a GitHub token": `ghp_${SECRET}`,
  "a Slack token": `xoxb-123456-${SECRET}`,
  "a Telegram token": `https://api.telegram.org/bot123456789:AA${SECRET}xx/getMe`,
  "a JSON field": `{"botToken": "${SECRET}"}`,
  "an assignment": `OPENCLAW_GATEWAY_TOKEN=${SECRET} npm start`,
  "a camel-case assignment": `clientSecret=${SECRET}`,
  "a query parameter": `http://127.0.0.1:18789/?a=1&token=${SECRET}`,
  "a fragment": `http://127.0.0.1:18789/#token=${SECRET}`,
  "a flag": `openclaw gateway --token ${SECRET}`,
  "a URL with a password": `postgres://user:${SECRET}@db.example/x`,
  "a web token": `eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJ${SECRET}.${SECRET}`,
  "a private key": `-----BEGIN RSA PRIVATE KEY-----\n${SECRET}\n${SECRET}\n-----END RSA PRIVATE KEY-----`,
})) {
  test(`${what} is masked`, () => {
    const clean = redact(text);
    assert.ok(!clean.includes(SECRET), clean);
    assert.notEqual(clean, text);
  });
}

for (const text of [
  "listening on ws://127.0.0.1:18789 (PID 4711)",
  "session agent:main:telegram:direct:4711 started at 2026-11-21T12:04:09.123Z",
  "input=120 output=40 totalTokens=160 in 12 ms",
  "basic understanding of a risk-assessment task",
  "https://example.org/a/b?page=2#top and user@example.org",
  "sha256 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
]) {
  test(`harmless text stays as it is: ${text.slice(0, 30)}`, () => assert.equal(redact(text), text));
}

test("data is masked in every string, by field name too, and counts stay", () => {
  const clean = redactData({
    url: `http://h/#token=${SECRET}`,
    nested: [{ password: "short", totalTokens: 12 }],
    apiKey: SECRET,
    error: new Error(`Bearer ${SECRET}`),
  });
  const text = JSON.stringify(clean);
  assert.ok(!text.includes(SECRET) && !text.includes("short"), text);
  assert.ok(text.includes('"totalTokens":12'));
});

test("data that refers to itself ends", () => {
  const loop: Record<string, unknown> = {};
  loop["self"] = loop;
  assert.ok(JSON.stringify(redactData(loop)).includes("[…]"));
});

test("configured patterns replace the built-in ones", () => {
  const clean = redactBy([userPattern("/order-\\d+/")!, userPattern("hush\\w+")!]);
  assert.equal(clean("order-1 order-2 HushHush sk-aaaaaaaaaaaaaaaaaaaa"), "*** *** *** sk-aaaaaaaaaaaaaaaaaaaa");
});

const PIECES = [
  "sk-",
  "eyJ",
  "-----BEGIN ",
  "PRIVATE KEY-----",
  "token=",
  '"token":"',
  "://",
  "a://b:",
  "@",
  "Bearer ",
  "--",
  "-",
  "_",
  "a",
  "A9",
  ".",
  ":",
  "1234567:",
  " ",
  "\n",
  '"',
  "=",
];

test("a secret behind a name that announces it never survives, whatever stands around it", () => {
  const secret = fc.stringMatching(/^[A-Za-z0-9]{18,60}$/);
  const context = fc.constantFrom(
    "Bearer #",
    "token=#",
    '{"api_key":"#"}',
    "--password #",
    "https://u:#@h/",
    "sk-#",
    "?x=1&access_token=#&y=2",
  );
  const around = fc.array(fc.constantFrom(...PIECES), { maxLength: 8 }).map((pieces) => pieces.join(""));
  fc.assert(
    fc.property(secret, context, around, around, (hidden, where, before, after) => {
      const clean = redact(`${before} ${where.replace("#", hidden)} ${after}`);
      assert.ok(!clean.includes(hidden), clean);
    }),
    { numRuns: 500 },
  );
});

for (const piece of [
  ...PIECES,
  "-eyJ",
  "sk-a ",
  "a_",
  "eyJaaaaaaaa.",
  "x://y",
  '"a',
  "Bearer a ",
  "-----BEGIN PRIVATE KEY-----",
  "123456:a",
  "--token-",
  "tokentoken",
]) {
  test(`a megabyte of ${JSON.stringify(piece)} comes to an end`, () => {
    const text = piece.repeat(Math.ceil(1_000_000 / piece.length));
    redact(text);
  });
}
