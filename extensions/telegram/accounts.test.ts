import assert from "node:assert/strict";
import { test } from "node:test";
import { telegramAccounts } from "./_accounts.ts";
import { normalizeSender, senderKeys } from "./_sender.ts";

const env = { TELEGRAM_BOT_TOKEN: "9:env", HOME: "/home/ada" };
const only = (section: unknown, variables = {}) => {
  const [account] = telegramAccounts(section, variables);
  assert.ok(account);
  return account;
};

test("without a section there is no account, even with a token in the environment", () => {
  assert.deepEqual(telegramAccounts(undefined, env), []);
});

test("the configuration's token comes before a file, a file before the environment", () => {
  const sources = [{ botToken: "1:a", tokenFile: "/t" }, { tokenFile: "~/t" }, {}].map((section) => only(section, env));
  assert.deepEqual(
    sources.map(({ credentialSource }) => credentialSource),
    ["config", "file", "env"],
  );
  assert.deepEqual(
    sources.map(({ settings }) => settings.botToken ?? settings.tokenFile),
    ["1:a", "/home/ada/t", "9:env"],
  );
});

test("without a token the account says which key to set", () => {
  assert.deepEqual([only({}).configured, only({}).credential], [false, undefined]);
  assert.match(only({}).missing ?? "", /channels\.telegram\.botToken/);
  assert.match(only({ accounts: { work: {} } }, env).missing ?? "", /channels\.telegram\.accounts\.work\.botToken/);
  assert.match(only({ botToken: { source: "env", id: "X" } }, env).missing ?? "", /reference to a secret/);
});

test("the environment's token is the default account's alone", () => {
  const accounts = telegramAccounts({ accounts: { default: {}, work: { botToken: "2:b" }, spare: {} } }, env);
  assert.deepEqual(
    accounts.map(({ id, configured }) => [id, configured]),
    [
      ["default", true],
      ["spare", false],
      ["work", true],
    ],
  );
});

test("the same bot on the same server is the same login, on another server it is not", () => {
  const [a, b, c] = [
    { botToken: "1:a" },
    { botToken: "1:a", apiRoot: "https://api.telegram.org/" },
    { botToken: "1:a", apiRoot: "http://127.0.0.1:1" },
  ].map((section) => only(section).credential);
  assert.equal(a, b);
  assert.notEqual(a, c);
  assert.ok(!(a ?? "").includes("1:a"));
});

test("a list of the channel without the wildcard keeps accounts from opening themselves", () => {
  const allowFrom = (base: string[], own: string[]) =>
    telegramAccounts({ allowFrom: base, accounts: { work: { botToken: "1:a", allowFrom: own } } }, {}).map(
      (account) => account.allowFrom,
    )[0];
  assert.deepEqual(allowFrom(["1"], ["*"]), ["1"]);
  assert.deepEqual(allowFrom(["1"], ["*", "2"]), ["2"]);
  assert.deepEqual(allowFrom(["*"], ["*"]), ["*"]);
  assert.deepEqual(allowFrom([], ["*"]), ["*"]);
});

test("limits leave room for the mark of a repeated message", () => {
  assert.equal(only({}).textLimit, 4000);
  assert.ok(only({ textChunkLimit: 4096 }).textLimit < 4096);
  assert.equal(only({ textChunkLimit: 500 }).textLimit, 500);
});

test("senders have one spelling", () => {
  for (const raw of ["Ada", "@ada", " tg:@ADA ", "telegram: Ada"]) assert.equal(normalizeSender(raw), "ada");
  assert.deepEqual(senderKeys({ id: "42", username: "Ada" }), ["42", "ada"]);
  assert.deepEqual(senderKeys({ id: "42" }), ["42"]);
});
