/** Commands that wait for a person's yes, on the built gateway: answered, refused, stopped, and cut off by a crash. */
import assert from "node:assert/strict";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test, type TestContext } from "node:test";
import { connect, type Gateway } from "../../packages/openclaw/src/client/index.ts";
import type { SeenRequest } from "../fakes/model-server.ts";
import { FakeTelegram } from "../fakes/telegram.ts";
import { TOKEN, type Overlay } from "../harness/gateway.ts";
import { ask, command, history, lastAsked, open, refusal, textOf, until, works, type World } from "./_bad.ts";

const ASKING: Overlay = { tools: { exec: { host: "gateway" } } };
const SCOPES = ["operator.read", "operator.write", "operator.approvals"];

interface Asked {
  readonly id: string;
  readonly request: { readonly command: string; readonly allowedDecisions: readonly string[]; readonly cwd: string };
}

/** A client of the owner; with caps it can be asked. */
async function client(t: TestContext, { place }: World, caps: readonly string[], scopes = SCOPES): Promise<Gateway> {
  const gateway = connect({
    url: `ws://127.0.0.1:${place.port}`,
    token: TOKEN,
    client: { id: "gateway-client", mode: "backend", version: "0", platform: process.platform },
    scopes,
    caps,
    reconnect: false,
  });
  t.after(() => gateway.close());
  await gateway.ready();
  return gateway;
}

/** Questions that a client was shown, as they come. */
function questions(gateway: Gateway): Asked[] {
  const seen: Asked[] = [];
  gateway.on("exec.approval.requested", (payload) => void seen.push(payload as Asked));
  return seen;
}

/** The model runs what it is told with `run: …` and repeats what came of it. */
function runsCommands(world: World): void {
  world.script = (request) => {
    const line = /^run: (.*)$/s.exec(lastAsked(request))?.[1];
    if (line === undefined) return undefined;
    const result = toolResult(request);
    if (result !== undefined) return { text: [`result: ${result}`] };
    return { calls: [{ id: "call_1", name: "exec", arguments: JSON.stringify({ command: line }) }] };
  };
}

function toolResult(request: SeenRequest): string | undefined {
  const messages = request.body["messages"] as { role: string; content: unknown }[];
  const since = messages.slice(messages.findLastIndex(({ role }) => role === "user"));
  const content = since.findLast(({ role }) => role === "tool")?.content;
  return content === undefined ? undefined : typeof content === "string" ? content : JSON.stringify(content);
}

async function begin(t: TestContext, overlay: Overlay = ASKING) {
  const world = await open(t, { overlay });
  runsCommands(world);
  const approver = await client(t, world, ["approvals", "tool-events"]);
  return { world, approver, asked: questions(approver) };
}

test("a command runs when somebody allows it, each time anew, and not when somebody denies it", async (t) => {
  const { world, approver, asked } = await begin(t);
  const phases: string[] = [];
  approver.on("agent", ({ stream, data }) => {
    if (stream === "lifecycle" && /approval/.test(String(data["phase"]))) phases.push(String(data["phase"]));
  });
  const marker = join(world.place.home, "ran");
  for (const [n, decision] of ["allow-once", "deny"].entries()) {
    const answer = ask(world.client, `run: touch ${marker}-${n}`);
    await until("it is asked", () => asked.length === n + 1);
    const question = asked[n] as Asked;
    assert.equal(question.request.command, `touch ${marker}-${n}`);
    assert.equal(existsSync(`${marker}-${n}`), false, "nothing runs before the answer");
    await approver.request("exec.approval.resolve", { id: question.id, decision });
    const said = await answer;
    assert.equal(existsSync(`${marker}-${n}`), decision === "allow-once", decision);
    if (decision === "deny") assert.match(said, /exec was not run: the owner denied it/);
    const replay = await refusal(
      approver.request("exec.approval.resolve", { id: question.id, decision: "allow-once" }),
    );
    assert.equal(replay.message, "approval already resolved");
  }
  const pair = ["waiting-approval", "approval-resolved"];
  assert.deepEqual(phases, [...pair, ...pair]);
  await works(world);
});

