import { after, test } from "node:test";
import assert from "node:assert/strict";
import { chmod, mkdtemp, readFile, readdir, rm, symlink, unlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fakeConfig } from "../../../../../test/conformance/toolWorld.ts";
import type { Log } from "../../base/log.ts";
import { unprivileged } from "../../base/unprivileged.fixture.ts";
import { agentsSection } from "./config.ts";
import { FileCache } from "./_file-cache.ts";
import { injected, truncationNotice } from "./_injected.ts";
import { WORKSPACE_FILES, prepare, withoutFrontMatter } from "./_workspace.ts";

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

test("a start that was cut off after any file is completed by the next one, the ritual included", async () => {
  for (let after = 1; after <= WORKSPACE_FILES.length; after += 1) {
    const place = await mkdtemp(join(tmpdir(), "openclaw-cut-off-"));
    let written = 0;
    const dies = (name: string) => {
      if (written === after) throw new Error("the power goes");
      written += 1;
      return template(name);
    };
    await prepare(place, { skipBootstrap: false, skipOptional: [], template: dies }).catch(() => {});
    await prepare(place, { skipBootstrap: false, skipOptional: [], template });
    assert.deepEqual((await readdir(place)).sort(), [...WORKSPACE_FILES].sort());
    await rm(place, { recursive: true });
  }
});

test("whoever brings a memory along is not new here", async () => {
  const place = await mkdtemp(join(tmpdir(), "openclaw-moved-in-"));
  await writeFile(join(place, "MEMORY.md"), "likes tea");
  const { isNew, created } = await prepare(place, { skipBootstrap: false, skipOptional: [], template });
  assert.equal(isNew, false);
  assert.ok(!created.some((path) => path.endsWith("BOOTSTRAP.md")));
  await rm(place, { recursive: true });
});

test("files that may be left out are, others are not, and with skipBootstrap none is written", async () => {
  const place = await mkdtemp(join(tmpdir(), "openclaw-few-"));
  await prepare(place, { skipBootstrap: true, skipOptional: [], template });
  assert.deepEqual(await readdir(place), []);
  await prepare(place, { skipBootstrap: false, skipOptional: ["SOUL.md", "AGENTS.md"], template });
  const names = await readdir(place);
  assert.ok(names.includes("AGENTS.md") && !names.includes("SOUL.md"));
  await rm(place, { recursive: true });
});

test("where no ritual is wanted there is none, however new the workspace", async () => {
  const place = await mkdtemp(join(tmpdir(), "openclaw-dev-"));
  const { isNew } = await prepare(place, { skipBootstrap: false, skipOptional: [], template, skipRitual: true });
  assert.ok(isNew);
  assert.deepEqual((await readdir(place)).includes("BOOTSTRAP.md"), false);
  await rm(place, { recursive: true });
});

test("the rules have the sections that are told again later, and HEARTBEAT.md nothing to do", async () => {
  const text = (name: string) => readFile(new URL(`templates/${name}`, import.meta.url), "utf8");
  const { compaction } = fakeConfig({}).section(agentsSection).defaults;
  const rules = await text("AGENTS.md");
  for (const heading of compaction.postCompactionSections) assert.ok(rules.includes(`\n## ${heading}\n`), heading);
  const lines = (await text("HEARTBEAT.md")).split("\n").filter((line) => line.trim() !== "");
  assert.ok(lines.every((line) => line.startsWith("#")));
});

test("templates lose their settings on the way", () => {
  assert.equal(withoutFrontMatter("---\ntitle: x\n---\n\n# A\n\n---\n"), "# A\n\n---\n");
  assert.equal(withoutFrontMatter("# A\n---\nb\n---\n"), "# A\n---\nb\n---\n");
});

test("a new workspace that cannot be written to is refused, one in use is not", async (t) => {
  unprivileged(t);
  const place = await mkdtemp(join(tmpdir(), "openclaw-read-only-"));
  const options = { skipBootstrap: false, skipOptional: [], template };
  await chmod(place, 0o500);
  await assert.rejects(prepare(place, options), { code: "WORKSPACE_UNUSABLE" });
  assert.deepEqual(await readdir(place), []);
  await assert.rejects(prepare(join(place, "below"), options), { code: "WORKSPACE_UNUSABLE" });
  await chmod(place, 0o700);
  await writeFile(join(place, "AGENTS.md"), "rules");
  await chmod(place, 0o500);
  assert.match((await prepare(place, options)).problem ?? "", /./);
  assert.deepEqual(await readdir(place), ["AGENTS.md"]);
  await chmod(place, 0o700);
  await rm(place, { recursive: true });
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
