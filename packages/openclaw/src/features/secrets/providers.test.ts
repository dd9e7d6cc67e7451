import assert from "node:assert/strict";
import { chmod, mkdir, readFile, rename, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { valueAt } from "../config/index.ts";
import { machine, tokenFrom, type Machine } from "../../../../../test/fakes/secrets-machine.ts";

const posix = { skip: process.platform === "win32" && "programs and modes are those of Unix" };
type Settings = Readonly<Record<string, unknown>>;

/** The token, or why there is none. */
async function get({ resolve }: Machine, id: string, provider: Settings): Promise<string> {
  const root = tokenFrom({ source: provider["source"], provider: "p", id }, provider);
  const found = await resolve(root, "start");
  const [issue] = found.issues;
  return issue
    ? `refused: ${issue.message.replace(/^.* cannot be had: /, "")}`
    : String(valueAt(found.root, "gateway.auth.token"));
}

test("pointers lead into a JSON file, escapes included", posix, async () => {
  const here = await machine();
  const path = await here.file(
    "s.json",
    JSON.stringify({ a: { "b/c": { "d~e": "deep" } }, list: ["x", "y"], "": "empty", n: 5, o: {} }),
  );
  const from = (id: string) => get(here, id, { source: "file", path });
  assert.equal(await from("/a/b~1c/d~0e"), "deep");
  assert.equal(await from("/list/1"), "y");
  assert.equal(await from("/"), "empty");
  assert.match(await from("/a/missing"), /has nothing at \/a\/missing/);
  assert.match(await from("/n"), /it is not text/);
  assert.match(await from("/o"), /it is not text/);
  assert.match(await from("/constructor/name"), /has nothing at/);
  assert.match(await from("/__proto__"), /has nothing at/);
  assert.match(await from("value"), /is a pointer that begins with \//);
});

test("a file may be one value, without the line end behind it", posix, async () => {
  const here = await machine();
  const settings = { source: "file", mode: "singleValue", path: await here.file("token", "my token \n") };
  assert.equal(await get(here, "value", settings), "my token ");
  assert.match(await get(here, "/x", settings), /the id of a file with one value is "value"/);
  await here.file("token", "\n");
  assert.match(await get(here, "value", settings), /it is empty/);
});

test("~ is the home, and a relative path starts in the state directory", posix, async () => {
  const here = await machine();
  await here.file("secrets.json", '{"t":"x"}');
  assert.equal(await get(here, "/t", { source: "file", path: "~/secrets.json" }), "x");
  assert.equal(await get(here, "/t", { source: "file", path: "secrets.json" }), "x");
});

test("a file that others can read or replace is refused unless that is allowed", posix, async () => {
  const here = await machine();
  const path = await here.file("s.json", '{"t":"x"}', 0o640);
  assert.match(await get(here, "/t", { source: "file", path }), /others on this machine can get at .* \(mode 0640\)/);
  assert.equal(await get(here, "/t", { source: "file", path, allowInsecurePath: true }), "x");
  await chmod(path, 0o600);
  assert.equal(await get(here, "/t", { source: "file", path }), "x");
  await chmod(here.home, 0o777);
  assert.match(await get(here, "/t", { source: "file", path }), /its folder is open to them/);
  await chmod(here.home, 0o1777);
  assert.equal(await get(here, "/t", { source: "file", path }), "x");
});

test("files that are missing, too large, no JSON or no files are refused with their path", posix, async () => {
  const here = await machine();
  const path = await here.file("s.json", '{"t":"x"}');
  assert.match(await get(here, "/t", { source: "file", path: join(here.home, "none") }), /no file .*none/);
  assert.match(await get(here, "/t", { source: "file", path, maxBytes: 5 }), /is larger than 5 bytes/);
  assert.match(await get(here, "/t", { source: "file", path: here.home }), /is a folder/);
  await here.file("s.json", "{t:");
  const said = await get(here, "/t", { source: "file", path });
  assert.match(said, /is not JSON/);
});

test("a program is asked once for all ids and answers by the protocol", posix, async () => {
  const here = await machine({ PASSED: "yes", HIDDEN: "no" });
  const command = await here.program(
    "vault",
    `require("fs").appendFileSync(__dirname + "/asked", JSON.stringify([input, process.argv.slice(2), process.env.PASSED, process.env.HIDDEN, process.env.OWN]) + "\\n");
     answer(Object.fromEntries(input.ids.filter((id) => id !== "bad").map((id) => [id, "v-" + id])), { bad: { message: "locked\\u001b[31m" } });`,
  );
  const provider = { source: "exec", command, args: ["--json"], passEnv: ["PASSED"], env: { OWN: "1" } };
  const ref = (id: string) => ({ source: "exec", provider: "p", id });
  const found = await here.resolve(
    {
      models: {
        providers: {
          a: { apiKey: ref("team/a") },
          b: { apiKey: ref("b") },
          c: { apiKey: ref("bad") },
          d: { apiKey: ref("b") },
        },
      },
      secrets: { providers: { p: provider } },
    },
    "start",
  );
  assert.equal(valueAt(found.root, "models.providers.a.apiKey"), "v-team/a");
  assert.equal(valueAt(found.root, "models.providers.d.apiKey"), "v-b");
  assert.match(found.issues[0]?.message ?? "", /exec:p:bad cannot be had: the program says: locked.\[31m$/);
  assert.ok(!found.issues[0]?.message.includes("\u001b"));
  const lines = (await readFile(join(here.home, "asked"), "utf8")).trim().split("\n");
  assert.deepEqual(
    lines.map((line) => JSON.parse(line) as unknown),
    [[{ protocolVersion: 1, provider: "p", ids: ["team/a", "b", "bad"] }, ["--json"], "yes", null, "1"]],
  );
});

test("a question that would be too long is put in several", posix, async () => {
  const here = await machine();
  const command = await here.program(
    "vault",
    `require("fs").appendFileSync(__dirname + "/asked", input.ids.length + "\\n"); answer(Object.fromEntries(input.ids.map((id) => [id, id])));`,
  );
  const providers = Object.fromEntries(
    ["a", "b", "c"].map((name) => [name, { apiKey: { source: "exec", provider: "p", id: name.repeat(40) } }]),
  );
  const found = await here.resolve(
    {
      models: { providers },
      secrets: { providers: { p: { source: "exec", command } }, resolution: { maxBatchBytes: 150 } },
    },
    "start",
  );
  assert.deepEqual(found.issues, []);
  assert.equal(await readFile(join(here.home, "asked"), "utf8"), "2\n1\n");
});

const PROGRAMS: readonly (readonly [what: string, body: string, settings: Settings, outcome: RegExp])[] = [
  ["output that is no JSON", `console.log("secret")`, {}, /^refused: the program did not answer as the protocol says$/],
  [
    "another version of the protocol",
    `console.log('{"protocolVersion":2,"values":{}}')`,
    {},
    /did not answer as the protocol says/,
  ],
  ["a value that is no text", `answer({ id: 5 })`, {}, /it is not text/],
  ["an empty value", `answer({ id: "" })`, {}, /it is empty/],
  ["a value for another id", `answer({ other: "x" })`, {}, /the program gave no value/],
  ["a value that only every object has", `answer({})`, { id: "constructor" }, /the program gave no value/],
  ["a failure", `answer({ id: "x" }); process.exitCode = 3`, {}, /the program ended with code 3/],
  ["a run that is too long", `setTimeout(() => {}, 60000)`, { timeoutMs: 700 }, /took longer than 700 ms/],
  ["silence", `setTimeout(() => {}, 60000)`, { noOutputTimeoutMs: 600 }, /said nothing for 600 ms/],
  ["too much output", `answer({ id: "x".repeat(5000) })`, { maxOutputBytes: 1000 }, /wrote more than 1000 bytes/],
  ["raw output where it is allowed", `console.log("raw value")`, { jsonOnly: false }, /^raw value$/],
  ["errors on the side are not kept", `console.error("secret"); answer({ id: "fine" })`, {}, /^fine$/],
];

for (const [what, body, { id = "id", ...settings }, outcome] of PROGRAMS) {
  test(`a program and its limits: ${what}`, posix, async () => {
    const here = await machine();
    const command = await here.program("vault", body);
    assert.match(await get(here, String(id), { source: "exec", command, ...settings }), outcome);
  });
}

test(
  "a program must be a file of one's own that nobody else can change, not a link, in a trusted folder",
  posix,
  async () => {
    const here = await machine();
    await mkdir(join(here.home, "bin"), { mode: 0o700 });
    await here.program("vault", `answer({ id: "fine" })`);
    const command = join(here.home, "bin", "vault");
    await rename(join(here.home, "vault"), command);
    const link = join(here.home, "link");
    await symlink(command, link);
    const ask = (settings: Settings) => get(here, "id", { source: "exec", command, ...settings });

    assert.equal(await ask({}), "fine");
    assert.equal(await ask({ trustedDirs: ["~/bin"] }), "fine");
    assert.match(await ask({ trustedDirs: ["~/other"] }), /outside the trusted folders/);
    assert.match(await ask({ trustedDirs: [] }), /outside the trusted folders/);
    assert.match(await ask({ command: link }), /is a link/);
    assert.equal(await ask({ command: link, allowSymlinkCommand: true }), "fine");
    assert.match(
      await ask({ command: link, allowSymlinkCommand: true, trustedDirs: [here.home + "/nowhere"] }),
      /outside/,
    );
    assert.match(await ask({ command: "vault" }), /is not an absolute path/);
    assert.match(await ask({ command: join(here.home, "none") }), /there is no program/);
    assert.match(await ask({ command: here.home }), /no regular file/);
    await chmod(command, 0o772);
    assert.match(await ask({}), /others on this machine can get at/);
    assert.equal(await ask({ allowInsecurePath: true }), "fine");
  },
);

test("no shell ever sees what is configured", posix, async () => {
  const here = await machine();
  const command = await here.program("my vault; touch pwned", `answer({ id: process.argv[2] })`);
  const args = ["$(touch pwned) `id` ; rm -rf x"];
  assert.equal(await get(here, "id", { source: "exec", command, args }), args[0]);
  await assert.rejects(readFile(join(here.home, "pwned")));
});

test("only so many providers are asked at the same time", posix, async () => {
  const here = await machine();
  await writeFile(join(here.home, "log"), "");
  const command = await here.program(
    "vault",
    `const fs = require("fs"); const log = __dirname + "/log";
     fs.appendFileSync(log, "+"); setTimeout(() => { fs.appendFileSync(log, "-"); answer({ id: "x" }); }, 150);`,
  );
  const names = ["a", "b", "c", "d"];
  const root = {
    models: {
      providers: Object.fromEntries(
        names.map((name) => [name, { apiKey: { source: "exec", provider: name, id: "id" } }]),
      ),
    },
    secrets: {
      providers: Object.fromEntries(names.map((name) => [name, { source: "exec", command }])),
      resolution: { maxProviderConcurrency: 1 },
    },
  };
  assert.deepEqual((await here.resolve(root, "start")).issues, []);
  assert.equal(await readFile(join(here.home, "log"), "utf8"), "+-+-+-+-");
});
