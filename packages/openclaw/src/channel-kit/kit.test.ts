import assert from "node:assert/strict";
import { mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { quietLog as log } from "../../../../test/harness/log.ts";
import { systemClock } from "../base/time.ts";
import { ChannelError } from "../contracts/channel.ts";
import { Backoff, RetryGate, accountId, defaultAccountId, pollLoop, readTokenFile, resolveAccounts } from "./index.ts";

const steady = { bytes: (count: number) => Buffer.alloc(count) };

test("waits double up to their cap, and a server's wish counts", () => {
  const backoff = new Backoff(steady, { firstMs: 100, capMs: 500 });
  assert.deepEqual(
    [backoff.next(), backoff.next(), backoff.next(), backoff.next(), backoff.next(9000)],
    [100, 200, 400, 500, 9000],
  );
  backoff.reset();
  assert.equal(backoff.next(), 100);
  assert.equal(new Backoff({ bytes: () => Buffer.of(255) }, { firstMs: 100 }).next(), 50);
});

test("one limited chat waits alone, two make all wait", () => {
  let now = 0;
  const gate = new RetryGate({ ...systemClock, monotonic: () => now });
  gate.limited("a", 3000);
  assert.deepEqual([gate.remaining("a"), gate.remaining("b")], [3000, 0]);
  assert.throws(() => gate.check("a"), { kind: "rate_limit", retryAfterMs: 3000 });
  gate.limited("b", 5000);
  assert.equal(gate.remaining("c"), 5000);
  now = 5000;
  assert.equal(gate.remaining("c"), 0);
  gate.limited("c", 1000);
  assert.equal(gate.remaining("d"), 0);
});

test("a poll that stalls is begun again, and its request aborted", async () => {
  const stop = new AbortController();
  let polls = 0;
  const aborted: boolean[] = [];
  const states: string[] = [];
  await pollLoop({
    clock: systemClock,
    random: steady,
    log,
    signal: stop.signal,
    stallMs: 20,
    firstWaitMs: 1,
    state: (state) => states.push(state),
    poll: async (signal) => {
      if ((polls += 1) > 1) return stop.abort();
      signal.addEventListener("abort", () => aborted.push(true));
      return new Promise(() => {});
    },
  });
  assert.deepEqual([polls, aborted, states], [2, [true], ["disconnected", "connected"]]);
});

test("a refused login ends the loop, anything else does not", async () => {
  let polls = 0;
  const loop = pollLoop({
    clock: systemClock,
    random: steady,
    log,
    signal: new AbortController().signal,
    stallMs: 1000,
    firstWaitMs: 1,
    state() {},
    poll: async () => {
      polls += 1;
      throw polls < 3 ? new Error("passing") : new ChannelError({ kind: "auth", message: "no" });
    },
  });
  await assert.rejects(loop, { kind: "auth" });
  assert.equal(polls, 3);
});

test("the loop ends at once when it is stopped in the middle of a poll", async () => {
  const stop = new AbortController();
  const loop = pollLoop({
    clock: systemClock,
    random: steady,
    log,
    signal: stop.signal,
    stallMs: 60_000,
    state() {},
    poll: () => new Promise(() => {}),
  });
  stop.abort();
  await loop;
});

const rules = { credentials: ["token"], replaced: ["groups"], notShared: ["groups"] };
const settingsOf = (section: unknown) =>
  Object.fromEntries(resolveAccounts(section, rules).map(({ id, settings }) => [id, settings]));

test("a section without accounts is the default account", () => {
  assert.deepEqual(resolveAccounts({ token: "t", a: 1 }, rules), [
    { id: "default", settings: { token: "t", a: 1 }, usesEnv: true },
  ]);
  assert.deepEqual(resolveAccounts(undefined, rules), []);
  assert.equal(resolveAccounts({}, rules).length, 1);
});

test("accounts inherit settings but no login, name or group list", () => {
  assert.deepEqual(
    settingsOf({
      token: "base",
      name: "n",
      retry: { attempts: 3, jitter: 0.1 },
      groups: { a: {} },
      accounts: { "My Work": { token: "w", retry: { attempts: 5 } } },
    }),
    {
      default: { token: "base", name: "n", retry: { attempts: 3, jitter: 0.1 } },
      "my-work": { token: "w", retry: { attempts: 5, jitter: 0.1 } },
    },
  );
});

test("without a login at the base there is no default beside named accounts", () => {
  assert.deepEqual(Object.keys(settingsOf({ a: 1, accounts: { work: {} } })), ["work"]);
});

test("an account's own allow-list map replaces the base's", () => {
  assert.deepEqual(settingsOf({ groups: { a: {} }, accounts: { default: { groups: { b: {} } } } })["default"], {
    groups: { b: {} },
  });
});

test("only the default account takes credentials of the environment", () => {
  assert.deepEqual(
    resolveAccounts({ token: "t", accounts: { b: {}, a: {} } }, rules).map(({ id, usesEnv }) => [id, usesEnv]),
    [
      ["a", false],
      ["b", false],
      ["default", true],
    ],
  );
});

test("the default account is the one named, else `default`, else the first", () => {
  assert.equal(defaultAccountId({ defaultAccount: "B" }, ["a", "b"]), "b");
  assert.equal(defaultAccountId({ defaultAccount: "x" }, ["b", "a"]), "a");
  assert.equal(defaultAccountId({}, ["a", "default"]), "default");
  assert.equal(defaultAccountId({}, []), undefined);
  assert.equal(accountId("  Über Work! "), "ber-work");
});

test("a token is read from a regular file only", async (context) => {
  const folder = await mkdtemp(join(tmpdir(), "token-"));
  context.after(() => rm(folder, { recursive: true }));
  await writeFile(join(folder, "token"), " secret \n");
  await symlink(join(folder, "token"), join(folder, "link"));
  await writeFile(join(folder, "empty"), "\n");
  assert.equal(await readTokenFile(join(folder, "token")), "secret");
  await assert.rejects(readTokenFile(join(folder, "link")), { kind: "auth", message: /symbolic link/ });
  for (const name of ["empty", "missing", "."])
    await assert.rejects(readTokenFile(join(folder, name)), { kind: "auth" });
});
