import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { until } from "../../../../../test/harness/until.ts";
import { systemClock } from "../../base/time.ts";
import { watchNotes } from "./_watch.ts";

test("a change of a note is told of before things have come to rest", async (t) => {
  const folder = await mkdtemp(join(tmpdir(), "notes-"));
  const told: string[] = [];
  const stop = watchNotes([folder], {
    clock: systemClock,
    debounceMs: 3_600_000,
    stirred: () => void told.push("stirred"),
    changed: () => void told.push("changed"),
  });
  t.after(async () => {
    stop();
    await rm(folder, { recursive: true, force: true });
  });
  await writeFile(join(folder, "a.md"), "alpha");
  await until(() => told.includes("stirred"));
  assert.equal(told.includes("changed"), false);
});
