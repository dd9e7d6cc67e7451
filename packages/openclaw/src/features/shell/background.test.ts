/** Commands in the background: asked, written to, ended. */
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, it, type TestContext } from "node:test";
import { call, textOf } from "../../../../../test/conformance/testTool.ts";
import { toolWorld } from "../../../../../test/conformance/toolWorld.ts";
import { isAlive, isGroupAlive } from "../../../../../test/harness/processes.ts";
import type { Provider } from "../../contracts/service.ts";
import type { Tool, ToolContext, ToolResult } from "../../contracts/tool.ts";
import { services as own } from "./service.ts";
import { tools } from "./tools.ts";

const services = own as readonly Provider[];
const [exec, processTool] = ["exec", "process"].map((name) => tools.find((tool) => tool.name === name)) as [Tool, Tool];
const details = (result: ToolResult) => result.details as Record<string, unknown>;

/** A command in the background and a way to speak to it. */
async function background(t: TestContext, command: string, over: Partial<ToolContext> = {}) {
  const world = await toolWorld(t, { services });
  const started = await call(exec, { command, background: true }, world, world.context(over));
  const sessionId = String(details(started)["sessionId"]);
  const ask = (params: object, context = world.context()) =>
    call(processTool, { sessionId, ...params }, world, context);
  return { world, sessionId, ask };
}

describe("a command in the background", () => {
  it("is polled for what is new, and for its end", async (t) => {
    const { ask } = await background(t, "sleep 0.5; echo one; read x; echo got $x; exit 4");
    assert.match(textOf(await ask({ action: "poll", timeout: 5000 })), /^one\n\n\(running\)$/);
    assert.match(textOf(await ask({ action: "poll" })), /^\(nothing new\)/);
    await ask({ action: "submit", data: "Enter" });
    let said = "";
    while (!said.includes("exit code")) said += textOf(await ask({ action: "poll", timeout: 5000 }));
    assert.match(said, /got Enter[\s\S]*\(exit code 4\)$/);
  });

  it("takes keys, and the end of its input", async (t) => {
    const { ask } = await background(t, "cat > typed; echo done");
    await ask({ action: "send-keys", keys: ["a", "Tab", "b", "Enter", "C-d"] });
    let said = "";
    while (!said.includes("exit code 0")) said += textOf(await ask({ action: "poll", timeout: 5000 }));
    const world = await ask({ action: "send-keys", keys: ["Up"] });
    assert.match(textOf(world), /has ended/);
  });

  it("takes the keys of a keyboard on a terminal", async (t) => {
    const world = await toolWorld(t, { services });
    const command = "trap 'echo interrupted; exit 5' INT; echo ready; while :; do sleep 0.1; done";
    const started = await call(exec, { command, pty: true, background: true }, world);
    const sessionId = String(details(started)["sessionId"]);
    const ask = (params: object) => call(processTool, { sessionId, ...params }, world);
    const said = async (wanted: RegExp) => {
      let all = "";
      for (let n = 0; n < 50 && !wanted.test(all); n += 1) all += textOf(await ask({ action: "poll", timeout: 200 }));
      assert.match(all, wanted);
    };
    await said(/ready/);
    await ask({ action: "send-keys", keys: ["C-c"] });
    await said(/interrupted[\s\S]*exit code 5/);
  });

  it("ends what has a terminal with everything that it started", async (t) => {
    const world = await toolWorld(t, { services });
    const command = "setsid sleep 300 & echo $!; sleep 300";
    const started = await call(exec, { command, pty: true, yieldMs: 500 }, world);
    const pid = Number(/^(\d+)$/m.exec(String(details(started)["tail"]))?.[1]);
    assert.ok(isAlive(pid));
    await call(processTool, { action: "kill", sessionId: details(started)["sessionId"] }, world);
    assert.equal(isAlive(pid), false);
  });

  it("shows its lines in windows", async (t) => {
    const { ask } = await background(t, "read x; seq 1 500");
    await ask({ action: "submit", data: "now" });
    let said = "";
    while (!said.includes("exit code 0")) said += textOf(await ask({ action: "poll", timeout: 5000 }));
    assert.match(textOf(await ask({ action: "log" })), /^301\n[\s\S]*\n500\n\n\[Lines 301–500 of 500/);
    assert.match(textOf(await ask({ action: "log", offset: 10, limit: 2 })), /^10\n11\n\n\[Lines 10–11 of 500/);
    assert.match(textOf(await ask({ action: "log", offset: 499 })), /^499\n500\n\n\[Lines 499–500/);
    assert.match(textOf(await ask({ action: "log", limit: 1 })), /^1\n\n\[Lines 1–1/);
  });

  it("is listed, ended with all its children, and forgotten", async (t) => {
    const { world, ask, sessionId } = await background(t, "echo $$ > pid; sleep 60 & sleep 60");
    assert.match(textOf(await ask({ action: "list" })), new RegExp(`^${sessionId}  running  .*sleep 60`));
    assert.match(textOf(await ask({ action: "clear" })), /still running/);
    const pid = await eventually(() => readFile(join(world.workspace, "pid"), "utf8"));
    assert.match(textOf(await ask({ action: "kill" })), /\(ended: killed\)$/);
    assert.equal(await isGroupAlive(Number(pid)), false);
    assert.match(textOf(await ask({ action: "clear" })), /^Forgot/);
    assert.match(textOf(await ask({ action: "poll" })), /no command with/);
  });

  it("lives on when the run that started it is stopped", async (t) => {
    const stop = new AbortController();
    const { ask } = await background(t, "exec sleep 60", { signal: stop.signal });
    stop.abort();
    assert.match(textOf(await ask({ action: "poll" })), /\(running\)$/);
  });

  it("is invisible to another agent", async (t) => {
    const { world, ask } = await background(t, "exec sleep 60");
    const other = world.context({ agentId: "other" });
    assert.match(textOf(await ask({ action: "list" }, other)), /^No commands/);
    assert.match(textOf(await ask({ action: "kill" }, other)), /no command with/);
  });

  it("ends with the gateway", async (t) => {
    const { world } = await background(t, "echo $$ > pid; trap '' TERM; sleep 60");
    const pid = await eventually(() => readFile(join(world.workspace, "pid"), "utf8"));
    await world.scope.close();
    assert.equal(await isGroupAlive(Number(pid)), false);
  });

  it("cannot be written to unless it was started for that", async (t) => {
    const world = await toolWorld(t, { services });
    const started = await call(exec, { command: "exec sleep 60", yieldMs: 1 }, world);
    const said = textOf(
      await call(processTool, { action: "write", sessionId: String(details(started)["sessionId"]), data: "x" }, world),
    );
    assert.match(said, /input closed/);
  });
});

async function eventually(read: () => Promise<string>): Promise<string> {
  for (let i = 0; i < 1000; i += 1) {
    const text = await read().catch(() => "");
    if (text !== "") return text.trim();
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error("it never came");
}
