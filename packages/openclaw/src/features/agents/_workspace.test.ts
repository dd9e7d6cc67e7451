import { after, test } from "node:test";
import assert from "node:assert/strict";
import { mkdtemp, readFile, rm, symlink, unlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Log } from "../../base/log.ts";
import { FileCache } from "./_file-cache.ts";
import { injected, truncationNotice } from "./_injected.ts";
import { WORKSPACE_FILES, prepare } from "./_workspace.ts";

const folder = await mkdtemp(join(tmpdir(), "openclaw-workspace-"));
after(() => rm(folder, { recursive: true }));

const warnings: string[] = [];
const log = { warn: (message: string) => void warnings.push(message) } as unknown as Log;
const template = (name: string) => `# ${name}\n`;
const files = new FileCache(1_000_000);
const inject = (over: Partial<Parameters<typeof injected>[1]> = {}) =>
  injected(folder, {
    maxChars: 20_000,
    totalMaxChars: 60_000,
    isMain: true,
    heartbeat: false,
    reduced: false,
    log,
    files,
    ...over,
  });
const names = async (over?: Parameters<typeof inject>[0]) => (await inject(over)).map((file) => file.name);

test("a new workspace gets every file, an existing one only what is missing, and no second BOOTSTRAP.md", async () => {
  const options = { skipBootstrap: false, skipOptional: [], template };
  await prepare(folder, options);
  for (const name of WORKSPACE_FILES) assert.equal(await readFile(join(folder, name), "utf8"), `# ${name}\n`);
  await writeFile(join(folder, "SOUL.md"), "mine");
  await unlink(join(folder, "BOOTSTRAP.md"));
  await unlink(join(folder, "USER.md"));
  await prepare(folder, options);
  assert.equal(await readFile(join(folder, "SOUL.md"), "utf8"), "mine");
  assert.equal(await readFile(join(folder, "USER.md"), "utf8"), "# USER.md\n");
  await assert.rejects(readFile(join(folder, "BOOTSTRAP.md")));
});

test("personal memory is told in the main session and nowhere else", async () => {
  await writeFile(join(folder, "MEMORY.md"), "likes tea");
  assert.ok((await names()).includes("MEMORY.md"));
  assert.ok(!(await names({ isMain: false })).includes("MEMORY.md"));
  assert.deepEqual(await names({ reduced: true }), ["AGENTS.md", "TOOLS.md"]);
});

test("a changed file is told changed, an unchanged one is not read again", async () => {
  await inject();
  assert.equal((await files.read(folder, join(folder, "MEMORY.md")))?.fresh, false);
  await writeFile(join(folder, "MEMORY.md"), "likes coffee");
  const memory = (await inject()).find((file) => file.name === "MEMORY.md");
  assert.equal(memory?.text, "likes coffee");
});

test("a long file is cut to its limit, with head and tail, and the log says so once", async () => {
  warnings.length = 0;
  await writeFile(join(folder, "TOOLS.md"), `begin ${"x".repeat(5000)} end`);
  for (let i = 0; i < 3; i += 1) {
    const tools = (await inject({ maxChars: 1000 })).find((file) => file.name === "TOOLS.md");
    assert.equal(tools?.truncated, true);
    assert.match(tools?.text ?? "", /^begin[\s\S]*cut here[\s\S]*end$/);
  }
  assert.equal(warnings.length, 1);
  assert.match(truncationNotice(await inject({ maxChars: 1000 })) ?? "", /TOOLS\.md \(\d+ of 5010 characters\)/);
  assert.equal(truncationNotice(await inject()), undefined);
});

test("what all files may take together is taken from the last ones", async () => {
  const told = await inject({ totalMaxChars: 200 });
  assert.equal(told[0]?.name, "AGENTS.md");
  assert.equal(told[0]?.truncated, false);
  assert.ok(told.some(({ truncated, text }) => truncated && (text?.length ?? 0) < 100));
});

test("HEARTBEAT.md is told while heartbeats are on", async () => {
  assert.ok(!(await names()).includes("HEARTBEAT.md"));
  assert.ok((await names({ heartbeat: true })).includes("HEARTBEAT.md"));
});

test("a link out of the workspace is not followed, one inside is", async () => {
  const secret = join(await mkdtemp(join(tmpdir(), "openclaw-outside-")), "secret");
  await writeFile(secret, "the secret");
  await unlink(join(folder, "SOUL.md"));
  await symlink(secret, join(folder, "SOUL.md"));
  warnings.length = 0;
  const soul = async () => (await inject()).find(({ name }) => name === "SOUL.md");
  assert.equal((await soul())?.text, undefined);
  assert.equal((await soul())?.text, undefined);
  assert.equal(warnings.length, 1);
  await unlink(join(folder, "SOUL.md"));
  await writeFile(join(folder, "mine.md"), "inside");
  await symlink("mine.md", join(folder, "SOUL.md"));
  assert.equal((await soul())?.text, "inside");
});

test("a missing file is told as missing, a blank one not at all", async () => {
  await unlink(join(folder, "IDENTITY.md"));
  await writeFile(join(folder, "USER.md"), "  \n");
  const told = await inject();
  assert.equal(told.find((file) => file.name === "IDENTITY.md")?.text, undefined);
  assert.ok(told.some((file) => file.name === "IDENTITY.md"));
  assert.ok(!told.some((file) => file.name === "USER.md"));
});
