import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, existsSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test, type TestContext } from "node:test";
import type { CheckContext } from "../../contracts/check.ts";
import { checks } from "./checks.ts";

const [check] = checks;

function place(t: TestContext) {
  const state = mkdtempSync(join(tmpdir(), "openclaw-upkeep-"));
  t.after(() => rmSync(state, { recursive: true }));
  const context = { platform: { paths: { state } } } as unknown as CheckContext;
  return { state, context };
}

test("files of a single-agent version are brought to the agent main, and nothing is written over", async (t) => {
  const { state, context } = place(t);
  mkdirSync(join(state, "agent"));
  mkdirSync(join(state, "agents/main/agent"), { recursive: true });
  writeFileSync(join(state, "agent/auth-profiles.json"), "old");
  writeFileSync(join(state, "agent/models.json"), "old");
  writeFileSync(join(state, "agents/main/agent/models.json"), "new");
  assert.equal((await check?.run(context))?.[0]?.level, "warn");
  assert.equal((await check?.fix?.(context))?.length, 1);
  assert.equal(readFileSync(join(state, "agents/main/agent/auth-profiles.json"), "utf8"), "old");
  assert.equal(readFileSync(join(state, "agents/main/agent/models.json"), "utf8"), "new");
  assert.equal(readFileSync(join(state, "agent/models.json"), "utf8"), "old");
  assert.match((await check?.run(context))?.[0]?.remedy ?? "", /look at these/);
});

test("an installation without such files is fine, and the folders that were emptied go", async (t) => {
  const { state, context } = place(t);
  assert.equal((await check?.run(context))?.[0]?.level, "ok");
  mkdirSync(join(state, "sessions"));
  writeFileSync(join(state, "sessions/s1.jsonl"), "{}");
  await check?.fix?.(context);
  assert.ok(!existsSync(join(state, "sessions")));
  assert.ok(existsSync(join(state, "agents/main/sessions/s1.jsonl")));
});
