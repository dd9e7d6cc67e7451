/** What one write does to the files beside each other. */
import assert from "node:assert/strict";
import { chmod, lstat, mkdir, mkdtemp, readFile, readdir, stat, symlink, writeFile } from "node:fs/promises";
import { hostname, tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { sha256 } from "../../../base/ids.ts";
import { systemClock } from "../../../base/time.ts";
import { commit, lastGoodPath, type WriteRules } from "./commit.ts";
import { replacement } from "./drafts.ts";
import { errors } from "../errors.ts";
import { loadConfig } from "../_load/load.ts";
import { sampleSections as sections } from "../_samples.ts";
import { editConfig } from "../_service.ts";

/** A folder with files; `openclaw.json` is the configuration. */
async function place(files: Readonly<Record<string, string>>, env: Record<string, string> = {}) {
  const state = await mkdtemp(join(tmpdir(), "openclaw-write-"));
  for (const [name, text] of Object.entries(files)) {
    await mkdir(dirname(join(state, name)), { recursive: true });
    await writeFile(join(state, name), text);
  }
  const config = join(state, "openclaw.json");
  const platform = { env, paths: { home: state, state, config }, clock: systemClock, version: "2026.11.0" };
  const context = { platform, sections };
  return {
    state,
    config,
    context,
    platform,
    text: (name = "openclaw.json") => readFile(join(state, name), "utf8"),
    set: (path: string, value: unknown) => editConfig(context, [{ path, value }]),
    remove: (path: string) => editConfig(context, [{ path, remove: true }]),
    replace: (text: string, rules?: WriteRules) =>
      commit(
        context,
        replacement(context, async () => text),
        rules,
      ),
    names: async () => (await readdir(state)).filter((name) => !name.startsWith("openclaw.json.bak")),
  };
}

const LONG = `// ${"x".repeat(600)}\n`;

// ---- includes -------------------------------------------------------------------------------

const INCLUDED = {
  "openclaw.json": "// root\n{ gateway: { $include: './parts/gateway.json5' }, agents: { $include: 'agents.json' } }\n",
  "parts/gateway.json5": "// mine\n{ port: 5, /* keep */ mode: 'local' }\n",
  "agents.json": '{ "list": [{ "id": "a" }] }',
};

test("a change inside a section that stands in a file of its own goes to that file only", async () => {
  const { set, text } = await place(INCLUDED);
  const file = await set("gateway.port", 6);
  assert.equal(await text("parts/gateway.json5"), "// mine\n{ port: 6, /* keep */ mode: 'local' }\n");
  assert.equal(await text(), INCLUDED["openclaw.json"]);
  assert.equal(file.snapshot?.at("gateway.port"), 6);
  assert.equal(await text("parts/gateway.json5.bak"), INCLUDED["parts/gateway.json5"]);
});

test("the whole of such a section is written to its file as well", async () => {
  const { set, text } = await place(INCLUDED);
  await set("agents", { list: [{ id: "b" }] });
  assert.deepEqual(JSON.parse(await text("agents.json")), { list: [{ id: "b" }] });
  assert.equal(await text(), INCLUDED["openclaw.json"]);
});

test("a change beside such a section goes to the configuration file", async () => {
  const { set, text } = await place(INCLUDED);
  await set("logging.level", "debug");
  assert.match(await text(), /^\/\/ root\n\{ gateway: \{ \$include: '\.\/parts\/gateway\.json5' \}.*level: "debug"/s);
});

test("an invalid change of an included section is written nowhere", async () => {
  const { set, text, names } = await place(INCLUDED);
  await assert.rejects(set("gateway.prot", 1), { code: "CONFIG_WRITE_REJECTED", message: /gateway\.prot/ });
  assert.equal(await text("parts/gateway.json5"), INCLUDED["parts/gateway.json5"]);
  assert.equal((await names()).filter((name) => name.startsWith("openclaw.json.rejected.")).length, 1);
});

/** Where `$include` stands, and a change that could only be made by flattening it. */
const FOREIGN: readonly (readonly [what: string, root: string, path: string])[] = [
  ["the root", "{ $include: 'agents.json' }", "gateway.port"],
  ["several files", "{ agents: { $include: ['agents.json', 'agents.json'] } }", "agents.defaults.model"],
  ["keys beside it", "{ agents: { $include: 'agents.json', defaults: {} } }", "agents.defaults.model"],
  ["deeper than a section", "{ agents: { list: { $include: 'list.json' } } }", "agents.list[0].name"],
  ["below the changed value", "{ agents: { list: { $include: 'list.json' } } }", "agents.list"],
  ["inside the included file", "{ agents: { $include: 'nested.json' } }", "agents.list"],
  ["a file that is not there", "{ agents: { $include: 'gone.json' } }", "agents.list"],
];
for (const [what, root, path] of FOREIGN) {
  test(`an include is never flattened: ${what}`, async () => {
    const files = {
      "openclaw.json": root,
      "agents.json": "{}",
      "list.json": '[{ "id": "a" }]',
      "nested.json": '{ "list": { "$include": "list.json" } }',
    };
    const { set, text } = await place(files);
    await assert.rejects(set(path, path.endsWith("list") ? [] : "x"), { code: "CONFIG_INCLUDED" });
    for (const [name, before] of Object.entries(files)) assert.equal(await text(name), before);
  });
}

test("one edit never spans two files", async () => {
  const { context, text } = await place(INCLUDED);
  const both = editConfig(context, [
    { path: "gateway.port", value: 6 },
    { path: "logging.level", value: "debug" },
  ]);
  await assert.rejects(both, { code: "CONFIG_INCLUDED", message: /port, logging\.level/ });
  assert.equal(await text(), INCLUDED["openclaw.json"]);
});

test("an include outside the changed part is no obstacle", async () => {
  const { set, text } = await place({
    "openclaw.json": "{ agents: { list: { $include: 'list.json' } }, gateway: {} }",
    "list.json": '[{ "id": "a" }]',
  });
  await set("gateway.port", 6);
  assert.match(await text(), /\$include: 'list\.json'/);
});

// ---- guards ---------------------------------------------------------------------------------

test("a replacement keeps its text, stamped", async () => {
  const { replace, text } = await place({ "openclaw.json": "{}" });
  await replace("// new\n{ gateway: { port: 7 } }\n");
  assert.match(await text(), /^\/\/ new\n\{ gateway: \{ port: 7 \}, meta: \{ lastTouchedVersion: "2026\.11\.0"/);
});

test("a replacement must not lose gateway.mode or more than half of the text", async () => {
  const before = `${LONG}{ gateway: { mode: 'local' } }`;
  const { replace, text, names } = await place({ "openclaw.json": before });
  await assert.rejects(replace(`${LONG}{ gateway: {} }`), { code: "CONFIG_WRITE_REJECTED", message: /gateway\.mode/ });
  await assert.rejects(replace("{ gateway: { mode: 'local' } }"), {
    code: "CONFIG_WRITE_REJECTED",
    message: /smaller by more than half/,
  });
  assert.equal(await text(), before);
  assert.equal((await names()).filter((name) => name.includes(".rejected.")).length, 2);
});

test("a loss that was asked for is written, and the copy that would undo it is forgotten", async () => {
  const { replace, text, config } = await place({ "openclaw.json": `${LONG}{ gateway: { mode: 'local' } }` });
  await writeFile(lastGoodPath(config), await text());
  await replace("{ gateway: { mode: 'local' } }", { excuse: ["size"] });
  await assert.rejects(stat(lastGoodPath(config)), { code: "ENOENT" });
});

test("a small file may shrink, and so may any whose part is removed by name", async () => {
  const small = await place({ "openclaw.json": "{ agents: { list: [{ id: 'a', name: 'something long' }] } }" });
  await small.replace("{}");
  const big = await place({ "openclaw.json": `{ agents: { list: [{ id: 'a', name: '${"x".repeat(900)}' }] } }` });
  await big.remove("agents");
  assert.ok(!(await big.text()).includes("agents"));
});

test("at most ten rejected texts are kept", async () => {
  const { set, names } = await place({ "openclaw.json": "{}" });
  for (let at = 0; at < 13; at += 1) await assert.rejects(set("gateway.prot", at));
  const kept = (await names()).filter((name) => name.includes(".rejected."));
  assert.ok(kept.length <= 10 && kept.length >= 9, String(kept.length));
});

test("a text that loading would refuse for its size is refused", async () => {
  const { set } = await place({ "openclaw.json": "{}" });
  await assert.rejects(set("env.vars.A", "x".repeat(4 * 1024 * 1024)), { code: "CONFIG_WRITE_REJECTED" });
});

test("the hash that the caller saw must be that of the file", async () => {
  const { replace } = await place({ "openclaw.json": "{}" });
  const required = () => errors.CONFIG_HASH_MISSING({ paths: [] });
  await assert.rejects(replace("{}", { base: { required } }), { code: "CONFIG_HASH_MISSING" });
  await assert.rejects(replace("{}", { base: { required, hash: sha256("{ }") } }), { code: "CONFIG_CHANGED" });
  const { file } = await replace("{}", { base: { required, hash: sha256("{}") } });
  await assert.rejects(replace("{}", { base: { required, hash: sha256("{}") } }), { code: "CONFIG_CHANGED" });
  await replace("{}", { base: { required, hash: file.hash } });
});

test("a missing file needs no hash, and has that of nothing", async () => {
  const required = () => errors.CONFIG_HASH_MISSING({ paths: [] });
  await (await place({})).replace("{}", { base: { required } });
  await (await place({})).replace("{}", { base: { required, hash: sha256("") } });
  await assert.rejects((await place({})).replace("{}", { base: { required, hash: sha256("{}") } }), {
    code: "CONFIG_CHANGED",
  });
});

test("the hash after a write is that of the bytes that are there", async () => {
  const { set, context } = await place({ "openclaw.json": "{}" });
  assert.equal((await set("gateway.port", 6)).hash, (await loadConfig(context)).hash);
});

// ---- the disk -------------------------------------------------------------------------------

test("the state directory and the file are the owner's alone afterwards", async () => {
  const { set, state, config } = await place({ "openclaw.json": "{}" });
  await chmod(state, 0o755);
  await chmod(config, 0o644);
  await set("gateway.port", 6);
  assert.deepEqual([(await stat(state)).mode & 0o777, (await stat(config)).mode & 0o777], [0o700, 0o600]);
});

test("a link to a file is replaced, what it points to stays", async () => {
  const { set, state, config } = await place({ "real.json": "{ gateway: { port: 5 } }" });
  await symlink(join(state, "real.json"), config);
  await set("gateway.port", 6);
  assert.equal((await lstat(config)).isSymbolicLink(), false);
  assert.equal(await readFile(join(state, "real.json"), "utf8"), "{ gateway: { port: 5 } }");
});

/** What stands in a lock, and whether it is taken over at once. */
const LOCKS: readonly (readonly [what: string, line: string, taken: boolean])[] = [
  ["of a process that is dead", `999999999 1 ${hostname()}`, true],
  ["of an earlier process with our number", `${process.pid} 1 ${hostname()}`, true],
  ["of a process that lives", `1 1 ${hostname()}`, false],
  ["of this process", `${process.pid} ${performance.timeOrigin} ${hostname()}`, false],
  ["of another machine", "999999999 1 elsewhere", false],
  ["that is empty", "", false],
];
for (const [what, line, taken] of LOCKS) {
  test(`a lock ${what} is ${taken ? "taken over" : "respected"}`, async () => {
    const { config, context, platform } = await place({ "openclaw.json": "{}" });
    await writeFile(`${config}.lock`, line);
    let passed = 0;
    const clock = {
      ...systemClock,
      monotonic: () => passed,
      sleep: async (ms: number) => void (passed += ms * 100),
    };
    const edit = editConfig({ ...context, platform: { ...platform, clock } }, [{ path: "gateway.port", value: 6 }]);
    if (taken) await edit;
    else await assert.rejects(edit, { code: "CONFIG_BUSY" });
  });
}
