import assert from "node:assert/strict";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test, type TestContext } from "node:test";
import { events as approvalEvents } from "../../packages/openclaw/src/features/approvals/events.ts";
import { methods as approvalMethods } from "../../packages/openclaw/src/features/approvals/methods.ts";
import { events as nodeEvents } from "../../packages/openclaw/src/features/nodes/events.ts";
import { methods as nodeMethods } from "../../packages/openclaw/src/features/nodes/methods.ts";
import { login, newDevice, type Client } from "./_client.ts";
import { manualClock } from "./_clock.ts";
import { openGateway, type Setup } from "./_gateway.ts";

const wired = { methods: [...approvalMethods, ...nodeMethods], events: [...approvalEvents, ...nodeEvents] };

async function open(t: TestContext, setup: Setup = {}) {
  const gateway = await openGateway(t, { ...wired, ...setup });
  const client = async (caps: readonly string[], scopes?: readonly string[]) => {
    const opened = await login(gateway.url, { caps, ...(scopes === undefined ? {} : { scopes }) });
    t.after(() => opened.close());
    return opened;
  };
  return { gateway, client };
}

const asked = (client: Client) => client.event("exec.approval.requested").then(({ payload }) => payload);

test("a question is answered by a client that can approve, and told to those with the right only", async (t) => {
  const { client } = await open(t);
  const asking = await client([], ["operator.approvals"]);
  const approver = await client(["approvals"], ["operator.approvals"]);
  const writer = await client(["approvals"], ["operator.read", "operator.write"]);
  const waiting = asking.request("exec.approval.request", { command: "uname -a", cwd: "/w", env: { TOKEN: "hidden" } });
  const question = await asked(approver);
  assert.equal(question.expiresAtMs - question.createdAtMs, 1_800_000);
  assert.deepEqual(question.request.allowedDecisions, ["allow-once", "allow-always", "deny"]);
  assert.deepEqual(question.request.envKeys, ["TOKEN"]);
  assert.equal(JSON.stringify(question).includes("hidden"), false);
  const [listed] = (await approver.request("exec.approval.list")).payload;
  assert.equal(listed.id, question.id);
  const shown = (await approver.request("exec.approval.get", { id: question.id })).payload;
  assert.deepEqual([shown.commandText, shown.host, shown.nodeId], ["uname -a", "gateway", null]);
  const also = approver.request("exec.approval.waitDecision", { id: question.id });
  const prefix = { id: question.id.slice(0, 8), decision: "allow-once" };
  assert.deepEqual((await approver.request("exec.approval.resolve", prefix)).payload, { ok: true });
  assert.equal((await waiting).payload.decision, "allow-once");
  assert.deepEqual([(await also).payload.decision, (await also).payload.terminalReason], ["allow-once", "user"]);
  const resolved = (await asking.event("exec.approval.resolved")).payload;
  assert.deepEqual([resolved.id, resolved.decision], [question.id, "allow-once"]);
  const again = await approver.request("exec.approval.resolve", { id: question.id, decision: "deny" });
  assert.deepEqual(
    [again.error?.message, again.error?.details?.["reason"]],
    ["approval already resolved", "APPROVAL_ALREADY_RESOLVED"],
  );
  assert.equal(writer.events("exec.approval.requested").length, 0);
  assert.equal((await writer.request("exec.approval.list")).error?.message, "missing scope: operator.approvals");
});

test("without anybody who could answer the decision is null at once", async (t) => {
  const { client } = await open(t);
  const asking = await client(["approvals"]);
  const withoutCap = await client([], ["operator.approvals"]);
  const withoutScope = await client(["exec-approvals"], ["operator.read"]);
  assert.equal((await asking.request("exec.approval.request", { command: "ls" })).payload.decision, null);
  withoutCap.close();
  withoutScope.close();
  await client(["exec-approvals"], ["operator.approvals"]);
  const waiting = asking.request("exec.approval.request", { command: "ls", timeoutMs: 100 });
  await asked(asking);
  assert.equal((await waiting).payload.decision, null);
  const ended = (await asking.event("exec.approval.resolved")).payload;
  assert.deepEqual([ended.decision, ended.resolvedBy], ["deny", null]);
});

