import assert from "node:assert/strict";
import { mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { identityFile, parseIdentity, resolveIdentity } from "./_identity.ts";
import type { Agent } from "./index.ts";

test("fields are read as people and models write them", () => {
  const robin = { name: "Robin", theme: "a small bird", emoji: "🐦", avatar: "avatars/robin.png" };
  for (const text of [
    "# IDENTITY.md\n\n- **Name:** Robin\n- **Creature:** a small bird\n- **Vibe:** quick\n- **Emoji:** 🐦\n- **Avatar:** avatars/robin.png\n",
    "Name: Robin\r\nCreature: a small bird\r\nEmoji: 🐦\r\nAvatar: `avatars/robin.png`\r\n",
    "* **Name**: _Robin_\n* **Theme**: a small bird\n* **Creature**: an owl\n* **Emoji**: 🐦\n* **Avatar**: avatars/robin.png",
  ])
    assert.deepEqual(parseIdentity(text), robin);
});

test("a template that nobody filled in says nothing", async () => {
  const template = await readFile(new URL("templates/IDENTITY.md", import.meta.url), "utf8");
  assert.deepEqual(parseIdentity(template), {});
  assert.deepEqual(parseIdentity("- **Name:** _(pick something)_\n- **Emoji:** [none yet]\n- **Vibe:** (?)"), {});
  assert.deepEqual(parseIdentity(`${"x".repeat(100_000)}: y`), {});
});

test("the configuration wins over the file, the file over nothing", async (t) => {
  const workspace = await mkdtemp(join(tmpdir(), "openclaw-identity-"));
  t.after(() => rm(workspace, { recursive: true }));
  const agent = {
    id: "main",
    name: "Assistant",
    isDefault: true,
    workspace,
    agentDir: "",
    identity: {},
    model: { fallbacks: [] },
  } satisfies Agent;
  assert.deepEqual(await resolveIdentity(agent), { name: "Assistant", nameSource: "default" });
  await writeFile(join(workspace, "IDENTITY.md"), "- **Name:** Robin\n- **Emoji:** 🐦\n");
  assert.deepEqual(await resolveIdentity(agent), { name: "Robin", emoji: "🐦", nameSource: "file" });
  assert.deepEqual(await resolveIdentity({ ...agent, configuredName: "Ada", identity: { emoji: "🦥" } }), {
    name: "Ada",
    emoji: "🦥",
    nameSource: "config",
  });
});

test("an IDENTITY.md that leads out of the workspace is none", async (t) => {
  const workspace = await mkdtemp(join(tmpdir(), "openclaw-identity-"));
  t.after(() => rm(workspace, { recursive: true }));
  await symlink("/etc/hostname", join(workspace, "IDENTITY.md"));
  assert.equal(await identityFile(workspace), undefined);
});
