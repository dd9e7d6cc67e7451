import assert from "node:assert/strict";
import { mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { cli } from "../../packages/openclaw/src/generated/cli.ts";
import { makeHome, type Home } from "./_run.ts";

function write(home: Home, text: string): void {
  mkdirSync(dirname(home.config), { recursive: true });
  writeFileSync(home.config, text);
}

test("the version is one line", async (t) => {
  const home = await makeHome(t);
  for (const flag of ["--version", "-V", "-v"]) assert.match((await home.run(flag)).stdout, /^\d{4}\.\d+\.\d+\S*\n$/);
});

test("help names every command that is not hidden", async (t) => {
  const { stdout, code } = await (await makeHome(t)).run("--help");
  assert.equal(code, 0);
  for (const { name, hidden } of cli)
    assert.equal(
      stdout.includes(`\n  ${name.split(" ")[0]} `),
      !hidden || cli.some((other) => !other.hidden && other.name.split(" ")[0] === name.split(" ")[0]),
      name,
    );
});

test("every command has help that works with a broken configuration", async (t) => {
  const home = await makeHome(t);
  write(home, "{ broken");
  const groups = new Set(cli.flatMap(({ name }) => (name.includes(" ") ? [name.split(" ")[0] ?? ""] : [])));
  const words = [...groups, ...cli.map(({ name }) => name)];
  const ask = async () => {
    for (let name = words.pop(); name !== undefined; name = words.pop()) {
      const { code, stdout } = await home.run(...name.split(" "), "--help");
      assert.equal(code, 0, name);
      assert.ok(stdout.includes(`Usage: openclaw ${name}`), stdout);
    }
  };
  await Promise.all([ask(), ask()]);
});

const MISTAKES: readonly (readonly [args: readonly string[], says: RegExp])[] = [
  [["statsu"], /Unknown command: openclaw statsu\nDid you mean: openclaw status/],
  [["config", "gte"], /Unknown command: openclaw config gte\nDid you mean: openclaw config get/],
  [
    ["gateway", "--port", "many"],
    /--port must be a whole number, from 0 to 65535\.\nSee how it is used with: openclaw <command> --help/,
  ],
  [["status", "--jsn"], /Unknown flag: --jsn\nDid you mean: --json/],
  [["--profil", "x"], /Unknown flag: --profil/],
  [["agent"], /--message/],
  [[], /openclaw --help/],
];

for (const [args, says] of MISTAKES) {
  test(`openclaw ${args.join(" ")} fails with a hint`, async (t) => {
    const { code, stdout, stderr } = await (await makeHome(t)).run(...args);
    assert.equal(code, 1);
    assert.equal(stdout, "");
    assert.match(stderr, says);
  });
}

test("a failing command with --json prints one document and nothing else", async (t) => {
  const home = await makeHome(t);
  for (const args of [
    ["statsu", "--json"],
    ["config", "get", "nope", "--json"],
    ["health", "--json"],
  ]) {
    const { code, stdout, stderr } = await home.run(...args);
    assert.deepEqual([code, stderr], [1, ""]);
    const document = JSON.parse(stdout) as { ok: boolean; error: { message: string; code: string } };
    assert.equal(document.ok, false);
    assert.ok(document.error.message.length > 0 && /^[A-Z_]+$/.test(document.error.code));
  }
});

test("a broken configuration stops commands with file, path and line, and the ones that repair go on", async (t) => {
  const home = await makeHome(t);
  write(home, "{\n  gateway: {\n    prot: 1\n  }\n}");
  for (const args of [
    ["agent", "-m", "x"],
    ["sessions"],
    ["config", "set", "gateway.port", "1"],
    ["gateway", "--allow-unconfigured"],
  ]) {
    const { code, stderr } = await home.run(...args);
    assert.equal(code, 1, args.join(" "));
    assert.equal(
      stderr,
      `Invalid config at ${home.config}:\ngateway.prot: unknown key "prot" (did you mean "port"?) (line 3, column 5)\nRun: openclaw doctor --fix\n`,
    );
  }
  const validation = await home.run("config", "validate", "--json");
  assert.equal(validation.code, 1);
  assert.deepEqual(JSON.parse(validation.stdout).issues, [
    { path: "gateway.prot", message: 'unknown key "prot" (did you mean "port"?)', line: 3, column: 5 },
  ]);
  for (const args of [["config", "file"], ["config", "get", "gateway.prot"], ["status"]])
    assert.equal((await home.run(...args)).code, 0, args.join(" "));
});

test("broken syntax and a missing variable are named with their line", async (t) => {
  const home = await makeHome(t);
  write(home, '{ gateway: { mode: "local", port: "many" } }');
  assert.match((await home.run("gateway")).stderr, /expected a whole number[^]*\nCorrect what is named by hand: /);
  write(home, "{\n  gateway: { port: 1,, }\n}");
  assert.match((await home.run("gateway")).stderr, /not JSON5: invalid character ',' \(line 2, column 22\)/);
  write(home, '{\n  gateway: { mode: "local", auth: { token: "${NOT_SET_ANYWHERE}" } }\n}');
  assert.match(
    (await home.run("gateway")).stderr,
    /gateway\.auth\.token: the environment variable NOT_SET_ANYWHERE is missing or empty \(line 2, column \d+\)/,
  );
});

test("config set, get and unset round-trip, keep the file private and say when a restart is needed", async (t) => {
  const home = await makeHome(t);
  write(home, "{\n  // mine\n  gateway: { mode: 'local' },\n}\n");
  assert.equal(
    (await home.run("config", "set", "gateway.port", "19001")).stdout,
    "Updated gateway.port. Restart the gateway to apply.\n",
  );
  assert.equal((await home.run("config", "set", "logging.level", "debug")).stdout, "Updated logging.level.\n");
  assert.equal((await home.run("config", "get", "gateway.port")).stdout, "19001\n");
  assert.equal((await home.run("config", "get", "logging.level")).stdout, "debug\n");
  assert.equal(
    (await home.run("config", "get", "gateway", "--json")).stdout,
    `${JSON.stringify({ mode: "local", port: 19001 }, null, 2)}\n`,
  );
  assert.equal((await home.run("config", "get", "gateway.reload.mode")).stdout, "hybrid\n");
  assert.equal(
    (await home.run("config", "unset", "gateway.port")).stdout,
    "Removed gateway.port. Restart the gateway to apply.\n",
  );
  assert.match((await home.run("config", "unset", "gateway.port")).stderr, /Config path not found: gateway\.port/);
  assert.ok(readFileSync(home.config, "utf8").startsWith("{\n  // mine\n  gateway: { mode: 'local' },\n"));
  assert.equal(statSync(home.config).mode & 0o777, 0o600);
});

test("config set refuses what is not valid, what is not JSON when it must be, and what drops entries", async (t) => {
  const home = await makeHome(t);
  const before =
    '{ models: { providers: { a: { baseUrl: "http://a/v1", models: [] }, b: { baseUrl: "http://b/v1", models: [] } } } }';
  write(home, before);
  const refused = async (...args: string[]) => (await home.run("config", "set", ...args)).stderr;
  assert.match(await refused("gateway.prot", "1"), /Config write rejected: gateway\.prot: unknown key/);
  assert.match(await refused("gateway.port", "high", "--strict-json"), /not JSON5/);
  assert.match(await refused("models.providers", "{}"), /would remove a, b from models\.providers/);
  assert.equal(readFileSync(home.config, "utf8"), before);
});

test("config set --dry-run says what would happen and writes nothing", async (t) => {
  const home = await makeHome(t);
  const fine = await home.run("config", "set", "gateway.port", "5", "--dry-run", "--json");
  assert.deepEqual([fine.code, JSON.parse(fine.stdout).ok, JSON.parse(fine.stdout).configPath], [0, true, home.config]);
  const wrong = await home.run("config", "set", "gateway.port", '"x"', "--dry-run", "--json");
  assert.equal(JSON.parse(wrong.stdout).errors[0].kind, "schema");
  assert.equal((await home.run("config", "file")).stdout, `${home.config}\n`);
  assert.throws(() => statSync(home.config));
});

test("config schema is the schema of everything, also when the configuration is broken", async (t) => {
  const home = await makeHome(t);
  write(home, "{ x");
  const schema = JSON.parse((await home.run("config", "schema")).stdout);
  assert.equal(schema.additionalProperties, false);
  for (const section of ["gateway", "agents", "models", "logging", "env"])
    assert.ok(schema.properties[section], section);
});

test("profiles and --dev have places of their own", async (t) => {
  const home = await makeHome(t);
  assert.equal((await home.run("--profile", "work", "config", "file")).stdout, `${home.state}-work/openclaw.json\n`);
  assert.equal((await home.run("config", "file", "--dev")).stdout, `${home.state}-dev/openclaw.json\n`);
  assert.match((await home.run("--profile", "a/b", "config", "file")).stderr, /not a profile name/);
});

test("a gateway without gateway.mode does not start", async (t) => {
  const home = await makeHome(t);
  assert.match(
    (await home.run("gateway")).stderr,
    /^Gateway start blocked: set gateway\.mode=local \(current: unset\) or pass --allow-unconfigured\.\nRun: openclaw setup\n$/,
  );
});

test("a state directory that cannot be made is named", async (t) => {
  const home = await makeHome(t);
  writeFileSync(join(home.cwd, "file"), "");
  const { code, stderr } = await home.runWith(
    { env: { OPENCLAW_STATE_DIR: join(home.cwd, "file", "state") } },
    "start",
  );
  assert.equal(code, 1);
  assert.match(
    stderr,
    /OpenClaw cannot keep its state in .*file\/state: a file stands where a folder is needed\.\nGive this user write access/,
  );
});

test("status, sessions and logs say what they know without a gateway; agent and health fail with what to do", async (t) => {
  const home = await makeHome(t);
  const store = join(home.state, "agents", "main", "sessions");
  mkdirSync(store, { recursive: true });
  writeFileSync(
    join(store, "sessions.json"),
    JSON.stringify({ "agent:main:main": { sessionId: "s1", updatedAt: 5, model: "m" } }),
  );
  const status = JSON.parse((await home.run("status", "--json")).stdout);
  assert.deepEqual([status.gateway.reachable, status.gateway.url], [false, `ws://127.0.0.1:${home.port}`]);
  const sessions = JSON.parse((await home.run("sessions", "--json")).stdout);
  assert.deepEqual([sessions.count, sessions.sessions[0].key], [1, "agent:main:main"]);
  assert.match((await home.run("status")).stdout, /^Next: openclaw setup$/m);
  writeFileSync(home.config, '{ gateway: { mode: "local", prot: 1 } }');
  assert.match((await home.run("status")).stdout, /unknown key "prot"[^]*^Next: openclaw doctor$/m);
  rmSync(home.config);
  for (const args of [["health"], ["agent", "-m", "hi"]]) {
    const { code, stderr } = await home.run(...args);
    assert.equal(code, 1);
    assert.match(stderr, /does not answer\.\nStart it with: openclaw gateway run/);
  }
});

test("what a log line quotes of others stays in its line and does nothing to the terminal", async (t) => {
  const home = await makeHome(t);
  const file = join(home.state, "g.log");
  mkdirSync(home.state, { recursive: true });
  writeFileSync(home.config, JSON.stringify({ logging: { file } }));
  const said = "x\u001b[2J\r\n2026-01-01T00:00:00Z fatal [gateway] forged";
  const entry = { time: "2026-01-01T00:00:00Z", level: "info", subsystem: "gateway", message: said, reason: said };
  writeFileSync(file, `${JSON.stringify(entry)}\nplain \u001b]0;title\u0007 text\n`);
  const { stdout } = await home.run("logs", "--plain");
  // oxlint-disable-next-line no-control-regex -- what must not be there
  assert.doesNotMatch(stdout, /^2026\S* fatal|[\u001b\u0007\r]/m);
  assert.match(stdout, /forged[^]*plain .* text/);
});

test("no colour reaches a pipe, a file or NO_COLOR", async (t) => {
  const home = await makeHome(t);
  const { stdout, stderr } = await home.run("status");
  assert.ok(!`${stdout}${stderr}`.includes("\u001b["));
  assert.ok((await home.runWith({ env: { FORCE_COLOR: "1" } }, "status")).stdout.includes("\u001b["));
  assert.ok(!(await home.runWith({ env: { FORCE_COLOR: "1", NO_COLOR: "1" } }, "status")).stdout.includes("\u001b["));
});