test("what is allowed for good is on the list of that agent and is not asked about again; a shell never is", async (t) => {
  const { world, approver, asked } = await begin(t);
  const first = ask(world.client, "run: uname -s");
  await until("it is asked", () => asked.length === 1);
  assert.deepEqual(asked[0]?.request.allowedDecisions, ["allow-once", "allow-always", "deny"]);
  await approver.request("exec.approval.resolve", { id: asked[0]?.id, decision: "allow-always" });
  assert.match(await first, /Linux|Darwin/);
  assert.match(await ask(world.client, "run: uname -s"), /Linux|Darwin/);
  assert.equal(asked.length, 1);
  const file = () => JSON.parse(readFileSync(join(world.place.state, "exec-approvals.json"), "utf8"));
  const [entry] = file().agents.main.allowlist;
  assert.match(entry.pattern, /\/uname$|coreutils/);
  assert.equal(entry.source, "allow-always");
  await until("its use is noted", () => file().agents.main.allowlist[0].lastUsedAt > 0);
  const piped = ask(world.client, "run: uname -s | cat");
  await until("the pipe is asked about", () => asked.length === 2);
  assert.deepEqual(asked[1]?.request.allowedDecisions, ["allow-once", "deny"]);
  await approver.request("exec.approval.resolve", { id: asked[1]?.id, decision: "deny" });
  await piped;
  const shown = await command(world.place, ["approvals", "get"]);
  assert.match(shown.stdout, /uname/);
});

test("without anybody to ask it is refused in the words that clients know", async (t) => {
  const world = await open(t, { overlay: ASKING });
  runsCommands(world);
  const said = await ask(world.client, "run: uname -s");
  assert.match(said, /exec denied: Headless runs cannot wait for interactive exec approval\./);
});

test("a script that is changed while somebody reads the question is asked about anew", async (t) => {
  const { world, approver, asked } = await begin(t);
  const marker = join(world.place.home, "ran");
  const script = join(world.place.home, "job.sh");
  writeFileSync(script, "true\n");
  const answer = ask(world.client, `run: sh ${script}`);
  await until("it is asked", () => asked.length === 1);
  writeFileSync(script, `touch ${marker}\n`);
  await approver.request("exec.approval.resolve", { id: asked[0]?.id, decision: "allow-once" });
  await until("it is asked anew", () => asked.length === 2);
  assert.equal(existsSync(marker), false);
  await approver.request("exec.approval.resolve", { id: asked[1]?.id, decision: "allow-once" });
  await answer;
  assert.equal(existsSync(marker), true, "what was shown last is what runs");
});

test("a stop ends the question with the run", async (t) => {
  const { world, approver, asked } = await begin(t);
  const ended: unknown[] = [];
  approver.on("exec.approval.resolved", (payload) => void ended.push(payload));
  const marker = join(world.place.home, "ran");
  await approver.request("chat.send", {
    sessionKey: "main",
    message: `run: touch ${marker}`,
    idempotencyKey: "stop-1",
  });
  await until("it is asked", () => asked.length === 1);
  await approver.request("chat.abort", { sessionKey: "main" });
  await until("the question has ended", () => ended.length === 1);
  const late = await refusal(approver.request("exec.approval.resolve", { id: asked[0]?.id, decision: "allow-once" }));
  assert.equal(late.message, "unknown or expired approval id");
  assert.equal(existsSync(marker), false);
  await works(world);
});

