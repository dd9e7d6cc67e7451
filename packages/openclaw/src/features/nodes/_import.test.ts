import assert from "node:assert/strict";
import { mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import fc from "fast-check";
import type { Platform } from "../../contracts/service.ts";
import type { Kv } from "../../store/index.ts";
import { approvedIn, importNodes } from "./_import.ts";
import { Records } from "./_record.ts";

const ID = "ab".repeat(32);

/** A FAKE store of one space. */
function fakeKv(): Kv {
  const rows = new Map<string, string>();
  return {
    get: async (_, key) => rows.get(key),
    set: async (_, key, value) => void rows.set(key, value),
    delete: async (_, key) => void rows.delete(key),
    list: async () => [...rows].map(([key, value]) => ({ key, value })),
  };
}

test("nodes of an earlier installation keep what was approved, once, and their bearers are dropped", async (t) => {
  const state = await mkdtemp(join(tmpdir(), "nodes-import-"));
  t.after(() => rm(state, { recursive: true, force: true }));
  await mkdir(join(state, "nodes"));
  const kept = { nodeId: ID, token: "a-bearer", displayName: "Mac", platform: "macos", commands: ["system.run"] };
  const file = { [ID]: kept, other: { nodeId: "my-laptop", commands: ["system.run"] } };
  await writeFile(join(state, "nodes", "paired.json"), JSON.stringify(file));
  const logged: string[] = [];
  const log = { info: (line: string) => void logged.push(line), warn: (line: string) => void logged.push(line) };
  const platform = { paths: { state }, clock: { now: () => 7 }, log: { for: () => log } } as unknown as Platform;
  const kv = fakeKv();
  const records = await Records.open(kv);
  await importNodes(platform, records);
  assert.deepEqual(
    records.all().map(({ nodeId, commands }) => [nodeId, commands]),
    [[ID, ["system.run"]]],
  );
  assert.doesNotMatch(JSON.stringify(await kv.list("nodes")), /a-bearer/);
  assert.deepEqual((await Records.open(kv)).all(), records.all(), "the rows are whole");
  assert.deepEqual(await readdir(join(state, "nodes")), ["paired.json.imported"]);
  await importNodes(platform, records);
  assert.equal(logged.length, 1);
});

test("whatever such a file holds, only nodes that are known by their device come out of it", () => {
  fc.assert(
    fc.property(fc.jsonValue(), (file) => {
      for (const { nodeId } of approvedIn(file, 1)) assert.match(nodeId, /^[0-9a-f]{64}$/);
    }),
  );
});
