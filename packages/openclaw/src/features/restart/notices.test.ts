import assert from "node:assert/strict";
import { mkdtemp, readdir, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import type { Principal } from "../../contracts/principal.ts";
import type { ConfigSnapshot } from "../../contracts/config.ts";
import type { RestartSentinel } from "../config/index.ts";
import type { SessionRow } from "../../store/index.ts";
import { createNotices, type NoticesDeps } from "./_notices.ts";
import { lastRestart } from "./index.ts";

const admin: Principal = { kind: "device", id: "d1", role: "owner", scopes: ["operator.admin"] };
const sentinel: RestartSentinel = {
  version: 1,
  kind: "config-patch",
  status: "ok",
  ts: 1,
  message: "port moved",
  stats: { mode: "config.patch", requiresRestart: true },
  by: admin,
};

/** A place with fakes of the doors behind it; everything that happens is a line. */
async function world(left?: unknown, over: Partial<NoticesDeps> = {}) {
  const state = await mkdtemp(join(tmpdir(), "openclaw-restart-"));
  const place = join(state, "restart-sentinel.json");
  if (left !== undefined) await writeFile(place, typeof left === "string" ? left : JSON.stringify(left));
  const happened: string[] = [];
  const kept = new Map<string, string>();
  const row = (key: string) => ({ key }) as SessionRow;
  const notices = createNotices({
    paths: { home: state, state, config: join(state, "openclaw.json") },
    config: () => ({ at: () => undefined }) as unknown as ConfigSnapshot,
    defaultAgent: () => "main",
    sessions: {
      list: async () => ({ rows: [row("agent:main:cron:1"), row("agent:main:telegram:dm:7")], total: 2 }),
    },
    events: {
      enqueue: async ({ sessionKey, text, by }) => {
        happened.push(`${sessionKey} ← ${text} (${by.id})`);
        return "queued";
      },
    },
    inbound: { wake: async (key, reason) => void happened.push(`wake ${key}: ${reason}`) },
    kv: { set: async (space, key, value) => void kept.set(`${space}/${key}`, value) },
    ...over,
  });
  const kv = { get: async (space: string, key: string) => kept.get(`${space}/${key}`) };
  return { notices, happened, kv, left: () => readdir(state) };
}

test("a restart is told once, to the session that was active last, with the authority of whoever asked", async () => {
  const { notices, happened, left, kv } = await world(sentinel);
  await notices.announceRestart();
  await notices.announceRestart();
  assert.deepEqual(happened, [
    "agent:main:telegram:dm:7 ← Gateway restarted (config.patch): ok. Note: port moved (d1)",
    "wake agent:main:telegram:dm:7: config-patch",
  ]);
  assert.deepEqual(await left(), []);
  assert.equal((await lastRestart(kv))?.message, "port moved");
});

test("a session that was named is told instead, by its canonical key", async () => {
  const { notices, happened } = await world({ ...sentinel, sessionKey: "Work", message: null });
  await notices.announceRestart();
  assert.deepEqual(happened, [
    "agent:main:work ← Gateway restarted (config.patch): ok. (d1)",
    "wake agent:main:work: config-patch",
  ]);
});

test("a change that needed no restart disturbs nobody who did not ask", async () => {
  const quiet = { ...sentinel, stats: { requiresRestart: false } };
  const { notices, happened, left } = await world(quiet);
  await notices.announceRestart();
  assert.deepEqual([happened, await left()], [[], []]);
  const asked = await world({ ...quiet, sessionKey: "main" });
  await asked.notices.announceRestart();
  assert.match(asked.happened[0] ?? "", /^agent:main:main ← Configuration applied without a restart/);
});

test("a sentinel whose line could not be stored is kept for the next start", async () => {
  const { notices, left } = await world(sentinel, {
    events: { enqueue: () => Promise.reject(new Error("disk full")) },
  });
  await assert.rejects(notices.announceRestart(), /disk full/);
  assert.deepEqual(await left(), ["restart-sentinel.json"]);
});

test("what cannot be understood is thrown away without a word", async () => {
  for (const broken of ["{", "[]", '{"version":2}', "null"]) {
    const { notices, happened, left } = await world(broken);
    await notices.announceRestart();
    assert.deepEqual([happened, await left()], [[], []]);
  }
});

test("the main session is told without being woken unless that is asked for", async () => {
  const { notices, happened } = await world();
  await notices.tell({ text: "Config recovery warning: x", session: "main" });
  assert.deepEqual(happened, ["agent:main:main ← Config recovery warning: x (gateway)"]);
});