for (const how of ["kill", "stop"] as const)
  test(`a gateway that ends (${how}) while it waits runs nothing, and the model is told so`, async (t) => {
    const { world, approver, asked } = await begin(t);
    const marker = join(world.place.home, "ran");
    await approver.request("chat.send", {
      sessionKey: "main",
      message: `run: touch ${marker}`,
      idempotencyKey: "crash-1",
    });
    await until("it is asked", () => asked.length === 1);
    await world.restart(how);
    const after = await client(t, world, ["approvals"]);
    await until("the run goes on", async () =>
      (await history(world.client)).some((m) => textOf(m).startsWith("result: ")),
    );
    const last = (await history(world.client)).map(textOf).at(-1) ?? "";
    assert.match(last, /Not run: the gateway restarted while this waited for an approval/);
    const late = await refusal(after.request("exec.approval.resolve", { id: asked[0]?.id, decision: "allow-once" }));
    assert.equal(late.message, "unknown or expired approval id");
    assert.deepEqual(await after.request("exec.approval.list", {}), []);
    assert.equal(existsSync(marker), false);
    await works(world);
  });

test("whoever may write but not approve cannot answer, not even by a slash command", async (t) => {
  const { world, approver, asked } = await begin(t);
  const writer = await client(t, world, [], ["operator.read", "operator.write"]);
  const marker = join(world.place.home, "ran");
  const answer = ask(world.client, `run: touch ${marker}`);
  await until("it is asked", () => asked.length === 1);
  const id = asked[0]?.id ?? "";
  const denied = await refusal(writer.request("exec.approval.resolve", { id, decision: "allow-once" }));
  assert.equal(denied.message, "missing scope: operator.approvals");
  const finals: string[] = [];
  approver.on("chat", ({ state, message }) => {
    if (state === "final" && message !== undefined) finals.push(textOf(message));
  });
  const approve = { sessionKey: "main", message: `/approve ${id} allow-once` };
  await writer.request("chat.send", { ...approve, idempotencyKey: "slash-1" });
  await until("it is refused", () => finals.some((text) => text.includes("only an owner who may approve")));
  assert.equal(existsSync(marker), false);
  await approver.request("chat.send", { ...approve, idempotencyKey: "slash-2" });
  await answer;
  assert.equal(existsSync(marker), true, "the same words from somebody who may");
});

test("a damaged file of rules denies, and doctor says so", async (t) => {
  const { world, asked } = await begin(t);
  writeFileSync(join(world.place.state, "exec-approvals.json"), "{ broken");
  assert.match(await ask(world.client, "run: uname -s"), /running commands is switched off/);
  assert.equal(asked.length, 0);
  const doctor = await command(world.place, ["doctor"]);
  assert.match(doctor.stdout, /exec-approvals\.json cannot be understood/);
});

test("an owner is asked in Telegram and answers there", async (t) => {
  const telegram = await FakeTelegram.start();
  t.after(() => telegram.stop());
  const world = await open(t, {
    overlay: {
      ...ASKING,
      approvals: { exec: { enabled: true, mode: "session" } },
      commands: { ownerAllowFrom: ["11"] },
      channels: {
        telegram: {
          botToken: telegram.token,
          apiRoot: telegram.url,
          dmPolicy: "allowlist",
          allowFrom: ["11"],
          streaming: "off",
        },
      },
    },
  });
  runsCommands(world);
  await until("the bot polls", () => telegram.polling);
  telegram.inject({ chat: 11, text: "run: uname -s" });
  await until("it is asked", () => telegram.sent.some(({ text }) => text.includes("waits for your yes")));
  const card = telegram.sent.find(({ text }) => text.includes("waits for your yes"))?.text ?? "";
  assert.match(card, /uname -s/);
  const id = /\/approve ([0-9a-f]{8})/.exec(card)?.[1] ?? "";
  telegram.inject({ chat: 11, text: `/approve ${id} allow-once` });
  await until("it ran", () => telegram.sent.some(({ text }) => /result: .*(Linux|Darwin)/.test(text)));
  assert.ok(telegram.sent.some(({ text }) => text.includes("Allowed once")));
});
