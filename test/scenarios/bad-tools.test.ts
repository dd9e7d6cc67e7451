/** Commands that print without end or never end. */
import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
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
