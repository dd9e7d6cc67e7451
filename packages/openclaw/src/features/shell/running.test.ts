/** What running commands does to the machine and to the gateway. */
import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, it } from "node:test";
import { call, textOf } from "../../../../../test/conformance/testTool.ts";
import { toolWorld } from "../../../../../test/conformance/toolWorld.ts";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import type { Provider } from "../../contracts/service.ts";
import type { Tool, ToolResult } from "../../contracts/tool.ts";
import { Processes } from "./index.ts";
import { services as own } from "./service.ts";
import { tools } from "./tools.ts";

const services = own as readonly Provider[];
const exec = tools.find(({ name }) => name === "exec") as Tool;

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

  it("gives a command the variables of the run's skills; those of the call win", async (t) => {
    const world = await toolWorld(t, { services });
    const context = world.context({ env: { TEA_KEY: "from the skill", MILK: "from the skill" } });
    const params = { command: 'echo "$TEA_KEY, $MILK"', env: { MILK: "from the call" } };
    const { content } = await (await exec.load()).run(params as never, context);
    assert.deepEqual(content, [{ type: "text", text: "from the skill, from the call" }]);
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
