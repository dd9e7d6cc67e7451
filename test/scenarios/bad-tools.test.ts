/** Calls that no tool can make sense of; commands that print without end, never end or multiply. */
import assert from "node:assert/strict";
import { existsSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import type { SeenRequest } from "../fakes/model-server.ts";
import { residentMb } from "../harness/gateway.ts";
import { isAlive } from "../harness/processes.ts";
import { ask, history, lastAsked, open, textOf, until, wholeLines, works } from "./_bad.ts";
import type { World } from "./_bad.ts";

/** The model answers a message `run: <command>` by running it, then says what came of it. */
function runsCommands(world: World): void {
  world.script = (request) => {
    const command = /^run: (.*)$/s.exec(lastAsked(request))?.[1];
    if (command === undefined) return undefined;
    if (toolResult(request) !== undefined) return { text: ["it ran"] };
    return { calls: [{ id: "call_1", name: "exec", arguments: JSON.stringify({ command }) }] };
  };
}

/** What the model was told of the newest tool call, if anything since the person's last message. */
function toolResult(request: SeenRequest): string | undefined {
  const messages = request.body["messages"] as { role: string; content: unknown }[];
  const since = messages.slice(messages.findLastIndex(({ role }) => role === "user"));
  const result = since.findLast(({ role }) => role === "tool");
  return result === undefined ? undefined : JSON.stringify(result.content);
}

test("a command that prints 100 MB is shown by its end and costs the gateway no memory", async (t) => {
  const world = await open(t);
  runsCommands(world);
  await works(world);
  const before = residentMb(world.gateway.pid);
  let most = before;
  const watch = setInterval(() => (most = Math.max(most, gatewayMb(world))), 25);
  const answer = await ask(
    world.client,
    "run: yes 0123456789abcdefghijklmnopqrstu | head -c 104857600; echo; echo the very end",
  );
  clearInterval(watch);
  assert.equal(answer, "it ran");
  const grown = Math.round(most - before);
  assert.ok(grown < 60, `grew by ${grown} MB`);
  t.diagnostic(`grew by ${grown} MB`);
  const told = toolResult(world.model.requests.at(-1) as SeenRequest) ?? "";
  assert.match(told, /The end of 1048576\d\d bytes of output/);
  assert.ok(told.includes("the very end"));
  assert.ok(told.length < 250_000, `the model was told ${told.length} characters`);
  assert.ok(wholeLines(world.place).every((line) => JSON.stringify(line).length < 1_000_000));
  await works(world);
});

/** The gateway alone, without what it runs. */
function gatewayMb(world: World): number {
  const status = readFileSync(`/proc/${world.gateway.pid}/status`, "utf8");
  return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1024;
}

test("a command that never ends and its children are gone after a stop, and the conversation goes on", async (t) => {
  const world = await open(t);
  runsCommands(world);
  const pids = join(world.place.home, "pids");
  const stubborn = `trap '' TERM INT; echo $$ >>${pids}; (trap '' TERM; echo $BASHPID >>${pids}; while :; do sleep 1; done) & sleep 1000`;
  await world.client.request("chat.send", {
    sessionKey: "main",
    message: `run: bash -c ${JSON.stringify(stubborn).replaceAll("$", "\\$")}`,
    idempotencyKey: "endless-1",
  });
  await until("the command and its child run", () => started(pids).length === 2);

  const stopped = await world.client.request("chat.abort", { sessionKey: "main" });
  assert.deepEqual(stopped.runIds, ["endless-1"]);
  await world.client.request("agent.wait", { runId: "endless-1", timeoutMs: 5000 });
  await until("its processes are gone", () => !started(pids).map(Number).some(isAlive));

  await works(world, "after");
  assert.deepEqual((await history(world.client)).map(textOf).slice(-2), ["after", "answer to after"]);
});

function started(path: string): string[] {
  return existsSync(path) ? readFileSync(path, "utf8").trim().split("\n") : [];
}

/** What the model was told of each call since the person's last message, in order. */
function toldOf(request: SeenRequest): string[] {
  const messages = request.body["messages"] as { role: string; content: unknown }[];
  const since = messages.slice(messages.findLastIndex(({ role }) => role === "user"));
  return since.filter(({ role }) => role === "tool").map(({ content }) => JSON.stringify(content));
}

test("calls that no tool can make sense of are answered in words that help, each one, and the run goes on", async (t) => {
  const world = await open(t);
  const calls: readonly (readonly [name: string, args: string, told: RegExp])[] = [
    ["read", "{ path: 'notes.md'", /read.*arguments.*not a JSON object/],
    ["read", "[1,2]", /read.*arguments/],
    ["read", "", /read.*path/],
    ["read", "null", /read.*arguments|read.*path/],
    ["read", "{}", /read.*path/],
    ["read", '{"path":17}', /read.*path/],
    ["write", '{"path":"a.md","content":"written","surprise":{"deep":[1]}}', /surprise|a\.md/],
    ["read", `{"path":"a.md","__proto__":{"confined":false},"constructor":1}`, /a\.md|constructor|proto/],
    ["no_such_tool", "{}", /no_such_tool/],
    ["../../exec", "{}", /exec/],
    ["toString", "{}", /toString/],
    ["camera_roll", '{"a":1}', /camera_roll/],
  ];
  world.script = (request) => {
    if (!lastAsked(request).includes("try them all")) return undefined;
    if (toldOf(request).length > 0) return { text: ["tried"] };
    const nameless = { id: "call_nameless", name: "", arguments: "{}" };
    return { calls: [...calls.map(([name, args], at) => ({ id: `call_${at}`, name, arguments: args })), nameless] };
  };
  assert.equal(await ask(world.client, "try them all"), "tried");
  const told = toldOf(world.model.requests.at(-1) as SeenRequest);
  assert.equal(told.length, calls.length);
  for (const [at, [name, args, expected]] of calls.entries()) {
    assert.match(told[at] ?? "", expected, `${name} ${args}`);
    assert.doesNotMatch(told[at] ?? "", /undefined|\[object|\n\s+at /, `${name} ${args}`);
    t.diagnostic(`${name} ${args.slice(0, 40)} → ${told[at]}`);
  }
  await works(world);
});

test("arguments of ten megabytes are taken or refused, and neither memory nor the conversation suffers", async (t) => {
  const model = { id: "fake-1", name: "Fake", input: ["text"], contextWindow: 200_000, maxTokens: 8192 };
  const world = await open(t, { overlay: { models: { providers: { fake: { models: [model] } } } } });
  const long = "x".repeat(10_000_000);
  world.script = (request) => {
    const asked = /^long (\w+)$/.exec(lastAsked(request))?.[1];
    if (asked === undefined) return undefined;
    if (toolResult(request) !== undefined) return { text: ["done"] };
    const args = { write: { path: "long.txt", content: long }, read: { path: long }, exec: { command: `: ${long}` } };
    return { calls: [{ id: `call_${asked}`, name: asked, arguments: JSON.stringify(args[asked as "read"]) }] };
  };
  await works(world);
  const before = residentMb(world.gateway.pid);
  for (const tool of ["write", "read", "exec"]) {
    assert.equal(await ask(world.client, `long ${tool}`), "done", tool);
    const request = world.model.requests.at(-1) as SeenRequest;
    t.diagnostic(`${tool}: ${toolResult(request)?.slice(0, 200)}; asked with ${request.raw.length} bytes`);
    assert.ok((toolResult(request) ?? "").length < 20_000);
    assert.ok(request.raw.length < 1_000_000, `${tool}: asked with ${request.raw.length} bytes`);
  }
  assert.equal(readFileSync(join(world.place.home, "workspace", "long.txt"), "utf8").length, long.length);
  await works(world, "after");
  t.diagnostic(`grew by ${Math.round(residentMb(world.gateway.pid) - before)} MB`);
});

test("a command that multiplies is ended with all that it started", async (t) => {
  const world = await open(t);
  runsCommands(world);
  const mark = `openclaw-many-${process.pid}`;
  const many = `f() { if [ $1 -gt 0 ]; then f $(($1 - 1)) & f $(($1 - 1)) & fi; exec -a ${mark} sleep 500; }; f 5; wait`;
  const script = join(world.place.home, "many.sh");
  writeFileSync(script, many);
  await world.client.request("chat.send", {
    sessionKey: "main",
    message: `run: bash ${script}`,
    idempotencyKey: "many-1",
  });
  await until("it has multiplied", () => called(mark).length > 50);
  await world.client.request("chat.abort", { sessionKey: "main" });
  await until("none of them is left", () => called(mark).length === 0);
  await works(world, "after");
});

/** Processes with this name as their first argument. */
function called(name: string): string[] {
  return readdirSync("/proc").filter((pid) => {
    try {
      return readFileSync(`/proc/${pid}/cmdline`, "utf8").startsWith(name);
    } catch {
      return false;
    }
  });
}
