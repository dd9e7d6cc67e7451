import assert from "node:assert/strict";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, it, type TestContext } from "node:test";
import { call, testTool, textOf } from "../../../../../test/conformance/testTool.ts";
import { SECRET, toolWorld } from "../../../../../test/conformance/toolWorld.ts";
import { isGroupAlive } from "../../../../../test/harness/processes.ts";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { sha256 } from "../../base/ids.ts";
import type { Principal } from "../../contracts/principal.ts";
import type { Provider } from "../../contracts/service.ts";
import type { Tool, ToolContext, ToolResult } from "../../contracts/tool.ts";
import { Processes } from "./index.ts";
import { services as own } from "./service.ts";
import { tools } from "./tools.ts";

const services = own as readonly Provider[];
const [exec, processTool] = ["exec", "process"].map((name) => tools.find((tool) => tool.name === name)) as [Tool, Tool];
const member: Principal = { kind: "person", id: "telegram:default:1", role: "member", scopes: [] };
const guest: Principal = { ...member, role: "guest" };
const details = (result: ToolResult) => result.details as Record<string, unknown>;

testTool(exec, {
  services,
  params: { command: "echo hi | cat", env: { B: "2", A: SECRET } },
  preview: ({ workspace }) => ({
    target: "echo hi | cat",
    exact: {
      command: "echo hi | cat",
      argv: ["/bin/sh", "-c", "echo hi | cat"],
      cwd: workspace,
      env: ["A", "B"],
      envHash: sha256(
        JSON.stringify([
          ["A", SECRET],
          ["B", "2"],
        ]),
      ),
    },
  }),
  prepare: async ({ workspace }) => {
    await mkdir(join(workspace, "sub"));
  },
  cases: [
    {
      title: "returns what was printed",
      params: { command: "echo out; echo err >&2" },
      says: /^out\nerr$/,
      check: (r, { workspace }) =>
        assert.deepEqual(
          { ...details(r), durationMs: 0 },
          { status: "completed", exitCode: 0, durationMs: 0, aggregated: "out\nerr", cwd: workspace },
        ),
    },
    {
      title: "tells the exit code without failing",
      params: { command: "echo no; exit 3" },
      says: /^no\n\n\(exit code 3\)$/,
      check: (r) => assert.equal(details(r)["status"], "failed"),
    },
    { title: "says that nothing was printed", params: { command: "true" }, says: /^\(no output\)$/ },
    { title: "runs in the folder asked for", params: { command: "pwd", workdir: "sub" }, says: /\/ws\/sub$/ },
    { title: "runs in the workspace otherwise", params: { command: "pwd" }, says: /\/ws$/ },
    {
      title: "says that a folder is not there",
      params: { command: "pwd", workdir: "nope" },
      says: /no folder .*nope/,
      fails: true,
    },
    {
      title: "passes variables of the call and a mark, and nothing secret of the gateway",
      params: { command: "env", env: { GREETING: "hello" } },
      says: /^(?=[\s\S]*GREETING=hello)(?=[\s\S]*OPENCLAW_SHELL=exec)(?![\s\S]*OPENAI_API_KEY)/,
    },
    ...[
      "LD_PRELOAD",
      "LD_LIBRARY_PATH",
      "DYLD_INSERT_LIBRARIES",
      "PATH",
      "NODE_OPTIONS",
      "BASH_ENV",
      "ENV",
      "PYTHONSTARTUP",
      "path",
      "BASH_FUNC_ls%%",
      "A=B",
    ].map((name) => ({
      title: `refuses the variable ${name}`,
      params: { command: "true", env: { [name]: "/tmp/x" } },
      says: new RegExp(`must not set ${name.replace(/[%=]/g, "\\$&")}`),
      fails: true,
    })),
    {
      title: "ends a command that takes too long, with all its children",
      params: { command: "(sleep 30; touch late) & sleep 30", timeout: 0.2 },
      says: /\(ended: timeout after 200 ms\)$/,
      fails: true,
    },
    { title: "closes the input", params: { command: "cat; echo end" }, says: /^end$/ },
    {
      title: "keeps the end of a hundred megabytes and says how many there were",
      params: { command: "yes 0123456789abcde | head -c 104857600; echo; echo END" },
      says: /^\[The end of 104857605 bytes of output; more: process log, sessionId \w+\]\n[\s\S]*\nEND$/,
    },
    {
      title: "shows what is no text by its size",
      params: { command: "head -c 5000 /dev/zero" },
      says: /^\[5000 bytes that are no text\]$/,
    },
    { title: "removes colours", params: { command: "printf '\\033[31mred\\033[0m'" }, says: /^red$/ },
    { title: "refuses an empty command", params: { command: "  " }, says: /command is empty/, fails: true },
    { title: "refuses a zero byte", params: { command: "a\0b" }, says: /zero byte/, fails: true },
    {
      title: "says that there is no terminal yet",
      params: { command: "top", pty: true },
      says: /cannot have a terminal/,
      fails: true,
    },
    {
      title: "refuses a login that needs a person",
      params: { command: "openclaw channels login" },
      says: /needs a person/,
      fails: true,
    },
    {
      title: "says that a command was not found",
      params: { command: "no-such-program-here" },
      says: /not found[\s\S]*\(exit code 127\)/,
    },
    {
      title: "goes on in the background at once when asked to",
      params: { command: "exec sleep 20", background: true },
      says: /^Still running in the background: sessionId \w+, pid \d+/,
      check: (r) => assert.equal(details(r)["status"], "running"),
    },
    {
      title: "goes on in the background after a while",
      params: { command: "echo first; exec sleep 20", yieldMs: 300 },
      says: /has printed:\nfirst$/,
      check: (r) => assert.equal(details(r)["tail"], "first"),
    },
  ],
  slow: { command: "trap '' TERM; (trap '' TERM; sleep 61) & sleep 60" },
  refusals: [
    {
      title: "does not let guests run commands",
      params: { command: "ls" },
      gate: () => ({ principal: guest }),
      rule: "guest",
      twin: { gate: () => ({ principal: member }) },
    },
    {
      title: "refuses everything under security deny",
      params: { command: "ls" },
      gate: (w) => ({ exec: { ...w.gate([]).exec, security: "deny" } }),
      rule: "exec-denied",
      twin: { gate: () => ({}) },
    },
    {
      title: "asks on an explicit host",
      params: { command: "ls", host: "gateway" },
      gate: () => ({}),
      rule: "exec-needs-approval",
      twin: { params: { command: "ls" } },
    },
    {
      title: "asks about anything that needs a shell",
      params: { command: "head -n 1; ls", host: "gateway" },
      gate: (w) => ({ exec: { ...w.gate([]).exec, safeBins: ["head"] } }),
      rule: "exec-needs-approval",
      twin: { params: { command: "head -n 1", host: "gateway" } },
    },
    {
      title: "fails closed in a sandboxed session",
      params: { command: "ls" },
      gate: () => ({ sandboxed: true }),
      rule: "sandbox-unavailable",
      twin: { gate: () => ({}) },
    },
  ],
});

