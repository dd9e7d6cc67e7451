import assert from "node:assert/strict";
import { test } from "node:test";
import { isAlive } from "../../../../test/harness/processes.ts";
import { Fault } from "./errors.ts";
import { createSpawn } from "./spawn.ts";

const env = { PATH: process.env["PATH"] ?? "/usr/bin:/bin" };
const cwd = "/";
const sh = (script: string): [string, ...string[]] => ["/bin/sh", "-c", script];

/** Runs a script and resolves with the child and the first line it prints. */
async function withFirstLine(script: string, spawn = createSpawn(), more: Record<string, string> = {}) {
  let seen = "";
  let told: (line: string) => void = () => {};
  const line = new Promise<string>((resolve) => (told = resolve));
  const child = await spawn({
    argv: sh(script),
    cwd,
    env: { ...env, ...more },
    onOutput: (_, chunk) => {
      seen += chunk.toString();
      if (seen.includes("\n")) told(seen.slice(0, seen.indexOf("\n")));
    },
  });
  return { child, line: await line, spawn };
}

test("output comes in pieces by stream, and the exit code follows it", async () => {
  const out = { stdout: "", stderr: "" };
  const child = await createSpawn()({
    argv: sh("echo a; echo b >&2; exit 3"),
    cwd,
    env,
    onOutput: (stream, chunk) => (out[stream] += chunk.toString()),
  });
  assert.deepEqual(await child.exit, { code: 3, signal: null });
  assert.deepEqual(out, { stdout: "a\n", stderr: "b\n" });
});

test("input is written and closed; without input it is closed at once", async () => {
  let out = "";
  const onOutput = (_: string, chunk: Buffer) => void (out += chunk.toString());
  const spawn = createSpawn();
  await (
    await spawn({ argv: ["/bin/cat"], cwd, env, input: "hello", onOutput })
  ).exit;
  await (
    await spawn({ argv: ["/bin/cat"], cwd, env, onOutput })
  ).exit;
  assert.equal(out, "hello");
});

test("interactive input stays open until it is ended", async () => {
  let out = "";
  const child = await createSpawn()({
    argv: ["/bin/cat"],
    cwd,
    env,
    interactive: true,
    onOutput: (_, chunk) => void (out += chunk.toString()),
  });
  child.write("one ");
  child.write("two");
  child.endInput();
  await child.exit;
  assert.equal(out, "one two");
});

test("the child has the environment that was given, and the mark by which it is found again", async () => {
  let out = "";
  const child = await createSpawn()({
    argv: ["/usr/bin/env"],
    cwd,
    env: { ONLY: "this" },
    onOutput: (_, chunk) => void (out += chunk.toString()),
  });
  await child.exit;
  assert.match(out, /^ONLY=this\nOPENCLAW_CHILD=[0-9a-f-]{36}\n$/);
});

test("a program that does not exist, and a folder that does not exist, are told apart", async () => {
  const spawn = createSpawn();
  await assert.rejects(
    spawn({ argv: ["/no/such/program"], cwd, env }),
    (error) => error instanceof Fault && error.code === "SPAWN_FAILED" && !/folder/.test(error.message),
  );
  await assert.rejects(
    spawn({ argv: ["/bin/true"], cwd: "/no/such/folder", env }),
    /there is no folder \/no\/such\/folder/,
  );
});

test("a child that ignores SIGTERM is killed with its children after the grace time", async () => {
  const { child, line } = await withFirstLine("trap '' TERM; sleep 300 & echo $!; wait; wait");
  await child.kill(100);
  assert.equal(isAlive(child.pid), false);
  assert.equal(isAlive(Number(line)), false);
});

test("a child that ends on SIGTERM is not waited for any longer", { timeout: 60_000 }, async () => {
  const { child } = await withFirstLine("echo ready; exec sleep 300");
  await child.kill(3_600_000);
  assert.deepEqual(await child.exit, { code: null, signal: "SIGTERM" });
});

test("a background process that outlives its shell is ended by killAll", async () => {
  const { child, line, spawn } = await withFirstLine("sleep 300 >/dev/null 2>&1 & echo $!");
  await child.exit;
  assert.equal(isAlive(Number(line)), true);
  await spawn.killAll(200);
  assert.equal(isAlive(Number(line)), false);
});

test("nothing can be started after killAll", async () => {
  const spawn = createSpawn();
  await spawn.killAll();
  await assert.rejects(spawn({ argv: ["/bin/true"], cwd, env }), /stopping/);
});

test("an aborted signal ends the whole group", async () => {
  const controller = new AbortController();
  const spawn = createSpawn();
  const child = await spawn({ argv: ["/bin/sleep", "300"], cwd, env, signal: controller.signal });
  controller.abort();
  assert.deepEqual(await child.exit, { code: null, signal: "SIGTERM" });
});

test("what left the group is ended with it, with everything that it started", { timeout: 60_000 }, async () => {
  const daemon = "setsid sh -c 'trap \"\" TERM; (setsid sleep 300 &) ; echo $$; sleep 300' & wait";
  const { child, line } = await withFirstLine(daemon);
  await child.kill(100);
  assert.equal(isAlive(Number(line)), false);
});

test("what a command leaves behind when it ends by itself is let live", { timeout: 60_000 }, async () => {
  const { child, line } = await withFirstLine("setsid sh -c 'echo $$; exec sleep 300 >/dev/null 2>&1' & sleep 0.2");
  await child.exit;
  assert.equal(isAlive(Number(line)), true);
  process.kill(Number(line), "SIGKILL");
});

test("a process that cannot be found and holds the output does not hold up a kill", { timeout: 60_000 }, async () => {
  const { child, line } = await withFirstLine(
    "env -u OPENCLAW_CHILD setsid sh -c 'echo $$; exec sleep 300' & sleep 300",
  );
  await child.kill(100);
  await child.exit;
  assert.equal(isAlive(Number(line)), true);
  process.kill(Number(line), "SIGKILL");
});

test(
  "members that have ended but are not collected by their parent do not hold up a kill",
  { timeout: 60_000 },
  async (t) => {
    // The parent of the first sleep leaves the group, and `sleep` never collects a child.
    const parent = "sleep 300 & exec env -u OPENCLAW_CHILD setsid sh -c 'echo $$; exec sleep 300'";
    const { child, line } = await withFirstLine('sh -c "$PARENT" & wait', createSpawn(), { PARENT: parent });
    t.after(() => process.kill(Number(line), "SIGKILL"));
    await child.kill(3_600_000);
  },
);
