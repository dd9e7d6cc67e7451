import assert from "node:assert/strict";
import { describe, it, type TestContext } from "node:test";
import { systemRandom } from "../../base/ids.ts";
import { Scope } from "../../base/scope.ts";
import type { Exit, SpawnOptions } from "../../base/spawn.ts";
import { systemClock, type Clock } from "../../base/time.ts";
import { LIMITS, ProcessRegistry, type Limits } from "./_registry.ts";
import type { StartOptions } from "./index.ts";

/** Fake processes: they end when told to, or when killed. */
function fakeSpawn() {
  const started: { options: SpawnOptions; end: (exit: Exit) => void; killed: number; input: string }[] = [];
  const spawn = async (options: SpawnOptions) => {
    let end: (exit: Exit) => void = () => {};
    const exit = new Promise<Exit>((resolve) => (end = resolve));
    const one = { options, end, killed: 0, input: "" };
    started.push(one);
    const kill = async () => {
      one.killed += 1;
      end({ code: null, signal: "SIGTERM" });
    };
    return {
      pid: 1000 + started.length,
      exit,
      write: (data: string) => void (one.input += data),
      endInput: () => {},
      kill,
    };
  };
  return { spawn, started };
}

/** Fake clock: timers fire when the test says so. */
function fakeClock() {
  const timers: { at: number; fire: () => void }[] = [];
  let now = 0;
  const clock: Clock = {
    ...systemClock,
    now: () => now,
    timer: (ms, fire) => {
      const timer = { at: now + ms, fire };
      timers.push(timer);
      return () => void timers.splice(timers.indexOf(timer), 1);
    },
  };
  const pass = (ms: number) => {
    now += ms;
    for (const timer of timers.filter(({ at }) => at <= now)) {
      timers.splice(timers.indexOf(timer), 1);
      timer.fire();
    }
  };
  return { clock, pass };
}

function make(t: TestContext, limits: Partial<Limits> = {}) {
  const { clock, pass } = fakeClock();
  const { spawn, started } = fakeSpawn();
  const scope = new Scope(systemClock, "test");
  t.after(() => scope.close());
  const registry = new ProcessRegistry({ spawn, clock, random: systemRandom, scope, limits: { ...LIMITS, ...limits } });
  const start = (over: Partial<StartOptions> = {}) =>
    registry.start({
      agentId: "main",
      sessionKey: "agent:main:main",
      command: "x",
      argv: ["x"],
      cwd: "/",
      env: {},
      interactive: false,
      terminal: false,
      timeoutMs: 0,
      keepMs: 1000,
      ...over,
    });
  return { registry, start, started, pass, scope };
}

describe("the registry of commands", () => {
  it("shows a retained command to its agent and to nobody else", async (t) => {
    const { registry, start } = make(t);
    const command = await start();
    assert.deepEqual(registry.list("main"), []);
    assert.equal(registry.get("main", command.id), undefined);
    command.retain();
    assert.deepEqual(registry.list("main"), [command]);
    assert.equal(registry.get("other", command.id), undefined);
  });

  it("forgets a command that nobody retained as soon as it ends", async (t) => {
    const { registry, start, started } = make(t);
    const command = await start();
    started[0]?.end({ code: 0, signal: null });
    await command.ended;
    assert.equal(command.status, "completed");
    assert.equal(registry.get("main", command.id), undefined);
    command.retain();
    assert.equal(registry.get("main", command.id), command, "retained late, after its end");
  });

  it("forgets an ended command after a while", async (t) => {
    const { registry, start, started, pass } = make(t);
    const command = await start();
    command.retain();
    started[0]?.end({ code: 3, signal: null });
    await command.ended;
    await Promise.resolve();
    assert.deepEqual([command.status, command.exitCode], ["failed", 3]);
    pass(999);
    assert.equal(registry.list("main").length, 1);
    pass(1);
    assert.equal(registry.list("main").length, 0);
  });

  it("remembers only so many ended ones, the newest", async (t) => {
    const { registry, start, started } = make(t, { ended: 2 });
    const all = [];
    for (let i = 0; i < 3; i += 1) {
      const command = await start();
      command.retain();
      started[i]?.end({ code: 0, signal: null });
      await command.ended;
      await Promise.resolve();
      all.push(command);
    }
    assert.deepEqual(registry.list("main"), [all[2], all[1]]);
  });

  it("refuses more than so many at once, per agent", async (t) => {
    const { start } = make(t, { running: 2 });
    await start();
    await start();
    await assert.rejects(start(), { code: "EXEC_TOO_MANY" });
    await start({ agentId: "other" });
  });

  it("ends a command that takes too long and says so", async (t) => {
    const { start, started, pass } = make(t);
    const command = await start({ timeoutMs: 5000 });
    pass(4999);
    assert.equal(started[0]?.killed, 0);
    pass(1);
    await command.ended;
    assert.deepEqual([command.status, command.reason], ["failed", "timeout after 5 s"]);
  });

  it("ends a command that prints without end", async (t) => {
    const { start, started } = make(t, { totalBytes: 10 });
    const command = await start();
    started[0]?.options.onOutput?.("stdout", Buffer.alloc(11));
    await command.ended;
    assert.match(command.reason ?? "", /more than 10 bytes/);
  });

  it("ends everything with its scope", async (t) => {
    const { start, started, scope } = make(t);
    const command = await start();
    await scope.close();
    await command.ended;
    assert.deepEqual([started[0]?.killed, command.status], [1, "killed"]);
    const late = await start();
    await late.ended;
    assert.equal(late.status, "killed", "started while closing");
  });

  it("keeps nothing of a command that could not be started", async (t) => {
    const { registry } = make(t);
    const broken = new ProcessRegistry({
      spawn: () => Promise.reject(new Error("no")),
      clock: systemClock,
      random: systemRandom,
      scope: new Scope(systemClock, "t"),
    });
    await assert.rejects(
      broken.start({
        agentId: "main",
        sessionKey: "s",
        command: "x",
        argv: ["x"],
        cwd: "/",
        env: {},
        interactive: false,
        terminal: false,
        timeoutMs: 0,
        keepMs: 1,
      }),
      /no/,
    );
    assert.deepEqual(registry.list("main"), []);
  });
});
