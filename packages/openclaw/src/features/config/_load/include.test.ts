import assert from "node:assert/strict";
import { chmod, mkdir, mkdtemp, readFile, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { test } from "node:test";
import fc from "fast-check";
import type { Env } from "../../../base/env.ts";
import { systemClock } from "../../../base/time.ts";
import { unprivileged } from "../../../base/unprivileged.fixture.ts";
import { editConfig, loadConfig, readConfig, type ConfigFile } from "../index.ts";
import { mergePieces } from "./merge.ts";
import { issueLine } from "../_report.ts";
import { sampleSections } from "../_samples.ts";

const posix = { skip: process.platform === "win32" && "modes mean nothing there" };

type Files = Readonly<Record<string, string>>;

/** Writes files below a new folder; `openclaw.json` is the configuration. */
async function folder(files: Files): Promise<string> {
  const state = await mkdtemp(join(tmpdir(), "openclaw-include-"));
  for (const [name, text] of Object.entries(files)) {
    await mkdir(dirname(join(state, name)), { recursive: true });
    await writeFile(join(state, name), text.replaceAll("<state>", state));
  }
  return state;
}

async function load(files: Files, env: Env = {}): Promise<{ readonly file: ConfigFile; readonly state: string }> {
  const state = await folder(files);
  const paths = { home: state, state, config: join(state, "openclaw.json") };
  return { state, file: await loadConfig({ platform: { env, paths }, sections: sampleSections }) };
}

async function read(files: Files, env: Env = {}): Promise<ConfigFile> {
  const state = await folder(files);
  return readConfig({ env, paths: { home: state, state, config: join(state, "openclaw.json") } });
}

const MERGES: readonly (readonly [what: string, files: Files, resolved: unknown])[] = [
  [
    "one file replaces the object that names it",
    { "openclaw.json": "{ a: { $include: './a.json5' } }", "a.json5": "{ x: 1, y: [2] }" },
    { a: { x: 1, y: [2] } },
  ],
  [
    "a file may give a list or a plain value",
    {
      "openclaw.json": "{ a: { $include: 'list' }, b: { $include: 'text' } }",
      list: "[1, 2]",
      text: "'plain' // with a comment",
    },
    { a: [1, 2], b: "plain" },
  ],
  [
    "of several files the later one wins, object by object, and lists follow each other",
    {
      "openclaw.json": "{ a: { $include: ['1', '2'] } }",
      "1": "{ deep: { x: 1, y: 1 }, list: [1], only: 1, kind: [] }",
      "2": "{ deep: { y: 2 }, list: [2, 3], kind: 'text' }",
    },
    { a: { deep: { x: 1, y: 2 }, list: [1, 2, 3], only: 1, kind: "text" } },
  ],
  [
    "files of lists make one list",
    {
      "openclaw.json": "{ agents: { list: { $include: ['a', 'b'] } } }",
      a: "[{ id: 'one' }]",
      b: "[{ id: 'two' }, { id: 'three' }]",
    },
    { agents: { list: [{ id: "one" }, { id: "two" }, { id: "three" }] } },
  ],
  [
    "keys beside it win over what is included",
    { "openclaw.json": "{ b: 99, $include: 'base', c: { x: 2 } }", base: "{ a: 1, b: 2, c: { x: 1, y: 1 } }" },
    { a: 1, b: 99, c: { x: 2, y: 1 } },
  ],
  [
    "included files include further ones, from their own folder",
    {
      "openclaw.json": "{ $include: './clients/m.json5' }",
      "clients/m.json5": "{ agents: { $include: './m/agents.json5' }, common: { $include: '../shared.json5' } }",
      "clients/m/agents.json5": "{ list: [] }",
      "shared.json5": "{ on: true }",
    },
    { agents: { list: [] }, common: { on: true } },
  ],
  [
    "an item of a list may be a file",
    { "openclaw.json": "{ list: [{ $include: 'one' }, 2] }", one: "{ id: 1 }" },
    { list: [{ id: 1 }, 2] },
  ],
  [
    "absolute paths and ~ are understood",
    { "openclaw.json": "{ a: { $include: '<state>/x/a' }, b: { $include: '~/x/a' } }", "x/a": "{ x: 1 }" },
    { a: { x: 1 }, b: { x: 1 } },
  ],
  ["an empty file gives an empty object", { "openclaw.json": "{ a: { $include: 'e' } }", e: " \n" }, { a: {} }],
  [
    "variables are put into included files, not into the names of files",
    { "openclaw.json": "{ a: { $include: '${NAME}.json' } }", "${NAME}.json": "{ x: '${NAME}', y: '$${NAME}' }" },
    { a: { x: "value", y: "${NAME}" } },
  ],
  [
    "an env block in an included file counts",
    {
      "openclaw.json": "{ env: { $include: 'env' }, a: '${FROM_FILE}' }",
      env: "{ FROM_FILE: 'there' }",
    },
    { env: { FROM_FILE: "there" }, a: "there" },
  ],
];

for (const [what, files, resolved] of MERGES) {
  test(`$include: ${what}`, async () => {
    const file = await read(files, { NAME: "value" });
    assert.deepEqual(file.issues, []);
    assert.deepEqual(file.resolved, resolved);
  });
}

const BROKEN: readonly (readonly [what: string, files: Files, lines: readonly string[]])[] = [
  [
    "a missing file is named with its full path",
    { "openclaw.json": "{\n a: { $include: './no/such.json5' } }" },
    ["a: there is no file <state>/no/such.json5 (line 2, column 7)"],
  ],
  [
    "broken syntax names the included file and the line in it",
    { "openclaw.json": "{ a: { $include: 'b.json5' } }", "b.json5": "{\n  x: 1,,\n}" },
    ["a: not JSON5: invalid character ',' (<state>/b.json5, line 2, column 8)"],
  ],
  [
    "a circle is printed as the chain of its files",
    {
      "openclaw.json": "{ a: { $include: 'b' } }",
      b: "{ x: { $include: 'c' } }",
      c: "{ y: { $include: './b' } }",
    },
    [
      "a.x.y: $include goes in a circle: <state>/openclaw.json → <state>/b → <state>/c → <state>/b (<state>/c, line 1, column 8)",
    ],
  ],
  [
    "a file that includes the configuration is a circle",
    { "openclaw.json": "{ $include: 'b' }", b: "{ $include: 'openclaw.json' }" },
    [
      "<root>: $include goes in a circle: <state>/openclaw.json → <state>/b → <state>/openclaw.json (<state>/b, line 1, column 3)",
    ],
  ],
  [
    "keys beside a list are refused",
    { "openclaw.json": "{ a: { $include: 'b', x: 1 } }", b: "[1]" },
    ["a: sibling keys need an included object (line 1, column 8)"],
  ],
  [
    "what is included in place of the whole must be an object",
    { "openclaw.json": "{ $include: 'b' }", b: "[1]" },
    ["<root>: the included file must hold an object here (line 1, column 3)"],
  ],
  [
    "a name that is no text is refused",
    { "openclaw.json": "{ a: { $include: 5 }, b: { $include: [] }, c: { $include: ['x', ''] } }" },
    [
      ["a", 8],
      ["b", 28],
      ["c", 49],
    ].map(([key, column]) => `${key}: $include must name a file or a list of files (line 1, column ${column})`),
  ],
  [
    "a folder is no file",
    { "openclaw.json": "{ a: { $include: 'sub' } }", "sub/x": "{}" },
    ["a: <state>/sub is a folder, not a regular file. (line 1, column 8)"],
  ],
  [
    "what is wrong in an included file is reported with that file and line",
    {
      "openclaw.json": "{\n gateway: { $include: 'g.json5', prot: 1 },\n agents: { list: { $include: ['a', 'b'] } } }",
      "g.json5": "{\n  port: 'x',\n}",
      a: "[{ id: 'one' }]",
      b: "[\n  { id: 'two' },\n  { id: 'three', nmae: 'x' }]",
    },
    [
      'gateway.prot: unknown key "prot" (did you mean "port"?) (line 2, column 34)',
      'agents.list[2].nmae: unknown key "nmae" (did you mean "name"?) (<state>/b, line 3, column 18)',
      "gateway.port: expected a whole number, got text (<state>/g.json5, line 2, column 3)",
    ],
  ],
  [
    "a missing variable in an included file is reported there",
    { "openclaw.json": "{ gateway: { $include: 'g' } }", g: "{\n auth: { token: '${NOT_SET}' } }" },
    ["gateway.auth.token: the environment variable NOT_SET is missing or empty (<state>/g, line 2, column 10)"],
  ],
];

for (const [what, files, lines] of BROKEN) {
  test(`broken $include: ${what}`, async () => {
    const { file, state } = await load(files);
    assert.equal(file.valid, false);
    assert.deepEqual(
      file.issues.map(issueLine),
      lines.map((line) => line.replaceAll("<state>", state)),
    );
  });
}

test("ten files below each other are fine, eleven are refused with the chain", async () => {
  const chain = (depth: number): Files =>
    Object.fromEntries(
      Array.from({ length: depth + 1 }, (_, at) => [
        at === 0 ? "openclaw.json" : `f${at}`,
        at === depth ? "{ x: 1 }" : `{ $include: 'f${at + 1}' }`,
      ]),
    );
  assert.deepEqual((await read(chain(10))).resolved, { x: 1 });
  const [issue] = (await read(chain(11))).issues;
  assert.match(issue?.message ?? "", /^\$include goes deeper than 10 files: .*openclaw\.json → .*f1 → .*f11$/);
});

test("files that include each other many times over end at a limit, soon", async () => {
  const many = (name: string) => `[${Array.from({ length: 30 }, () => `{ $include: '${name}' }`).join(",")}]`;
  const file = await read({
    "openclaw.json": "{ a: { $include: 'b' } }",
    b: many("c"),
    c: many("d"),
    d: many("e"),
    e: "1",
  });
  assert.match(file.issues[0]?.message ?? "", /more than 200 files are included/);
  assert.ok(file.includes.length < 2000);
});

test("a file beyond the size limit is refused, and so are many that are too large together", async () => {
  const big = "x".repeat(3_900_000);
  const one = await read({ "openclaw.json": "{ a: { $include: 'b' } }", b: `'${big}${big}'` });
  assert.match(one.issues[0]?.message ?? "", /larger than|4194304/);
  const all = await read({ "openclaw.json": "{ a: { $include: ['b', 'b', 'b', 'b', 'b'] } }", b: `'${big}'` });
  assert.match(all.issues[0]?.message ?? "", /larger than 16777216 bytes together/);
  const fine = await read({ "openclaw.json": "{ a: { $include: ['b', 'b', 'b', 'b'] } }", b: `'${big}'` });
  assert.deepEqual(fine.issues, []);
});

test("a file that is not UTF-8 is refused with the line", async () => {
  const state = await folder({ "openclaw.json": "{ a: { $include: 'b' } }" });
  await writeFile(join(state, "b"), Buffer.from([0x7b, 0x0a, 0x20, 0x27, 0xff, 0x27, 0x7d]));
  const file = await readConfig({ env: {}, paths: { home: state, state, config: join(state, "openclaw.json") } });
  assert.deepEqual(file.issues.map(issueLine), [`<root>: not UTF-8 text (${join(state, "b")}, line 2, column 3)`]);
});

test("the configuration keeps its own hash, while the revision covers what it includes", async () => {
  const files = { "openclaw.json": "{ a: { $include: 'b' } }", b: "{ x: 1 }" };
  const [first, second, same] = await Promise.all([read(files), read({ ...files, b: "{ x: 2 }" }), read(files)]);
  assert.equal(first.hash, second.hash);
  assert.notEqual(first.revision, second.revision);
  assert.notEqual(first.revision, first.hash);
  assert.equal(first.hash, same.hash);
  const plain = await read({ "openclaw.json": "{}" });
  assert.equal(plain.revision, plain.hash);
});

test("every file that is named is listed with the place of its value, also one that is missing", async () => {
  const { file, state } = await load({
    "openclaw.json": "{ agents: { $include: 'a' }, gateway: { $include: 'missing' } }",
    a: "{ list: { $include: ['b'] } }",
    b: "[]",
  });
  assert.deepEqual(file.includes, [
    { file: join(state, "a"), at: "agents" },
    { file: join(state, "b"), at: "agents.list" },
    { file: join(state, "missing"), at: "gateway" },
  ]);
  assert.deepEqual(file.parsed, { agents: { $include: "a" }, gateway: { $include: "missing" } });
});

test("with OPENCLAW_INCLUDE_ROOTS files come from the configuration's folder and those roots only, links resolved", async () => {
  const outside = await folder({ "b.json": "{ x: 1 }", "allowed/c.json": "{ x: 2 }" });
  const state = await folder({ "own.json": "{ x: 3 }" });
  await symlink(join(outside, "b.json"), join(state, "link.json"));
  const issuesOf = async (path: string, env: Env) => {
    await writeFile(join(state, "openclaw.json"), JSON.stringify({ a: { $include: path } }));
    return (await readConfig({ env, paths: { home: state, state, config: join(state, "openclaw.json") } })).issues;
  };
  const roots = { OPENCLAW_INCLUDE_ROOTS: [join(outside, "allowed"), join(outside, "other")].join(delimiter) };
  assert.deepEqual(await issuesOf("own.json", roots), []);
  assert.deepEqual(await issuesOf(join(outside, "allowed", "c.json"), roots), []);
  for (const path of [join(outside, "b.json"), "link.json", join(outside, "allowed", "..", "b.json")]) {
    assert.match((await issuesOf(path, roots))[0]?.message ?? "", /outside the folders of OPENCLAW_INCLUDE_ROOTS/);
    assert.deepEqual(await issuesOf(path, {}), []);
  }
});

test("a file that may not be read says so", posix, async (t) => {
  unprivileged(t);
  const state = await folder({ "openclaw.json": "{ a: { $include: 'b' } }", b: "{}" });
  await chmod(join(state, "b"), 0);
  const file = await readConfig({ env: {}, paths: { home: state, state, config: join(state, "openclaw.json") } });
  assert.match(file.issues[0]?.message ?? "", /permission denied/);
});

const source = { file: "f", path: [] };
const pieces = (value: unknown) => ({ value, source });

test("merging is associative, keeps every key, and leaves its arguments alone", () => {
  const value = fc.jsonValue({ maxDepth: 3 });
  fc.assert(
    fc.property(value, value, value, (a, b, c) => {
      const before = JSON.stringify([a, b, c]);
      const merge = (x: unknown, y: unknown) => mergePieces(pieces(x), pieces(y), new WeakMap()).value;
      const shape = (x: unknown) =>
        Array.isArray(x) ? "list" : x !== null && typeof x === "object" ? "object" : "plain";
      if (shape(a) === shape(b) && shape(b) === shape(c) && shape(a) !== "object")
        assert.deepEqual(merge(merge(a, b), c), merge(a, merge(b, c)));
      const merged = merge(a, b);
      if (shape(a) === "object" && shape(b) === "object")
        for (const key of [...Object.keys(a as object), ...Object.keys(b as object)])
          assert.ok(Object.hasOwn(merged as object, key));
      assert.equal(JSON.stringify([a, b, c]), before);
    }),
  );
});

test("a section in a file of its own is changed there, and what that file includes is found from its folder", async () => {
  const state = await folder({
    "openclaw.json": "{ agents: { $include: 'team/agents.json5' } }",
    "team/agents.json5": "{ list: { $include: './people.json5' }, defaults: { model: 'a' } } // ours\n",
    "team/people.json5": "[{ id: 'one' }]",
  });
  const paths = { home: state, state, config: join(state, "openclaw.json") };
  const platform = { env: {}, paths, clock: systemClock, version: "2026.11.0" };
  const context = { platform, sections: sampleSections };
  const file = await editConfig(context, [{ path: "agents.defaults.model", value: "b" }]);
  assert.equal(file.snapshot?.at("agents.defaults.model"), "b");
  assert.equal(file.snapshot?.at("agents.list[0].id"), "one");
  assert.match(await readFile(join(state, "team/agents.json5"), "utf8"), /model: "b" \} \} \/\/ ours/);
  await assert.rejects(editConfig(context, [{ path: "agents.defaults.modle", value: "b" }]), {
    code: "CONFIG_WRITE_REJECTED",
  });
  await assert.rejects(editConfig(context, [{ path: "agents.list", value: [] }]), { code: "CONFIG_INCLUDED" });
});

test("an included file cannot reach the prototype of anything", async () => {
  const evil = '{ "__proto__": { polluted: 1 }, "constructor": { "prototype": { polluted: 1 } } }';
  const { file } = await load({
    "openclaw.json": "{ gateway: { $include: ['b', 'b'], auth: {} }, $include: 'b' }",
    b: evil,
  });
  assert.equal(({} as Record<string, unknown>)["polluted"], undefined);
  assert.equal(file.valid, false);
  assert.ok(file.issues.some(({ path }) => path === "gateway.__proto__"));
  assert.equal(Object.getPrototypeOf(file.resolved["gateway"]), Object.prototype);
});
