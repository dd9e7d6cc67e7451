/** What is in the place of `auth-profiles.json` may be anything: a turn is answered all the same, and nothing is lost. */
import assert from "node:assert/strict";
import { mkdirSync, readFileSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { describe, it } from "node:test";
import { world } from "./world.fixture.ts";
import type { World } from "./world.fixture.ts";

const ENV = { ACME_API_KEY: "key-of-environment", ACME_API_KEYS: "first-key,second-key" };
const good = { version: 1, profiles: { "acme:me": { type: "api_key", provider: "acme", key: "stored-key" } } };

function put(made: World, what: string | Buffer): void {
  mkdirSync(dirname(made.path()), { recursive: true });
  writeFileSync(made.path(), what, { mode: 0o600 });
  made.clock.pass(5000);
}

const BROKEN: readonly (readonly [string, (made: World) => void])[] = [
  ["half a document", (made) => put(made, JSON.stringify(good).slice(0, 60))],
  ["zero bytes", (made) => put(made, Buffer.alloc(4096))],
  ["nothing", (made) => put(made, "")],
  ["bytes that are no text", (made) => put(made, Buffer.from([0xff, 0xfe, 0xc3, 0x28, 0x7b]))],
  ["a list", (made) => put(made, "[1,2,3]")],
  ["more than anybody has", (made) => put(made, `{"profiles":{"a":"${"x".repeat(5 * 1024 * 1024)}"}}`)],
  ["parts of the wrong kind", (made) => put(made, '{"profiles":[],"order":7,"usageStats":"x","lastGood":[null]}')],
  [
    "names of the language",
    (made) =>
      put(
        made,
        '{"profiles":{"__proto__":{"type":"api_key","provider":"acme","key":"x y"},"constructor":null},"usageStats":{"__proto__":{"cooldownUntil":9e15}},"order":{"__proto__":["a"]}}',
      ),
  ],
  ["deep nesting", (made) => put(made, `{"profiles":${'{"a":'.repeat(20_000)}1${"}".repeat(20_000)}}`)],
  ["a folder", (made) => mkdirSync(made.path(), { recursive: true })],
  [
    "a link to nowhere",
    (made) => (mkdirSync(dirname(made.path()), { recursive: true }), symlinkSync("/nowhere/x", made.path())),
  ],
  [
    "a link to itself",
    (made) => (mkdirSync(dirname(made.path()), { recursive: true }), symlinkSync(made.path(), made.path())),
  ],
];

describe("with a store that holds", () => {
  for (const [what, make] of BROKEN)
    it(`${what}, a key of the environment answers, and the next one after it`, async (t) => {
      const made = await world(t, { env: ENV });
      make(made);
      made.clock.pass(10_000);
      const first = await made.models.resolve("acme/m1", made.config);
      assert.ok(
        Object.values(ENV)
          .join()
          .includes(first.apiKey ?? "?"),
        first.apiKey,
      );
      const next = await made.models.after(first, { class: "rate_limit", message: "slow" }, made.config);
      assert.ok(next === undefined || next.apiKey !== first.apiKey);
      made.clock.pass(1000);
      await made.models.loginReport(made.config);
      await made.models.resolve("acme/m1", made.config);
      assert.equal(({} as Record<string, unknown>)["cooldownUntil"], undefined);
    });
});

it("a broken store is kept aside whole, and what comes in its place is used", async (t) => {
  const made = await world(t, { env: ENV });
  const broken = `${JSON.stringify(good)}garbage`;
  put(made, broken);
  await made.models.resolve("acme/m1", made.config);
  await made.models.keepLogin(made.config, {
    id: "acme:new",
    profile: { type: "api_key", provider: "acme", key: "new-key" },
  });
  const aside = readdirSync(dirname(made.path())).filter((name) => name.includes(".corrupt-"));
  assert.equal(aside.length, 1);
  assert.equal(readFileSync(made.path(aside[0]), "utf8"), broken);
  made.clock.pass(1000);
  assert.equal((await made.models.resolve("acme/m1", made.config)).apiKey, "new-key");
  made.write(good);
  assert.equal((await made.models.resolve("acme/m1", made.config)).apiKey, "stored-key");
});

it("pauses hold where they cannot be written, and are written when they can be", async (t) => {
  const two = {
    version: 1,
    profiles: { ...good.profiles, "acme:two": { type: "api_key", provider: "acme", key: "other-key" } },
  };
  const made = await world(t, { store: two });
  // FAKE of a disk that takes nothing: the lock beside the file is a folder that nobody can take.
  const lock = `${made.path()}.lock`;
  const first = await made.models.resolve("acme/m1", made.config);
  mkdirSync(lock);
  const next = await made.models.after(first, { class: "rate_limit", message: "slow" }, made.config);
  assert.notEqual(next?.apiKey, first.apiKey);
  made.clock.pass(1000);
  assert.equal((await made.models.resolve("acme/m1", made.config)).apiKey, next?.apiKey);
  assert.equal(made.read().usageStats, undefined);
  rmSync(lock, { recursive: true, force: true });
  await made.close();
  assert.ok(Number(made.read().usageStats?.[first.login?.id ?? ""]?.["cooldownUntil"]) > 0);
});

it("clocks that leap a year in either direction neither end a pause nor make it last", async (t) => {
  const YEAR = 365 * 86_400_000;
  for (const leap of [YEAR, -YEAR, -3_600_000]) {
    const made = await world(t, { store: good });
    const first = await made.models.resolve("acme/m1", made.config);
    await made.models.after(first, { class: "auth", message: "no" }, made.config);
    made.clock.wall += leap;
    const left = async () => (await made.models.logins("acme", made.config))[0]?.remainingMs ?? 0;
    const before = await left();
    assert.ok(before > 30_000 && before <= 60_000, `${leap}: ${before}`);
    made.clock.pass(61_000);
    assert.equal(await left(), 0);
    assert.equal((await made.models.resolve("acme/m1", made.config)).apiKey, "stored-key");
    await made.close();
  }
});