testTool(processTool, {
  services,
  params: { action: "list" },
  preview: () => ({ target: "list", exact: { action: "list" } }),
  cases: [
    { title: "lists nothing when there is nothing", params: { action: "list" }, says: /^No commands\.$/ },
    {
      title: "needs to know which command",
      params: { action: "poll" },
      says: /needs the parameter sessionId/,
      fails: true,
    },
    {
      title: "says that it does not know a command",
      params: { action: "log", sessionId: "x" },
      says: /no command with the sessionId "x"/,
      fails: true,
    },
    {
      title: "needs something to write",
      params: { action: "write", sessionId: "x" },
      says: /needs the parameter data/,
      fails: true,
    },
  ],
  slow: async (world) => {
    const started = await call(exec, { command: "exec sleep 60", background: true }, world);
    return { action: "poll", sessionId: String(details(started)["sessionId"]), timeout: 60_000 };
  },
  refusals: [
    {
      title: "asks before input goes to a command on an explicit host",
      params: { action: "write", sessionId: "x", data: "y" },
      gate: (w) => ({ exec: { ...w.gate([]).exec, host: "gateway" } }),
      rule: "exec-own-process",
      twin: { params: { action: "poll", sessionId: "x" } },
    },
  ],
});

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

describe("running commands", () => {
  it("leaves no process of a bomb alive", async (t) => {
    const world = await toolWorld(t, { services });
    await writeFile(
      join(world.workspace, "bomb.sh"),
      "n=$1; [ $n -gt 0 ] || { sleep 61.25; exit; }; sh $0 $((n-1)) & sh $0 $((n-1)) & wait\n",
    );
    await call(exec, { command: "sh bomb.sh 4", timeout: 0.5 }, world);
    const left = await call(exec, { command: "ps -eo args | grep -c '[s]leep 61.25'" }, world);
    assert.match(textOf(left), /^0/);
  });

  it("keeps the gateway responsive and small while something prints a hundred megabytes", async (t) => {
    const world = await toolWorld(t, { services });
    await call(exec, { command: "yes | head -c 3000000" }, world);
    const turns = countTurns();
    const before = memory();
    await call(exec, { command: "yes 0123456789abcde | head -c 104857600" }, world);
    const turned = turns();
    assert.ok(turned >= 10, `only ${turned} other things could happen meanwhile`);
    const grown = memory() - before;
    assert.ok(grown < 2e7, `${grown} bytes more`);
  });

  it("lets the environment set limits, and takes a time limit beyond what timers hold", async (t) => {
    const env = { PI_BASH_MAX_OUTPUT_CHARS: "20", PI_BASH_YIELD_MS: "300" };
    const world = await toolWorld(t, { services, env });
    const short = textOf(await call(exec, { command: "seq 1 100", timeout: 1e9 }, world));
    assert.match(short, /^\[The end of 292 bytes .*\]\n95\n96\n97\n98\n99\n100$/);
    assert.match(textOf(await call(exec, { command: "exec sleep 20" }, world)), /^Still running/);
  });

  it("waits for the end when the agent cannot look after commands", async (t) => {
    const world = await toolWorld(t, { services });
    const context = world.context({ hasTool: () => false });
    const result = await call(exec, { command: "sleep 0.3; echo late", background: true, yieldMs: 1 }, world, context);
    assert.equal(textOf(result), "late");
  });

  it("shows watchers what is printed", async (t) => {
    const world = await toolWorld(t, { services });
    await call(exec, { command: "echo early; sleep 1.2" }, world);
    assert.equal(textOf(world.updates[0] as ToolResult), "early\n");
  });

  it("runs a vetted argument vector without a shell", async (t) => {
    const world = await toolWorld(t, { services, config: { tools: { exec: { host: "gateway" } } } });
    const body = await exec.load();
    const preview = await body.preview({ command: "head -n 1" } as never, world.context());
    assert.deepEqual(preview.exact["argv"], ["head", "-n", "1"]);
    assert.match(String(preview.exact["resolved"]), /\/head$|\/coreutils$/);
    assert.equal(textOf(await call(exec, { command: "echo '$HOME' \"a  b\"" }, world)), "$HOME a  b");
  });

  it("puts configured folders before PATH and finds what the login shell knows", async (t) => {
    const world = await toolWorld(t, { services, config: { tools: { exec: { pathPrepend: ["/first"] } } } });
    await writeFile(join(world.home, ".profile"), 'PATH="$PATH:/from/login"; echo noise\n');
    const said = textOf(await call(exec, { command: "echo $PATH" }, world));
    assert.match(said, /^\/first:.*:\/from\/login$/);
    assert.equal(await (await world.use(Processes)).searchPath(), said.slice("/first:".length));
  });

  for (const [shell, expected] of [
    ["/usr/bin/fish", "bash"],
    ["/usr/sbin/nologin", "/bin/sh"],
    ["/bin/bash", "/bin/bash"],
  ] as const) {
    it(`runs in ${expected} when the person's shell is ${shell}`, async (t) => {
      const world = await toolWorld(t, { services, env: { SHELL: shell } });
      const preview = await (await exec.load()).preview({ command: "ls" } as never, world.context());
      assert.equal((preview.exact["argv"] as string[])[0], expected);
    });
  }
});

function memory(): number {
  setFlagsFromString("--expose-gc");
  (runInNewContext("gc") as () => void)();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}

/** How often a timer of the same process came to its turn until now. */
function countTurns(): () => number {
  let count = 0;
  const timer = setInterval(() => (count += 1), 1);
  return () => {
    clearInterval(timer);
    return count;
  };
}

async function eventually(read: () => Promise<string>): Promise<string> {
  for (let i = 0; i < 1000; i += 1) {
    const text = await read().catch(() => "");
    if (text !== "") return text.trim();
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error("it never came");
}
