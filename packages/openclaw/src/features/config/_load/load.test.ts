import assert from "node:assert/strict";
import { mkdtemp, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import fc from "fast-check";
import { Fault } from "../../../base/errors.ts";
import { loadConfig, requireValid, type ConfigFile } from "../index.ts";
import { issueReport } from "../_report.ts";
import { loadText } from "./load.ts";
import { gatewaySample, sampleSections, telegramSample } from "../_samples.ts";

const paths = { home: "/home/me", state: "/home/me/.openclaw", config: "/home/me/.openclaw/openclaw.json" };

function load(text: string, env: Record<string, string> = {}): Promise<ConfigFile> {
  return loadText({ env, paths }, text, sampleSections);
}

/** Text of a file and the lines that a person reads, without the heading. */
const BROKEN: readonly (readonly [what: string, text: string, lines: readonly string[]])[] = [
  [
    "an unknown key is named with the nearest known one",
    "{\n  gateway: {\n    prot: 1\n  }\n}",
    ['gateway.prot: unknown key "prot" (did you mean "port"?) (line 3, column 5)'],
  ],
  [
    "an unknown key far from every other is only named",
    "{ gateway: { zzzzzz: 1 } }",
    ['gateway.zzzzzz: unknown key "zzzzzz" (line 1, column 14)'],
  ],
  [
    "a section that nobody declares is unknown",
    "{\n  nonsense: {}\n}",
    ['nonsense: unknown key "nonsense" (line 2, column 3)'],
  ],
  [
    "a channel that nobody declares is unknown",
    "{ channels: { telegarm: {} } }",
    ['channels.telegarm: unknown key "telegarm" (did you mean "telegram"?) (line 1, column 15)'],
  ],
  [
    "a wrong type says what was expected and what stands there",
    '{ gateway: { port: "x" } }',
    ["gateway.port: expected a whole number, got text (line 1, column 14)"],
  ],
  [
    "a fraction is no whole number",
    "{ gateway: { port: 1.5 } }",
    ["gateway.port: expected a whole number, got 1.5 (line 1, column 14)"],
  ],
  [
    "a number out of range names the limit",
    "{ gateway: { port: 70000 } }",
    ["gateway.port: must be <= 65535 (line 1, column 14)"],
  ],
  [
    "a value outside a list of values names them and the nearest",
    '{ gateway: { mode: "locla" } }',
    ['gateway.mode: expected one of "local", "remote", got "locla" (did you mean "local"?) (line 1, column 14)'],
  ],
  [
    "a missing key is reported where its object stands",
    "{\n  agents: {\n    list: [\n      {}\n    ]\n  }\n}",
    ["agents.list[0].id: this key is required (line 4, column 7)"],
  ],
  [
    "a rule between keys is reported with its place",
    '{\n agents: { list: [{ id: "a" },\n  { id: "a" }] }\n}',
    ['agents.list[1].id: another agent is called "a" (line 3, column 5)'],
  ],
  [
    "a rule about a missing key points at its section",
    '{\n channels: {\n  telegram: { dmPolicy: "open" } } }',
    ['channels.telegram.allowFrom: must hold "*" while dmPolicy is "open" (line 3, column 3)'],
  ],
  [
    "a choice between shapes reports the shape that was meant",
    '{ agents: { defaults: { model: { primry: "x" } } } }',
    [
      'agents.defaults.model.primry: unknown key "primry" (did you mean "primary"?) (line 1, column 34)',
      "agents.defaults.model.primary: this key is required (line 1, column 25)",
    ],
  ],
  [
    "a choice between shapes names them all when none was meant",
    "{ agents: { defaults: { model: 5 } } }",
    ["agents.defaults.model: expected text or an object, got 5 (line 1, column 25)"],
  ],
  [
    "the placeholder of a hidden value is no value",
    '{ gateway: { auth: { token: "__OPENCLAW_REDACTED__" } } }',
    ["gateway.auth.token: holds the placeholder of a hidden value; write the value itself (line 1, column 22)"],
  ],
  [
    "a missing variable is named with its path",
    '{\n  gateway: { auth: {\n    token: "${GW_TOKEN}" } }\n}',
    ["gateway.auth.token: the environment variable GW_TOKEN is missing or empty (line 3, column 5)"],
  ],
  [
    "every issue is listed, in the order of the file",
    '{\n b: 1,\n gateway: { port: "x", a: 1 }\n}',
    [
      'b: unknown key "b" (line 2, column 2)',
      "gateway.port: expected a whole number, got text (line 3, column 13)",
      'gateway.a: unknown key "a" (line 3, column 24)',
    ],
  ],
  [
    "broken syntax names line and column",
    "{\n  gateway: {\n    port: 1,,\n  }\n}",
    ["<root>: not JSON5: invalid character ',' (line 3, column 13)"],
  ],
  ["an unfinished file names its end", "{ gateway: {", ["<root>: not JSON5: invalid end of input (line 1, column 13)"]],
  [
    "a file that is no object is refused",
    "[1]",
    ["<root>: the file must hold one object in braces (line 1, column 1)"],
  ],
  [
    "names of the language itself are ordinary unknown keys",
    '{ "__proto__": {}, constructor: 1 }',
    [
      '__proto__: unknown key "__proto__" (line 1, column 3)',
      'constructor: unknown key "constructor" (line 1, column 20)',
    ],
  ],
  [
    "names of the language itself are refused also where any name is free",
    '{\n "env": { "__proto__": "x" },\n "channels": { "telegram": { "accounts": { "constructor": {}, "prototype": {} } } }\n}',
    [
      'env.__proto__: unknown key "__proto__" (line 2, column 11)',
      'channels.telegram.accounts.constructor: unknown key "constructor" (line 3, column 44)',
      'channels.telegram.accounts.prototype: unknown key "prototype" (line 3, column 63)',
    ],
  ],
  [
    "the old way of naming a secret says the new one",
    "{ gateway: { auth: { token: 'secretref-env:GW' } } }",
    ['gateway.auth.token: names a secret in an old way; write { source: "env", id: "GW" } (line 1, column 22)'],
  ],
];

for (const [what, text, lines] of BROKEN) {
  test(`broken configuration: ${what}`, async () => {
    const file = await load(text);
    assert.equal(file.valid, false);
    assert.equal(file.snapshot, undefined);
    assert.deepEqual(issueReport(file).split("\n"), [`Invalid config at ${paths.config}:`, ...lines]);
  });
}

const FINE: readonly (readonly [what: string, text: string])[] = [
  ["an empty file counts as an empty object", " \n"],
  [
    "comments, trailing commas, single quotes and bare keys are JSON5",
    "// c\n{ gateway: { port: 1, /* x */ mode: 'local', }, }",
  ],
  ["a byte order mark is skipped", "\uFEFF{}"],
  ["the schema address for editors is allowed", '{ $schema: "https://example.com/x.json" }'],
  [
    "free names are allowed where the schema says so",
    '{ channels: { telegram: { accounts: { "what ever": {} } } }, env: { ANY_NAME: "x" } }',
  ],
];

for (const [what, text] of FINE) {
  test(`sound configuration: ${what}`, async () => {
    assert.deepEqual((await load(text)).issues, []);
  });
}

test("the kind of trouble decides the code of the fault", async () => {
  const codeOf = async (text: string) => {
    try {
      requireValid(await load(text));
      return "none";
    } catch (error) {
      return error instanceof Fault ? error.code : "other";
    }
  };
  assert.deepEqual(await Promise.all(["{", '{ env: { A: "${B}" } }', "{ x: 1 }", "{}"].map(codeOf)), [
    "CONFIG_SYNTAX",
    "CONFIG_VARIABLE_MISSING",
    "CONFIG_INVALID",
    "none",
  ]);
});

test("defaults are filled at every depth, also in sections that the file leaves out", async () => {
  const snapshot = requireValid(await load('{ agents: { list: [{ id: "a" }] } }'));
  assert.equal(snapshot.section(gatewaySample).port, 18_789);
  assert.equal(snapshot.at("gateway.auth.mode"), "token");
  assert.equal(snapshot.at("agents.list[0].enabled"), true);
  assert.equal(snapshot.section(telegramSample).dmPolicy, "pairing");
  assert.equal(snapshot.at("logging.level"), "info");
});

test("nobody can change a snapshot", async () => {
  const snapshot = requireValid(await load("{ gateway: { port: 5 } }"));
  assert.throws(() => Object.assign(snapshot.root["gateway"] as object, { port: 6 }), TypeError);
  assert.equal(snapshot.at("gateway.port"), 5);
});

test("the env block comes before substitution, and only where the process has nothing", async () => {
  const text =
    '{ env: { A: "one", B: "file", vars: { A: "two", C: "${B}!" } }, gateway: { auth: { token: "${A}-${B}-${C}" } } }';
  const file = await load(text, { B: "process" });
  assert.deepEqual(file.env, { A: "two", C: "process!" });
  assert.equal(file.snapshot?.at("gateway.auth.token"), "two-process-process!");
});

test("a missing file is an empty configuration", async () => {
  const state = await mkdtemp(join(tmpdir(), "openclaw-config-"));
  const file = await loadConfig({
    platform: { env: {}, paths: { home: state, state, config: join(state, "openclaw.json") } },
    sections: sampleSections,
  });
  assert.equal(file.exists, false);
  assert.equal(file.raw, null);
  assert.equal(file.valid, true);
  assert.equal(file.hash, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
});

test("a file that is not UTF-8 is refused with its place, and never guessed at", async () => {
  const state = await mkdtemp(join(tmpdir(), "openclaw-config-"));
  const paths = { home: state, state, config: join(state, "openclaw.json") };
  const loadBytes = async (bytes: readonly number[]) => {
    await writeFile(paths.config, Buffer.from(bytes));
    return loadConfig({ platform: { env: {}, paths }, sections: sampleSections });
  };
  const broken = await loadBytes([...Buffer.from("{\n  // \u00e9 caf"), 0xe9, ...Buffer.from("\n}")]);
  assert.equal(broken.problem, "syntax");
  assert.deepEqual(broken.issues, [{ path: "", message: "not UTF-8 text", line: 2, column: 11 }]);
  assert.equal((await loadBytes([0xff, 0xfe, 0x7b, 0x00, 0x7d, 0x00])).issues[0]?.message, "not UTF-8 text");
  assert.deepEqual((await loadBytes([...Buffer.from("\uFEFF{ /* \u00e9 \ud83e\udd9e \ufffd */ }")])).issues, []);
});

test(
  "a device or a pipe is no configuration",
  { skip: process.platform === "win32" && "there are none on Windows" },
  async () => {
    const paths = { home: "/tmp", state: "/tmp", config: "/dev/zero" };
    await assert.rejects(loadConfig({ platform: { env: {}, paths }, sections: sampleSections }), {
      code: "CONFIG_UNREADABLE",
      message: /not a regular file/,
    });
  },
);

test("a file of 50 MB is refused at once, without being read", async () => {
  const state = await mkdtemp(join(tmpdir(), "openclaw-config-"));
  const paths = { home: state, state, config: join(state, "openclaw.json") };
  await writeFile(paths.config, "");
  await truncate(paths.config, 50 * 1024 * 1024);
  const memory = process.memoryUsage().arrayBuffers;
  await assert.rejects(loadConfig({ platform: { env: {}, paths }, sections: sampleSections }), {
    code: "CONFIG_UNREADABLE",
    message: /openclaw\.json is larger than 4194304 bytes/,
  });
  assert.ok(process.memoryUsage().arrayBuffers - memory < 8 * 1024 * 1024);
});

test("a file that cannot be read is a fault that names it", async () => {
  const state = await mkdtemp(join(tmpdir(), "openclaw-config-"));
  await assert.rejects(
    loadConfig({ platform: { env: {}, paths: { home: state, state, config: state } }, sections: sampleSections }),
    { code: "CONFIG_UNREADABLE" },
  );
  await writeFile(join(state, "big.json"), " ".repeat(5 * 1024 * 1024));
  await assert.rejects(
    loadConfig({
      platform: { env: {}, paths: { home: state, state, config: join(state, "big.json") } },
      sections: sampleSections,
    }),
    { code: "CONFIG_UNREADABLE" },
  );
});

test("loading never throws and never accepts an unknown key, whatever the JSON", async () => {
  const keys = fc.constantFrom(
    "gateway",
    "agents",
    "list",
    "auth",
    "port",
    "env",
    "vars",
    "channels",
    "telegram",
    "id",
    "__proto__",
    "constructor",
    "prototype",
    "toString",
    "x",
  );
  const { tree } = fc.letrec((tie) => ({
    tree: fc.oneof(
      { maxDepth: 5 },
      fc.jsonValue({ maxDepth: 1 }),
      fc.dictionary(keys, tie("tree"), { maxKeys: 4 }),
      fc.array(tie("tree"), { maxLength: 3 }),
    ),
  }));
  await fc.assert(
    fc.asyncProperty(fc.dictionary(keys, tree, { maxKeys: 4 }), async (root) => {
      const text = JSON.stringify(root).replaceAll('"x"', '"${X}"');
      const file = await load(text, { X: "x" });
      assert.deepEqual(Object.keys(Object.prototype), []);
      if (file.valid) assert.ok(!/"(?:__proto__|constructor|prototype)":/.test(text), text);
      if (file.valid)
        assert.ok(Object.keys(root).every((key) => ["gateway", "agents", "env", "channels"].includes(key)));
    }),
    { numRuns: 500 },
  );
});
