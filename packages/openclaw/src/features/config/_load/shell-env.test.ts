import assert from "node:assert/strict";
import { chmod, mkdtemp, readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { createSpawn } from "../../../base/spawn.ts";
import { systemClock } from "../../../base/time.ts";
import type { Env } from "../../../base/env.ts";
import { isExpectedKey } from "./expected-keys.ts";
import { oldVariablesWarning, readConfig } from "../index.ts";

const posix = { skip: process.platform === "win32" && "the shells are those of Unix" };

/** A shell that counts how often it is asked and then behaves as `body` says. */
async function shellThat(body: string) {
  const home = await mkdtemp(join(tmpdir(), "openclaw-shell-"));
  const shell = join(home, "my shell");
  await writeFile(shell, `#!/bin/sh\necho "$@" >> "${home}/asked"\n${body}\n`);
  await chmod(shell, 0o755);
  const asked = async () => {
    const lines = await readFile(join(home, "asked"), "utf8").catch(() => "");
    return lines.split("\n").filter((line) => line !== "").length;
  };
  return { home, shell, asked };
}

const PROFILE = `echo "Welcome=back"; export OPENAI_API_KEY=sk-shell AWS_REGION=eu BRAVE_API_KEY= MY_OWN=x MULTI="a
b"; [ "$1 $2" = "-l -c" ] && eval "$3"`;

async function load(text: string | undefined, env: Env, home: string) {
  const config = join(home, "openclaw.json");
  if (text !== undefined) await writeFile(config, text);
  return readConfig({
    env: { PATH: process.env["PATH"], ...env },
    paths: { home, state: home, config },
    spawn: createSpawn(),
    clock: systemClock,
  });
}

test("the login shell gives the expected keys and nothing else, in time for ${VAR}", posix, async () => {
  const { home, shell, asked } = await shellThat(PROFILE);
  const file = await load("{ env: { shellEnv: { enabled: true } }, a: '${OPENAI_API_KEY}' }", { SHELL: shell }, home);
  assert.deepEqual(file.issues, []);
  assert.equal(file.resolved["a"], "sk-shell");
  assert.deepEqual(file.env, { OPENAI_API_KEY: "sk-shell", AWS_REGION: "eu", OPENCLAW_LOAD_SHELL_ENV: "done" });
  assert.equal(await asked(), 1);
  await load(undefined, { SHELL: shell, ...file.env }, home);
  assert.equal(await asked(), 1, "a process asks once");
});

test("OPENCLAW_LOAD_SHELL_ENV asks it also without a file, and 0 wins over the file", posix, async () => {
  const { home, shell, asked } = await shellThat(PROFILE);
  const file = await load(undefined, { SHELL: shell, OPENCLAW_LOAD_SHELL_ENV: "1" }, home);
  assert.equal(file.env["OPENAI_API_KEY"], "sk-shell");
  const off = { SHELL: shell, OPENCLAW_LOAD_SHELL_ENV: "0" };
  assert.deepEqual((await load("{ env: { shellEnv: { enabled: true } } }", off, home)).env, {});
  assert.equal(await asked(), 1);
});

test("no shell is started when it is off, or when one expected key is there already", posix, async () => {
  const { home, shell, asked } = await shellThat(PROFILE);
  await load("{}", { SHELL: shell }, home);
  await load("{ env: { shellEnv: { enabled: true } } }", { SHELL: shell, GROQ_API_KEY: "set" }, home);
  await load("{ env: { GROQ_API_KEY: 'set', shellEnv: { enabled: true } } }", { SHELL: shell }, home);
  assert.equal(await asked(), 0);
});

test("a shell that hangs, fails or is missing costs its time limit and adds nothing", posix, async () => {
  for (const body of ["sleep 30", "exit 3", "kill -9 $$"]) {
    const { home, shell } = await shellThat(body);
    const env = { SHELL: shell, OPENCLAW_LOAD_SHELL_ENV: "1", OPENCLAW_SHELL_ENV_TIMEOUT_MS: "300" };
    const started = performance.now();
    assert.deepEqual((await load("{}", env, home)).env, { OPENCLAW_LOAD_SHELL_ENV: "done" });
    assert.ok(performance.now() - started < 10_000);
  }
  const { home } = await shellThat("");
  const gone = { SHELL: join(home, "gone"), OPENCLAW_LOAD_SHELL_ENV: "1" };
  assert.deepEqual((await load("{}", gone, home)).env, { OPENCLAW_LOAD_SHELL_ENV: "done" });
});

test("the keys of models, tools, channels and the gateway are expected, ordinary variables are not", () => {
  const names = ["ANTHROPIC_API_KEY", "COPILOT_GITHUB_TOKEN", "AWS_ACCESS_KEY_ID", "XI_API_KEY", "MATRIX_ACCESS_TOKEN"];
  assert.deepEqual(names.filter(isExpectedKey), names);
  assert.deepEqual(
    ["PATH", "HOME", "NODE_OPTIONS", "OPENCLAW_STATE_DIR", "AWS_", "LD_PRELOAD"].filter(isExpectedKey),
    [],
  );
});

test("variables of earlier names are listed once with their new ones", () => {
  assert.equal(
    oldVariablesWarning({ MOLTBOT_B: "1", CLAWDBOT_A: "1", CLAWDBOT_EMPTY: "", OPENCLAW_A: "1" }),
    "OPENCLAW_LEGACY_ENV_VARS: these variables have no effect any more, rename them: CLAWDBOT_A → OPENCLAW_A, MOLTBOT_B → OPENCLAW_B",
  );
  assert.equal(oldVariablesWarning({ OPENCLAW_A: "1" }), undefined);
});
