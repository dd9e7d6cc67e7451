import assert from "node:assert/strict";
import { mkdir, mkdtemp, readFile, readdir, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { moveOldFolders, oldFolders } from "./disk.ts";

async function stateWith(...files: readonly string[]): Promise<string> {
  const state = await mkdtemp(join(tmpdir(), "openclaw-disk-"));
  for (const file of files) {
    await mkdir(dirname(join(state, file)), { recursive: true });
    await writeFile(join(state, file), file);
  }
  return state;
}

const config = { agents: { list: [{ id: "a" }, { id: "work", default: true }] } };

test("sessions and the agent's folder go to the default agent, and their empty folders with them", async () => {
  const state = await stateWith("sessions/sessions.json", "sessions/x.jsonl", "agent/auth-profiles.json");
  const options = { state, config, scope: "start" as const };
  const lines = ["sessions → agents/work/sessions (2 files)", "agent → agents/work/agent (1 file)"];
  assert.deepEqual(await oldFolders(options), { lines, left: [] });
  assert.deepEqual((await readdir(state)).sort(), ["agent", "sessions"], "looking moves nothing");
  assert.deepEqual(await moveOldFolders(options), { lines, left: [] });
  assert.deepEqual(await readdir(state), ["agents"]);
  assert.equal(await readFile(join(state, "agents/work/sessions/x.jsonl"), "utf8"), "sessions/x.jsonl");
  assert.deepEqual(await moveOldFolders(options), { lines: [], left: [] });
});

test("nothing is overwritten: what is in the way stays, and so does what it is in the way of", async () => {
  const state = await stateWith("sessions/a.jsonl", "sessions/b.jsonl", "agents/main/sessions/a.jsonl");
  const moves = await moveOldFolders({ state, config: {}, scope: "start" });
  assert.deepEqual(moves, { lines: ["sessions → agents/main/sessions (1 file)"], left: ["sessions/a.jsonl"] });
  assert.equal(await readFile(join(state, "sessions/a.jsonl"), "utf8"), "sessions/a.jsonl");
  assert.equal(await readFile(join(state, "agents/main/sessions/a.jsonl"), "utf8"), "agents/main/sessions/a.jsonl");
});

test("a WhatsApp login moves only when everything is moved, and other credentials stay", async () => {
  const state = await stateWith(
    "credentials/creds.json",
    "credentials/pre-key-1.json",
    "credentials/oauth.json",
    "credentials/telegram-allowFrom.json",
    "credentials/whatsapp-pairing.json",
  );
  assert.deepEqual((await moveOldFolders({ state, config, scope: "start" })).lines, []);
  const { lines } = await moveOldFolders({ state, config, scope: "all" });
  assert.deepEqual(lines, ["credentials → credentials/whatsapp/default (2 files)"]);
  assert.deepEqual((await readdir(join(state, "credentials"))).sort(), [
    "oauth.json",
    "telegram-allowFrom.json",
    "whatsapp",
    "whatsapp-pairing.json",
  ]);
});

test("an agent's name never leads out of the folder of agents", async () => {
  const state = await stateWith("sessions/x.jsonl");
  const evil = { agents: { list: [{ id: "../../evil", default: true }] } };
  assert.deepEqual((await moveOldFolders({ state, config: evil, scope: "start" })).lines, [
    "sessions → agents/main/sessions (1 file)",
  ]);
});
