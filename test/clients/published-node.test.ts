/** The published node host, unchanged, as a node of this gateway; approved and used from the published command line. */
import { after, before, test } from "node:test";
import assert from "node:assert/strict";
import { startModelServer } from "../fakes/model-server.ts";
import { login, makePlace, start } from "../harness/gateway.ts";
import type { Place, Running } from "../harness/gateway.ts";
import { installPublished, noTerminal, publishedClient, type PublishedClient } from "./_published.ts";

const missing = noTerminal() ?? installPublished();
const options = { skip: missing ?? false };

let place: Place;
let running: Running;
let client: PublishedClient;
let host: PublishedClient;
let program: ReturnType<PublishedClient["terminal"]>;
let closeModel = async () => {};

before(async () => {
  if (missing !== undefined) return;
  const model = await startModelServer({ api: "openai-completions", script: { text: ["hello"] } });
  closeModel = () => model.close();
  place = await makePlace(model.url);
  running = await start(place);
  client = publishedClient(place.port);
  host = publishedClient(place.port);
  program = host.terminal("node", "run", "--host", "127.0.0.1", "--port", String(place.port), "--display-name", "Box");
});

after(async () => {
  if (missing !== undefined) return;
  await program.end();
  await running.stop();
  await closeModel();
  client.end();
  host.end();
  place.end();
});

interface Pending {
  readonly requestId: string;
  readonly nodeId: string;
  readonly commands: readonly string[];
}

/** Every published command takes seconds, so one test goes the whole way. */
test("the published node host is approved and runs commands", options, async () => {
  const owner = login(place);
  await owner.ready();
  const { requestId, nodeId, commands } = await firstRequest(owner);
  assert.ok(commands.includes("system.run"), program.screen());

  const pending = await client.run("nodes", "pending");
  assert.match(pending.stdout, new RegExp(requestId));
  const approve = await client.run("nodes", "approve", requestId);
  assert.equal(approve.code, 0, approve.stderr);
  const which = ["--command", "system.which", "--params", '{"bins":["sh"]}'];
  const invoked = await client.run("nodes", "invoke", "--node", "Box", ...which);
  assert.match(invoked.stdout, /"sh": "\/.*sh"/, invoked.stderr);
  const status = await client.run("nodes", "status");
  assert.match(status.stdout, /Known: 1 · Paired: 1 · Connected: 1/);
  const rules = await client.run("approvals", "get", "--node", "Box");
  assert.equal(rules.code, 0, rules.stderr);

  const run = (await owner.request("node.invoke", {
    nodeId,
    command: "system.run",
    params: { command: ["uname", "-s"] },
    idempotencyKey: "published-run",
  })) as { payload: { stdout: string; exitCode: number } };
  assert.deepEqual([run.payload.exitCode, run.payload.stdout.trim() !== ""], [0, true]);

  const removed = await client.run("nodes", "remove", "--node", "Box");
  assert.equal(removed.code, 0, removed.stderr);
  const refused = await client.run("nodes", "invoke", "--node", "Box", ...which);
  assert.match(refused.stderr, /is not approved for this node/);
  owner.close();
});

test("the published command line edits the host's rules through the gateway", options, async () => {
  const added = await client.run("approvals", "allowlist", "add", "/usr/bin/git", "--agent", "main", "--gateway");
  assert.equal(added.code, 0, added.stderr);
  const shown = await client.run("approvals", "get", "--gateway");
  assert.match(shown.stdout, /\/usr\/bin\/git/);
});

async function firstRequest(owner: ReturnType<typeof login>): Promise<Pending> {
  for (const begun = performance.now(); performance.now() - begun < 60_000;) {
    const { pending } = (await owner.request("node.pair.list", {})) as { pending: readonly Pending[] };
    if (pending[0] !== undefined) return pending[0];
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return assert.fail(`the node host did not come:\n${program.screen()}`);
}
