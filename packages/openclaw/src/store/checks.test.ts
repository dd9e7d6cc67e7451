import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { test, type TestContext } from "node:test";
import type { CheckContext } from "../contracts/check.ts";
import { databasePath } from "./_place.ts";
import { checks } from "./checks.ts";

/** What every check of the store finds; the store is a fake with these numbers of dead rows. */
async function findings(t: TestContext, dead: { inbox: number; outbox: number }, hasDatabase = true) {
  const state = await mkdtemp(`${tmpdir()}/openclaw-checks-`);
  t.after(() => rm(state, { recursive: true, force: true }));
  if (hasDatabase) await writeFile(databasePath({ state }), "");
  const store = {
    info: async () => ({ path: "/db", bytes: 2000, schema: "0001" }),
    inbox: { counts: async () => ({ dead: dead.inbox }) },
    outbox: { counts: async () => ({ dead: dead.outbox }) },
  };
  const context = { platform: { paths: { state } }, use: async () => store } as unknown as CheckContext;
  return (await Promise.all(checks.map((check) => check.run(context)))).flat();
}

test("messages that were given up are counted by direction, with where to look", async (t) => {
  const [, came, goes] = await findings(t, { inbox: 1, outbox: 2 });
  assert.deepEqual([came?.level, goes?.level], ["warn", "warn"]);
  assert.match(came?.message ?? "", /^1 message that came in/);
  assert.match(goes?.message ?? "", /^2 messages could not be delivered/);
  assert.match(goes?.remedy ?? "", /openclaw logs/);
});

test("a store without dead messages is well", async (t) => {
  assert.deepEqual(
    (await findings(t, { inbox: 0, outbox: 0 })).map(({ level }) => level),
    ["ok", "ok"],
  );
});

test("looking for a database makes none", async (t) => {
  assert.deepEqual(
    (await findings(t, { inbox: 0, outbox: 0 }, false)).map(({ level }) => level),
    ["info"],
  );
});
