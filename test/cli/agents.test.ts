import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { makeHome } from "./_run.ts";

test("agents lists every agent with its model, routes and workspace, the default one marked", async (t) => {
  const home = await makeHome(t);
  mkdirSync(home.state, { mode: 0o700 });
  writeFileSync(
    home.config,
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
  const [, work] = JSON.parse((await home.run("agents", "list", "--json")).stdout);
  assert.deepEqual(work, {
    id: "work",
    name: "work",
    identity: {},
    workspace: join(home.cwd, "desk"),
    model: "anthropic/claude-opus-4-5",
    fallbacks: [],
    isDefault: true,
    routes: 1,
  });
});