test("in two phases the first answer is the id, the second the decision", async (t) => {
  const { client } = await open(t);
  const asking = await client([]);
  const approver = await client(["exec-approvals"], ["operator.approvals"]);
  const params = { command: "ls", twoPhase: true };
  asking.raw(JSON.stringify({ type: "req", id: "two", method: "exec.approval.request", params }));
  const first = (await asking.response("two", 0)).payload;
  assert.deepEqual([first.status, first.deliveryRoute], ["accepted", "approval-client"]);
  const wrong = await approver.request("exec.approval.resolve", { id: first.id, decision: "perhaps" });
  assert.equal(wrong.error?.message, "invalid decision");
  await approver.request("exec.approval.resolve", { id: first.id, decision: "deny" });
  assert.equal((await asking.response("two", 1)).payload.decision, "deny");
  const unknown = (await approver.request("exec.approval.resolve", { id: "nope", decision: "deny" })).error;
  assert.deepEqual(
    [unknown?.message, unknown?.details?.["reason"]],
    ["unknown or expired approval id", "APPROVAL_NOT_FOUND"],
  );
});

test("a question that nobody answers for half an hour is denied", async (t) => {
  const clock = manualClock();
  const { client } = await open(t, { clock });
  const asking = await client([]);
  const approver = await client(["approvals"], ["operator.approvals"]);
  const waiting = asking.request("exec.approval.request", { command: "ls" });
  const { id } = await asked(approver);
  for (let step = 0; step < 73; step += 1) {
    clock.advance(25_000);
    await Promise.all([asking, approver].map((one) => one.request("health")));
  }
  assert.equal((await waiting).payload.decision, null);
  const late = await approver.request("exec.approval.resolve", { id, decision: "allow-once" });
  assert.equal(late.error?.message, "unknown or expired approval id");
});

test("a question about a node names it and its plan", async (t) => {
  const { client } = await open(t);
  const asking = await client([]);
  await client(["approvals"]);
  const ask = (params: object) => asking.request("exec.approval.request", { command: "ls", host: "node", ...params });
  assert.equal((await ask({})).error?.message, "nodeId is required for host=node");
  assert.match((await ask({ nodeId: "n" })).error?.message ?? "", /systemRunPlan is required/);
});

test("the host's rules are read without the socket's token and written against their hash", async (t) => {
  const { gateway, client } = await open(t);
  const admin = await client([]);
  const plain = await client([], ["operator.read", "operator.write", "operator.approvals"]);
  assert.equal((await plain.request("exec.approvals.get")).error?.message, "missing scope: operator.admin");
  const path = join(gateway.state, "exec-approvals.json");
  const none = (await admin.request("exec.approvals.get")).payload;
  assert.deepEqual([none.exists, none.path, none.resolvedDefaults.askFallback], [false, path, "deny"]);
  await writeFile(path, JSON.stringify({ version: 1, socket: { path: "/s", token: "hidden" } }));
  const got = (await admin.request("exec.approvals.get")).payload;
  assert.deepEqual(got.file.socket, { path: "/s" });
  const file = { ...got.file, defaults: { security: "allowlist" } };
  const without = await admin.request("exec.approvals.set", { file });
  assert.equal(without.error?.message, "exec approvals base hash required; re-run exec.approvals.get and retry");
  const set = (await admin.request("exec.approvals.set", { file, baseHash: got.hash })).payload;
  assert.equal(set.resolvedDefaults.security, "allowlist");
  assert.equal(JSON.parse(await readFile(path, "utf8")).socket.token, "hidden");
  const stale = await admin.request("exec.approvals.set", { file, baseHash: got.hash });
  assert.match(stale.error?.message ?? "", /exec approvals changed since last load/);
});

interface Asked {
  readonly argv: readonly string[];
  readonly sessionKey?: string;
  readonly nodeId: string;
}

