import assert from "node:assert/strict";
import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import type { TestContext } from "node:test";
import { makeHome } from "./_run.ts";

/** A home with this configuration. */
async function homeWith(t: TestContext, config: string) {
  const home = await makeHome(t);
  mkdirSync(home.state, { mode: 0o700 });
  writeFileSync(home.config, config);
  const json = async (...args: string[]) => JSON.parse((await home.run(...args, "--json")).stdout);
  return { ...home, json };
}

test("agents lists every agent with its model, routes and workspace, the default one marked", async (t) => {
  const home = await homeWith(
    t,
    `{
      agents: { list: [{ id: "main", identity: { name: "Ada" } }, { id: "work", default: true, model: "anthropic/claude-opus-4-5", workspace: "~/desk" }] },
      bindings: [{ agentId: "work", match: { channel: "telegram" } }],
    }`,
  );
  const { stdout, code } = await home.run("agents");
  assert.equal(code, 0);
  assert.match(
    stdout,
    /^Id\s+Name\s+Model\s+Routes\s+Workspace\nmain\s+Ada\s+offline\/assistant\s+0\s+\S+\/workspace\n/,
  );
  assert.match(stdout, /^work \(default\)\s+work\s+anthropic\/claude-opus-4-5\s+1\s+\S+\/desk$/m);
  assert.equal((await home.run("agents", "list")).stdout, stdout);
  assert.match((await home.run("agents", "list", "--bindings")).stdout, /\nwork <- telegram\n$/);
  const [, work] = await home.json("agents", "list");
  assert.deepEqual(work, {
    id: "work",
    name: "work",
    identity: {},
    identitySource: "default",
    workspace: join(home.cwd, "desk"),
    agentDir: join(home.state, "agents/work/agent"),
    model: "anthropic/claude-opus-4-5",
    fallbacks: [],
    isDefault: true,
    routes: 1,
  });
});

test("an agent is added with its workspace and rules, keeps the first one, and is deleted into the trash", async (t) => {
  const home = await homeWith(t, `{\n  // kept\n  gateway: { mode: "local" },\n}\n`);
  const added = await home.run("agents", "add", "Work Desk", "--workspace", "desk", "--bind", "telegram:work");
  assert.equal(added.code, 0, added.stderr);
  assert.match(
    added.stdout,
    /^Added agent work-desk\.\nWorkspace: \S+\/desk \(made\)\nAdded: telegram accountId=work leads to work-desk\n/,
  );
  assert.match(added.stderr, /telegram is not configured;/);
  assert.ok(existsSync(join(home.cwd, "desk/BOOTSTRAP.md")));
  assert.match(readFileSync(home.config, "utf8"), /\/\/ kept/);
  const list = (await home.json("agents", "list")) as { id: string; isDefault: boolean }[];
  assert.deepEqual(
    list.map(({ id, isDefault }) => [id, isDefault]),
    [
      ["main", true],
      ["work-desk", false],
    ],
  );

  assert.match((await home.run("agents", "add", "work desk", "--workspace", "x")).stderr, /already exists/);
  assert.match((await home.run("agents", "add", "Main", "--workspace", "x")).stderr, /first agent/);
  assert.match((await home.run("agents", "add", "other")).stderr, /--workspace is needed/);
  assert.match((await home.run("agents", "add", "--workspace", "x")).stderr, /the agent needs a name/);
  const sharing = ["agents", "add", "other", "--workspace", "x", "--agent-dir", join(home.state, "agents/main/agent")];
  assert.match((await home.run(...sharing)).stderr, /never shared/);

  const refused = await home.run("agents", "delete", "work-desk");
  assert.equal(refused.code, 1);
  assert.match(refused.stderr, /--force/);
  assert.match((await home.run("agents", "delete", "main", "--force")).stderr, /default agent/);
  assert.match((await home.run("agents", "delete", "nobody", "--force")).stderr, /not found/);
  const deleted = await home.json("agents", "delete", "work-desk", "--force");
  assert.equal(deleted.removedBindings, 1);
  assert.deepEqual(
    deleted.removed.map(({ path }: { path: string }) => path),
    [join(home.cwd, "desk")],
  );
  assert.ok(!existsSync(join(home.cwd, "desk")));
  const [trashed = ""] = readdirSync(join(home.state, "trash"));
  assert.ok(existsSync(join(home.state, "trash", trashed, "BOOTSTRAP.md")));
  assert.deepEqual(await home.json("agents", "bindings"), []);
});

test("a workspace that another agent works in stays", async (t) => {
  const home = await homeWith(
    t,
    `{ agents: { list: [{ id: "a", workspace: "~/shared" }, { id: "b", workspace: "~/shared" }] } }`,
  );
  mkdirSync(join(home.cwd, "shared"));
  writeFileSync(join(home.cwd, "shared/mine"), "x");
  const outcome = await home.json("agents", "delete", "b", "--force");
  assert.deepEqual(
    [outcome.workspaceRetained, outcome.workspaceRetainedReason, outcome.workspaceSharedWith],
    [true, "shared", ["a"]],
  );
  assert.ok(existsSync(join(home.cwd, "shared/mine")));
});

