/** Nodes on the built gateway, looked after from the command line as a person does it. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { memoryStore } from "../../packages/openclaw/src/client/index.ts";
import { startFakeNode, type FakeNodeOptions } from "../fakes/node.ts";
import { TOKEN } from "../harness/gateway.ts";
import { command, history, open, textOf, until, works, type World } from "./_bad.ts";

const COMMANDS: FakeNodeOptions["commands"] = {
  "device.info": () => ({ payload: { model: "none" } }),
  "camera.snap": () => ({ error: { code: "CAMERA_DISABLED", message: "Camera disabled by user" } }),
  "screen.snapshot": () => "silence",
  "system.notify": (params) => ({ payload: params }),
};

const url = ({ place }: World) => `ws://127.0.0.1:${place.port}`;

/** The command's JSON; the command must have succeeded. */
async function said(world: World, ...args: string[]): Promise<any> {
  const ended = await command(world.place, [...args, "--json"]);
  assert.equal(ended.code, 0, ended.stderr);
  return JSON.parse(ended.stdout);
}

test("a phone is approved, named, used and removed from the command line", async (t) => {
  const world = await open(t);
  const phone = await startFakeNode({ url: url(world), token: TOKEN, platform: "ios", commands: COMMANDS });
  t.after(() => phone.close());
  const { pending } = await said(world, "nodes", "pending");
  assert.deepEqual(pending[0].commands, ["device.info", "screen.snapshot", "system.notify"]);
  const shown = await command(world.place, ["nodes", "pending"]);
  assert.match(shown.stdout, /openclaw nodes approve [0-9a-f-]{36}/);
  await said(world, "nodes", "approve", pending[0].requestId);
  await until("the phone knows", () => phone.resolved.some(({ decision }) => decision === "approved"));
  await said(world, "nodes", "rename", "--name", "Pocket");
  const { nodes } = await said(world, "nodes", "status", "--connected");
  assert.deepEqual([nodes.length, nodes[0].displayName], [1, "Pocket"]);
  const info = await said(world, "nodes", "invoke", "--node", "pocket", "--command", "device.info");
  assert.deepEqual(info.payload, { model: "none" });
  const notified = await said(world, "nodes", "notify", "--title", "Tea", "--body", "It is ready");
  assert.deepEqual(notified.payload, { title: "Tea", body: "It is ready" });
  const slow = await command(world.place, [
    "nodes",
    "invoke",
    "--command",
    "screen.snapshot",
    "--invoke-timeout",
    "300",
  ]);
  assert.deepEqual([slow.code, /TIMEOUT: node invoke timed out/.test(slow.stderr)], [1, true]);
  const blocked = await command(world.place, ["nodes", "invoke", "--command", "camera.snap"]);
  assert.match(blocked.stderr, /is not in the allowlist for platform "ios"/);
  const run = await command(world.place, ["nodes", "invoke", "--command", "system.run"]);
  assert.match(run.stderr, /cannot be invoked directly/);
  await said(world, "nodes", "remove", "--node", "Pocket");
  const after = await command(world.place, ["nodes", "invoke", "--command", "device.info"]);
  assert.match(after.stderr, /is not approved for this node/);
  await works(world);
});

test("approvals and names survive a restart of the gateway", async (t) => {
  const world = await open(t);
  const store = memoryStore();
  const first = await startFakeNode({ url: url(world), token: TOKEN, store, platform: "ios", commands: COMMANDS });
  const { pending } = await said(world, "nodes", "pending");
  await said(world, "nodes", "approve", pending[0].requestId);
  first.close();
  await world.restart("kill");
  const { nodes } = await said(world, "nodes", "status");
  assert.deepEqual([nodes[0].paired, nodes[0].connected], [true, false]);
  const again = await startFakeNode({ url: url(world), token: TOKEN, store, platform: "ios", commands: COMMANDS });
  t.after(() => again.close());
  assert.deepEqual((await said(world, "nodes", "pending")).pending, []);
  assert.deepEqual((await said(world, "nodes", "invoke", "--command", "device.info")).payload, { model: "none" });
});