/** An approver, an owner that invokes, and a FAKE node that runs whatever it is sent. */
async function withNode(t: TestContext) {
  const { gateway, client } = await open(t);
  const owner = await client([]);
  const approver = await client(["approvals"]);
  const device = newDevice();
  const node = await login(gateway.url, {
    device,
    role: "node",
    scopes: [],
    client: { id: "node-host", mode: "node", platform: "linux" },
    change: (params) => Object.assign(params, { commands: ["system.run"] }),
  });
  t.after(() => node.close());
  const { requestId } = (await owner.event("node.pair.requested")).payload;
  await owner.request("node.pair.approve", { requestId });
  const approve = async (of: Asked, decision: string) => {
    const { argv, ...rest } = of;
    const params = { command: argv.join(" "), host: "node", systemRunPlan: { argv }, twoPhase: true, ...rest };
    owner.raw(JSON.stringify({ type: "req", id: `q${argv.join()}`, method: "exec.approval.request", params }));
    const { id } = (await owner.response(`q${argv.join()}`)).payload;
    await approver.request("exec.approval.resolve", { id, decision });
    await owner.response(`q${argv.join()}`, 1);
    return id as string;
  };
  let count = 0;
  const run = (of: Asked, approval: Record<string, unknown>) => {
    const { argv, nodeId, ...rest } = of;
    const params = { command: argv, ...rest, ...approval };
    const idempotencyKey = `k${(count += 1)}`;
    return owner.request("node.invoke", { nodeId, command: "system.run", params, idempotencyKey, timeoutMs: 300 });
  };
  const sent = () => JSON.parse(node.events("node.invoke.request").at(-1)?.payload.paramsJSON ?? "null");
  const reached = () => node.events("node.invoke.request").length;
  return { nodeId: device.id, approve, run, sent, reached };
}

test("an approval lets exactly one command run on exactly one node", async (t) => {
  const { nodeId, approve, run, sent, reached } = await withNode(t);
  const act = { argv: ["ls", "-l"], sessionKey: "agent:main:main", nodeId };
  const id = await approve(act, "allow-once");
  const yes = { approved: true, approvalDecision: "allow-once", runId: id };
  const wrong: readonly (readonly [string, Asked])[] = [
    ["other arguments", { ...act, argv: ["ls", "-la"] }],
    ["the same words as one", { ...act, argv: ["ls -l"] }],
    ["another session", { ...act, sessionKey: "agent:main:other" }],
  ];
  for (const [name, other] of wrong) {
    assert.equal((await run(other, yes)).error?.details?.["code"], "APPROVAL_MISMATCH", name);
    assert.equal(reached(), 0, name);
  }
  await run(act, yes);
  assert.deepEqual([reached(), sent().approved, sent().approvalDecision], [1, true, "allow-once"]);
  assert.equal((await run(act, yes)).error?.details?.["code"], "APPROVAL_USED", "a replay is refused");
  assert.equal(reached(), 1);
});

test("what the node gets beside the approved command says nothing else", async (t) => {
  const { nodeId, approve, run, sent, reached } = await withNode(t);
  const act = { argv: ["ls", "-l"], nodeId };
  const id = await approve(act, "allow-once");
  const yes = { approved: true, runId: id };
  const other = { ...yes, systemRunPlan: { argv: ["ls", "-l"] }, command: ["rm", "-rf", "x"] };
  const folder = { ...yes, systemRunPlan: { argv: ["ls", "-l"], cwd: "/a" }, cwd: "/b" };
  for (const twice of [other, folder]) {
    assert.equal((await run(act, twice)).error?.details?.["code"], "NODE_RUN_AMBIGUOUS");
    assert.equal(reached(), 0);
  }
  await run(act, { ...yes, systemRunPlan: { argv: ["ls", "-l"] }, rawCommand: "rm -rf x" });
  assert.deepEqual([reached(), sent().approved, sent().rawCommand], [1, true, undefined]);
});

test("an approval that was denied, or that nobody gave, is not passed on", async (t) => {
  const { nodeId, approve, run, sent, reached } = await withNode(t);
  const act = { argv: ["rm", "-rf", "x"], nodeId };
  const id = await approve(act, "deny");
  const claimed = await run(act, { approved: true, runId: id });
  assert.equal(claimed.error?.details?.["code"], "APPROVAL_MISMATCH");
  const invented = await run(act, { approved: true, runId: "invented" });
  assert.equal(invented.error?.message, "unknown or expired approval id");
  assert.equal(reached(), 0);
  await run(act, { approved: true, approvalDecision: "allow-always" });
  assert.deepEqual([reached(), sent().approved, sent().approvalDecision], [1, undefined, undefined]);
});
