import assert from "node:assert/strict";
import { test } from "node:test";
import { quietLog } from "../../../../../test/harness/log.ts";
import { SYSTEM } from "../../contracts/principal.ts";
import type { Use } from "../../contracts/service.ts";
import { announceEnd } from "./_announce.ts";
import type { RunningProcess } from "./index.ts";

interface Setup {
  readonly active?: boolean;
  readonly exitCode?: number;
  readonly printed?: string;
  readonly closing?: AbortSignal;
}

/** FAKES of lanes, system events and inbound: what was told, in order. */
function world({ active = false, exitCode = 0, printed = "", closing = new AbortController().signal }: Setup) {
  const told: string[] = [];
  let end = () => {};
  let endRun = () => {};
  const runOver = new Promise<void>((resolve) => (endRun = resolve));
  const command = {
    id: "a1b2c3",
    sessionKey: "agent:main:main",
    command: "npm test",
    exitCode,
    reason: undefined,
    seen: false,
    ended: new Promise<void>((resolve) => (end = resolve)),
    output: { total: printed.length, text: () => printed },
  } as unknown as RunningProcess;
  const services: Record<string, unknown> = {
    lanes: { active: () => (active ? "run" : undefined), wait: () => runOver },
    "system-events": { enqueue: async ({ text }: { text: string }) => void told.push(text) },
    inbound: { wake: async (_key: string, reason: string) => void told.push(`wake: ${reason}`) },
  };
  const use = (async ({ name }: { name: string }) => services[name]) as unknown as Use;
  const done = (quietSuccess = false) =>
    announceEnd({ use, platform: { log: quietLog }, closing }, command, { by: SYSTEM, quietSuccess });
  return { told, command, done, end: () => end(), endRun: () => endRun() };
}

test("the end of a background command is told with how it ended and what it said last", async () => {
  const { told, done, end } = world({ exitCode: 1, printed: "2 failing" });
  end();
  await done();
  assert.deepEqual(told, ["Exec finished (a1b2c3 npm test, exit code 1): 2 failing", "wake: exec-event"]);
});

test("a success that printed nothing is told only where that is wanted", async () => {
  const quiet = world({});
  quiet.end();
  await quiet.done();
  assert.deepEqual(quiet.told, []);
  const wanted = world({});
  wanted.end();
  await wanted.done(true);
  assert.equal(wanted.told.length, 2);
});

test("what the agent has seen by the end of its run is not told again", async () => {
  const seen = world({ active: true, printed: "x" });
  seen.end();
  const telling = seen.done();
  seen.command.seen = true;
  seen.endRun();
  await telling;
  assert.deepEqual(seen.told, []);
  const unseen = world({ active: true, printed: "x" });
  unseen.end();
  unseen.endRun();
  await unseen.done();
  assert.equal(unseen.told.length, 2);
});

test("commands that end because the gateway stops are no news", async () => {
  const { told, done, end } = world({ printed: "x", closing: AbortSignal.abort() });
  end();
  await done();
  assert.deepEqual(told, []);
});