test("rules are shown, added, narrowed to an account, refused when another has them, and taken away", async (t) => {
  const home = await homeWith(
    t,
    `{ agents: { list: [{ id: "main" }, { id: "work" }] }, channels: { telegram: {} }, bindings: [{ agentId: "main", match: { channel: "signal" } }] }`,
  );
  assert.equal((await home.run("agents", "bindings")).stdout, "main <- signal\n");
  const work = ["--agent", "work"];
  const first = await home.json("agents", "bind", ...work, "--bind", "telegram");
  assert.deepEqual(first, { ok: true, agentId: "work", added: ["telegram"], updated: [], skipped: [], conflicts: [] });
  const narrowed = await home.run("agents", "bind", ...work, "--bind", "telegram:desk");
  assert.equal(narrowed.stdout, "Updated: telegram accountId=desk leads to work\n");
  const taken = await home.run("agents", "bind", ...work, "--bind", "signal", "--bind", "telegram:desk");
  assert.equal(taken.code, 1);
  assert.match(taken.stderr, /signal leads to main/);
  assert.match(taken.stdout, /Already there: telegram accountId=desk/);
  assert.equal((await home.run("agents", "bindings", ...work)).stdout, "work <- telegram accountId=desk\n");
  assert.match((await home.run("agents", "unbind", ...work, "--all", "--bind", "signal")).stderr, /together/);
  assert.match((await home.run("agents", "unbind", ...work)).stderr, /--bind or --all/);
  assert.equal((await home.run("agents", "unbind", ...work, "--bind", "signal")).code, 1);
  assert.match((await home.run("agents", "unbind", ...work, "--all")).stdout, /Removed: telegram accountId=desk/);
  assert.equal((await home.run("agents", "bindings")).stdout, "main <- signal\n");
  assert.match((await home.run("agents", "bind", "--agent", "ghost", "--bind", "x")).stderr, /not found/);
});

test("who an agent is comes from flags, from IDENTITY.md, or from another file", async (t) => {
  const home = await homeWith(t, `{ agents: { defaults: { workspace: "~/desk" } } }`);
  mkdirSync(join(home.cwd, "desk"));
  writeFileSync(join(home.cwd, "desk/IDENTITY.md"), "- **Name:** Robin\n- **Vibe:** quick\n- **Emoji:** 🐦\n");
  const [before] = await home.json("agents", "list");
  assert.deepEqual([before.name, before.identitySource], ["Robin", "file"]);

  const set = await home.run("agents", "set-identity", "--from-identity", "--emoji", "🦜");
  assert.equal(set.stdout, "Set for main: name Robin, theme quick, emoji 🦜\n");
  const [after] = await home.json("agents", "list");
  assert.deepEqual(after.identity, { name: "Robin", theme: "quick", emoji: "🦜" });
  assert.equal(after.identitySource, "config");

  writeFileSync(join(home.cwd, "other.md"), "Name: Jay\nAvatar: pictures/jay.png\n");
  const byFolder = await home.json("agents", "set-identity", "--workspace", "desk", "--identity-file", "other.md");
  assert.deepEqual(
    [byFolder.agentId, byFolder.identity.name, byFolder.identity.avatar],
    ["main", "Jay", "pictures/jay.png"],
  );

  assert.match(
    (await home.run("agents", "set-identity", "--avatar", "../../secret.png")).stderr,
    /not in the workspace/,
  );
  assert.match((await home.run("agents", "set-identity")).stderr, /nothing to set/);
  assert.match((await home.run("agents", "set-identity", "--workspace", "elsewhere")).stderr, /no agent works in/);
  assert.match((await home.run("agents", "set-identity", "--identity-file", "none.md")).stderr, /cannot be read/);
});

test("two agents with one folder for their logins are refused", async (t) => {
  const home = await homeWith(
    t,
    `{ agents: { list: [{ id: "a", agentDir: "~/keys" }, { id: "b", agentDir: "~/keys/" }] } }`,
  );
  const { code, stderr } = await home.run("agents");
  assert.equal(code, 1);
  assert.match(stderr, /agents\.list\[0\]\.agentDir.*is the folder of agent "b" as well/);
});

test("setup says which workspace files it made, and the second time which it kept", async (t) => {
  const home = await makeHome(t);
  assert.match(
    (await home.run("setup")).stdout,
    /Created \S+\/workspace\n[\s\S]*Created \S+\/workspace\/BOOTSTRAP\.md\n/,
  );
  assert.match((await home.run("setup")).stdout, /Kept {4}\S+\/workspace\/SOUL\.md\n/);
});