test("what a node asks of the assistant is answered with a guest's rights", async (t) => {
  const world = await open(t);
  const tools: string[][] = [];
  world.script = (request) => {
    const given = (request.body["tools"] ?? []) as { function: { name: string } }[];
    tools.push(given.map((tool) => tool.function.name));
    return undefined;
  };
  const phone = await startFakeNode({ url: url(world), token: TOKEN, platform: "ios", commands: COMMANDS });
  t.after(() => phone.close());
  const request = { message: "what is the time?", sessionKey: "agent:main:phone" };
  const early = (await phone.event("agent.request", request)) as { handled: boolean };
  assert.equal(early.handled, false, "not before its approval");
  const { pending } = await said(world, "nodes", "pending");
  await said(world, "nodes", "approve", pending[0].requestId);
  const answer = (await phone.event("agent.request", request)) as { handled: boolean };
  assert.equal(answer.handled, true);
  await until("it is answered", async () =>
    (await history(world.client, "agent:main:phone")).some((m) => textOf(m) === "answer to what is the time?"),
  );
  assert.equal(tools.length, 1);
  assert.equal(tools[0]?.includes("exec") || tools[0]?.includes("write"), false, `got ${String(tools[0])}`);
  await works(world);
  assert.equal(tools[1]?.includes("exec"), true, "the owner has them all the same");
});

test("a node is told which programs skills need", async (t) => {
  const world = await open(t);
  const laptop = await startFakeNode({ url: url(world), token: TOKEN, platform: "linux", commands: COMMANDS });
  t.after(() => laptop.close());
  const { bins } = (await laptop.gateway.request("skills.bins", {})) as { bins: string[] };
  assert.ok(bins.includes("git") && bins.includes("ffmpeg"), bins.join(" "));
});

test("the rules of a node for commands are edited through the gateway", async (t) => {
  const world = await open(t);
  let file: unknown = { version: 1, agents: {} };
  const host = await startFakeNode({
    url: url(world),
    token: TOKEN,
    displayName: "Host",
    commands: {
      "system.execApprovals.get": () => ({ payload: { path: "/n", exists: true, hash: "h1", file } }),
      "system.execApprovals.set": (params) => {
        const { file: next, baseHash } = params as { file: unknown; baseHash: string };
        if (baseHash !== "h1") return { error: { code: "INVALID_REQUEST", message: "changed" } };
        file = next;
        return { payload: { path: "/n", exists: true, hash: "h2", file } };
      },
    },
  });
  t.after(() => host.close());
  const { pending } = await said(world, "nodes", "pending");
  assert.deepEqual(pending[0].requiredApproveScopes, ["operator.pairing", "operator.admin"]);
  await said(world, "nodes", "approve", pending[0].requestId);
  await said(world, "approvals", "allowlist", "add", "/usr/bin/git", "--agent", "main", "--node", "Host");
  assert.deepEqual(file, { version: 1, agents: { main: { allowlist: [{ pattern: "/usr/bin/git" }] } } });
  const shown = await said(world, "approvals", "get", "--node", "Host");
  assert.deepEqual(shown.file, file);
});

test("the rules of this machine are edited without a gateway and with one", async (t) => {
  const world = await open(t);
  await said(world, "approvals", "allowlist", "add", "/usr/bin/git", "--agent", "main");
  await said(world, "approvals", "allowlist", "add", "/usr/bin/make", "--agent", "main", "--gateway");
  const { file } = await said(world, "approvals", "get", "--gateway");
  const patterns = file.agents.main.allowlist.map((entry: { pattern: string }) => entry.pattern);
  assert.deepEqual(patterns, ["/usr/bin/git", "/usr/bin/make"]);
  await said(world, "approvals", "allowlist", "remove", "/usr/bin/git", "--agent", "main");
  const shown = await command(world.place, ["approvals", "get"]);
  assert.match(shown.stdout, /usr\/bin\/make/);
  assert.doesNotMatch(shown.stdout, /usr\/bin\/git/);
});
