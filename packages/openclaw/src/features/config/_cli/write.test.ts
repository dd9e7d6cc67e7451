/** `config set`, `unset` and `patch` as people type them, over a real file. */
import assert from "node:assert/strict";
import { mkdtemp, readFile, readdir, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import type { CliContext } from "../../../contracts/cli.ts";
import type { Platform, Token } from "../../../contracts/service.ts";
import { Fault } from "../../../base/errors.ts";
import { systemRandom } from "../../../base/ids.ts";
import { systemClock } from "../../../base/time.ts";
import { configSections } from "../../../generated/config.ts";
import { extensions } from "../../../generated/extensions.ts";
import { ConfigSections, SecretResolver, type ResolveSecrets } from "../index.ts";
import { cli } from "../cli.ts";

const sections = [...new Set([...configSections, ...extensions.flatMap(({ config }) => config)])];

interface Ran {
  readonly code: number;
  readonly out: string;
  readonly notes?: string;
  readonly json?: unknown;
  readonly error?: string;
}

/** A fake of whoever fetches secrets: knows which references it was asked for. */
function resolver(asked: string[]): ResolveSecrets {
  return async (root) => {
    const text = JSON.stringify(root);
    for (const [ref] of text.matchAll(/\{"source":[^}]*"id":[^}]*\}/g)) asked.push(ref);
    const missing = text.includes("MISSING");
    return {
      root,
      places: [],
      warnings: 0,
      issues: missing ? [{ path: "gateway.auth.token", message: "there is no variable MISSING" }] : [],
    };
  };
}

async function world(text?: string) {
  const state = await mkdtemp(join(tmpdir(), "openclaw-cli-"));
  const path = join(state, "openclaw.json");
  if (text !== undefined) await writeFile(path, text);
  const platform = {
    env: {},
    paths: { home: state, state, config: path },
    clock: systemClock,
    random: systemRandom,
    version: "2026.11.0",
  } as unknown as Platform;
  const asked: string[] = [];
  const values = new Map<string, unknown>([
    [ConfigSections.name, sections],
    [SecretResolver.name, resolver(asked)],
  ]);
  const run = async (name: string, args: readonly string[], options: CliContext["options"] = {}): Promise<Ran> => {
    const lines: string[] = [];
    const notes: string[] = [];
    const documents: unknown[] = [];
    const context = {
      platform,
      args,
      options,
      global: { json: options["json"] === true, verbose: false, color: false },
      out: {
        line: (line = "") => void lines.push(line),
        note: (note: string) => void notes.push(note),
        json: (value: unknown) => void documents.push(value),
      },
      use: async <T>({ name: token }: Token<T>) => values.get(token) as T,
    } as unknown as CliContext;
    const command = cli.find((each) => each.name === name);
    assert.ok(command, name);
    try {
      const code = (await (await command.load()).run(context)) ?? 0;
      return {
        code,
        out: lines.join("\n"),
        notes: notes.join("\n"),
        ...(documents.length > 0 ? { json: documents[0] } : {}),
      };
    } catch (error) {
      assert.ok(error instanceof Fault, String(error));
      return { code: 1, out: lines.join("\n"), error: error.message };
    }
  };
  return {
    set: (...args: string[]) => run("config set", args),
    run,
    asked,
    path,
    state,
    read: () => readFile(path, "utf8"),
    data: async () => JSON.parse(await readFile(path, "utf8")) as Record<string, never>,
    names: () => readdir(state),
  };
}

test("what was updated is said, and whether the gateway must restart for it", async () => {
  const { set } = await world("{}");
  assert.equal((await set("gateway.port", "19001")).out, "Updated gateway.port. Restart the gateway to apply.");
  assert.equal((await set("logging.level", "debug")).out, "Updated logging.level.");
  assert.equal((await set("channels.telegram.botToken", "1:a")).out, "Updated channels.telegram.botToken.");
  assert.equal(
    (await set('channels.telegram.groups["-100123"].requireMention', "true")).out,
    'Updated channels.telegram.groups["-100123"].requireMention.',
  );
});

const GUARDED = '{ gateway: { mode: "local" }, tools: { profile: "coding" } }';
const RESTARTS = "Restart the gateway to apply.";
const BY_ITSELF = "A gateway that is running restarts by itself.";

/** What a change needs, by what really changed and by how the gateway follows its file. */
const EFFECTS: readonly (readonly [
  why: string,
  text: string,
  args: readonly [string, string],
  out: string,
  notes: string,
])[] = [
  [
    "a section of which only live keys changed",
    GUARDED,
    ["hooks", '{ enabled: true, token: "0123456789abcdef01" }'],
    "Updated hooks.",
    "",
  ],
  [
    "one of its keys that needs a restart",
    GUARDED,
    ["hooks", "{ internal: { enabled: true } }"],
    `Updated hooks. ${RESTARTS}`,
    BY_ITSELF,
  ],
  ["the value that it has", GUARDED, ["gateway.mode", "local"], "Updated gateway.mode.", ""],
  ["the default", GUARDED, ["gateway.port", "18789"], "Updated gateway.port.", ""],
  ["a key of the gateway", GUARDED, ["gateway.port", "19001"], `Updated gateway.port. ${RESTARTS}`, BY_ITSELF],
  [
    "a gateway that restarts only by hand",
    '{ gateway: { mode: "local", reload: { mode: "hot" } } }',
    ["gateway.port", "19001"],
    `Updated gateway.port. ${RESTARTS}`,
    "",
  ],
  [
    "a gateway that does not follow its file",
    '{ gateway: { mode: "local", reload: { mode: "off" } } }',
    ["logging.level", "debug"],
    `Updated logging.level. ${RESTARTS}`,
    "",
  ],
];

for (const [why, text, args, out, notes] of EFFECTS)
  test(`config set says what its change needs: ${why}`, async () => {
    const { set } = await world(text);
    const ran = await set(...args);
    assert.deepEqual([ran.error, ran.out, ran.notes], [undefined, out, notes]);
  });

/** Arguments and options of `config set` that do not go together. */
const MISUSED: readonly (readonly [args: readonly string[], options: CliContext["options"], says: RegExp])[] = [
  [[], {}, /Give a value/],
  [["gateway.port"], {}, /Give a value/],
  [["gateway.port", "1"], { batchJson: "[]" }, /exclude each other/],
  [["gateway.port", "1"], { merge: true, replace: true }, /exclude each other/],
  [["gateway.port", "1"], { allowExec: true }, /--allow-exec needs --dry-run/],
  [["gateway.auth.token"], { refSource: "env", refId: "A" }, /needs --ref-source, --ref-provider and --ref-id/],
  [["gateway.auth"], { providerSource: "env" }, /secrets\.providers\.<alias>/],
  [["secrets.providers.v"], { providerSource: "file" }, /--provider-path/],
  [["secrets.providers.v"], { providerSource: "exec" }, /--provider-command/],
  [["secrets.providers.v"], { providerPath: "/x" }, /--provider-source/],
  [
    ["secrets.providers.v"],
    { providerSource: "file", providerPath: "/x", providerMaxBytes: "many" },
    /--provider-max-bytes takes a whole number/,
  ],
  [
    ["secrets.providers.v"],
    { providerSource: "exec", providerCommand: "/x", providerEnv: ["A"] },
    /--provider-env takes NAME=value/,
  ],
  [[], { batchJson: "{}" }, /A batch is a JSON list/],
  [[], { batchJson: "[{ path: 'a' }]" }, /Entry 1 of the batch/],
  [[], { batchJson: "[{ path: 'a', value: 1, ref: {} }]" }, /Entry 1 of the batch/],
  [[], { batchJson: "[]", batchFile: "x" }, /exclude each other/],
  [[], { batchFile: "/nowhere/at/all" }, /There is no file/],
  [["a["], { value: 1 }, /Give a value/],
  [["a[", "1"], {}, /is not a config path/],
  [["gateway.port", "{"], { strictJson: true }, /the value is not JSON5/],
];
for (const [args, options, says] of MISUSED) {
  test(`config set ${args.join(" ")} ${JSON.stringify(options)} is refused`, async () => {
    const { run, names } = await world();
    assert.match((await run("config set", args, options)).error ?? "", says);
    assert.deepEqual(await names(), []);
  });
}

test("a reference to a secret is built from its flags", async () => {
  const { run, data } = await world("{}");
  const flags = { refSource: "env", refProvider: "default", refId: "TOKEN" };
  await run("config set", ["gateway.auth.token"], flags);
  assert.deepEqual((await data())["gateway"], {
    auth: { token: { source: "env", provider: "default", id: "TOKEN" } },
  });
});

test("a provider of secrets is built from its flags", async () => {
  const { run, data } = await world("{}");
  await run("config set", ["secrets.providers.vault"], {
    providerSource: "exec",
    providerCommand: "/usr/bin/vault",
    providerArg: ["get", "x"],
    providerTimeoutMs: "900",
    providerJsonOnly: true,
    providerEnv: ["A=1", "B=x=y"],
    providerPassEnv: ["HOME"],
    providerTrustedDir: [],
  });
  assert.deepEqual((await data())["secrets"]!["providers"]["vault"], {
    source: "exec",
    command: "/usr/bin/vault",
    args: ["get", "x"],
    timeoutMs: 900,
    jsonOnly: true,
    env: { A: "1", B: "x=y" },
    passEnv: ["HOME"],
  });
});

test("a batch is written as a whole or not at all", async () => {
  const { run, read, state } = await world("{}");
  const batch = [
    { path: "gateway.port", value: 5 },
    { path: "gateway.auth.token", ref: { source: "env", provider: "default", id: "T" } },
    { path: "secrets.providers.v", provider: { source: "env" } },
  ];
  const done = await run("config set", [], { batchJson: JSON.stringify(batch) });
  assert.equal(done.out.split("\n").length, 3);
  const before = await read();
  await writeFile(join(state, "batch.json"), JSON.stringify([...batch, { path: "gateway.prot", value: 1 }]));
  assert.match((await run("config set", [], { batchFile: join(state, "batch.json") })).error ?? "", /gateway\.prot/);
  assert.equal(await read(), before);
});

/** A value for a protected place, and whether entries would be lost. */
const MODELS =
  '{ models: { providers: { x: { baseUrl: "http://x", models: [{ id: "a", name: "A" }] } } }, plugins: { entries: { p: {} } } }';
const LOSSES: readonly (readonly [path: string, value: string, lost: string | undefined])[] = [
  ["models.providers", "{}", "x from models.providers"],
  ["models", "{ providers: {} }", "x from models.providers"],
  ["models.providers.x.models", "[]", "a from models.providers.x.models"],
  ["models.providers.x.models", '[{ id: "a", name: "B" }, { id: "b", name: "B" }]', undefined],
  ["plugins.entries", "{ q: {} }", "p from plugins.entries"],
  ["plugins", "{}", "p from plugins.entries"],
  ["models.providers.x.baseUrl", "http://y", undefined],
];
for (const [path, value, lost] of LOSSES) {
  test(`config set ${path} ${value} ${lost ? "is refused, because entries would go" : "loses nothing"}`, async () => {
    const { set, run } = await world(MODELS);
    const { error } = await set(path, value);
    if (lost === undefined) assert.equal(error, undefined);
    else {
      assert.match(error ?? "", new RegExp(`^Config write rejected: it would remove ${lost}; add with --merge`));
      assert.equal((await run("config set", [path, value], { replace: true })).error, undefined);
    }
  });
}

test("--merge adds to maps and to lists of entries", async () => {
  const { run, data } = await world(MODELS.replaceAll(/(\w+):(?!\/)/g, '"$1":'));
  await run("config set", ["plugins.entries", "{ q: {} }"], { merge: true });
  await run("config set", ["models.providers.x.models", '[{ id: "b", name: "B" }, { id: "a", name: "A2" }]'], {
    merge: true,
  });
  const { plugins, models } = await data();
  assert.deepEqual(Object.keys(plugins!["entries"]), ["p", "q"]);
  assert.deepEqual(models!["providers"]["x"]["models"], [
    { id: "a", name: "A2" },
    { id: "b", name: "B" },
  ]);
});

test("a dry run tells what it looked at as data and writes nothing", async () => {
  const { run, path, names } = await world();
  const dry = { dryRun: true, json: true };
  const { json, code } = await run("config set", ["gateway.auth.token"], {
    ...dry,
    refSource: "env",
    refProvider: "default",
    refId: "T",
  });
  assert.equal(code, 0);
  assert.deepEqual(json, {
    ok: true,
    operations: 1,
    configPath: path,
    inputModes: ["builder"],
    checks: { schema: true, resolvability: true, resolvabilityComplete: true },
    refsChecked: 1,
    skippedExecRefs: 0,
  });
  const missing = await run("config set", ["gateway.auth.token"], {
    ...dry,
    refSource: "env",
    refProvider: "default",
    refId: "MISSING",
  });
  assert.equal(missing.code, 1);
  assert.deepEqual((missing.json as { errors: unknown }).errors, [
    {
      kind: "resolvability",
      message: "gateway.auth.token: there is no variable MISSING",
      ref: "env:default:MISSING",
    },
  ]);
  const wrong = await run("config set", ["gateway.prot", "1"], dry);
  assert.equal((wrong.json as { errors: { kind: string }[] }).errors[0]?.kind, "schema");
  assert.deepEqual(await names(), []);
});

test("a dry run starts no program unless it may", async () => {
  const { run, asked } = await world('{ secrets: { providers: { v: { source: "exec", command: "/bin/true" } } } }');
  const ref = { dryRun: true, json: true, refSource: "exec", refProvider: "v", refId: "x" };
  const skipped = await run("config set", ["gateway.auth.token"], ref);
  assert.deepEqual(asked, []);
  const { checks, refsChecked, skippedExecRefs } = skipped.json as Record<string, unknown>;
  assert.deepEqual(
    [refsChecked, skippedExecRefs, (checks as { resolvabilityComplete: boolean }).resolvabilityComplete],
    [0, 1, false],
  );
  await run("config set", ["gateway.auth.token"], { ...ref, allowExec: true });
  assert.equal(asked.length, 1);
});

test("without --json a dry run is one line, or the reason", async () => {
  const { run } = await world();
  assert.equal(
    (await run("config set", ["gateway.port", "5"], { dryRun: true })).out,
    "The change is valid. Nothing was written.",
  );
  assert.match((await run("config set", ["gateway.prot", "5"], { dryRun: true })).error ?? "", /did you mean "port"/);
});

test("config unset says what it removed, and what was not there", async () => {
  const { run } = await world("{ gateway: { port: 5 } }");
  assert.equal(
    (await run("config unset", ["gateway.port"])).out,
    "Removed gateway.port. Restart the gateway to apply.",
  );
  assert.equal((await run("config unset", ["gateway.port"])).error, "Config path not found: gateway.port");
});

// ---- config patch ---------------------------------------------------------------------------

async function patched(text: string, patch: string, options: CliContext["options"] = {}) {
  const place = await world(text);
  const file = join(place.state, "patch.json5");
  await writeFile(file, patch);
  return { ...place, ran: await place.run("config patch", [], { file, replacePath: [], ...options }) };
}

test("config patch merges, removes with null and names every place", async () => {
  const { ran, read } = await patched(
    "// mine\n{ gateway: { port: 5, bind: 'lan' }, logging: { level: 'info' } }",
    "{ gateway: { port: 6, bind: null }, logging: { level: 'debug' } }",
  );
  assert.deepEqual(ran.out.split("\n"), [
    "Updated gateway.port. Restart the gateway to apply.",
    "Updated gateway.bind. Restart the gateway to apply.",
    "Updated logging.level.",
  ]);
  assert.match(await read(), /^\/\/ mine\n\{ gateway: \{ port: 6 \}, logging: \{ level: "debug" \}/);
});

test("config patch that changes nothing writes nothing", async () => {
  const { ran, read } = await patched("{ gateway: { port: 5 } }", "{ gateway: { port: 5 } }");
  assert.deepEqual([ran.out, await read()], ["Nothing to change.", "{ gateway: { port: 5 } }"]);
});

test("config patch --json says what changed", async () => {
  const { ran, path } = await patched("{}", "{ gateway: { port: 6 } }", { json: true });
  const { hash, ...rest } = ran.json as Record<string, unknown>;
  assert.match(String(hash), /^hmac-sha256:v1:[\w-]{43}$/);
  assert.deepEqual(rest, { ok: true, path, changedPaths: ["gateway"], requiresRestart: true });
});

test("config patch replaces named places whole, and other protected entries only go by null", async () => {
  const text = "{ plugins: { entries: { p: { enabled: true }, q: {} } } }";
  const patch = "{ plugins: { entries: { p: {} } } }";
  assert.match(await (await patched(text, patch)).read(), /"?p"?: \{ enabled: true \}/);
  const replaced = await patched(text, patch, { replacePath: ["plugins.entries"] });
  assert.equal(replaced.ran.out, "Updated plugins.entries. Restart the gateway to apply.");
  assert.ok(!(await replaced.read()).includes("enabled"));
  const removed = await patched(text, "{ plugins: { entries: { q: null } } }");
  assert.equal(removed.ran.error, undefined);
  const lost = await patched(MODELS, "{ models: { providers: { x: { models: [] } } } }");
  assert.match(lost.ran.error ?? "", /it would remove a from models\.providers\.x\.models/);
});

test("a removal elsewhere in the patch excuses no other loss", async () => {
  const { ran } = await patched(MODELS, "{ models: { providers: { x: { models: [] } } }, plugins: null }");
  assert.match(ran.error ?? "", /it would remove a from models\.providers\.x\.models/);
});

test("config patch refuses what is no object, no JSON5, and two sources or none", async () => {
  assert.match((await patched("{}", "[1]")).ran.error ?? "", /the patch must be an object/);
  assert.match((await patched("{}", "{")).ran.error ?? "", /the patch is not JSON5/);
  const { run } = await world("{}");
  for (const options of [{}, { file: "x", stdin: true }])
    assert.match((await run("config patch", [], options)).error ?? "", /--file or --stdin/);
});

test("config patch --dry-run writes nothing", async () => {
  const { ran, read } = await patched("{}", "{ gateway: { port: 6 } }", { dryRun: true, json: true });
  assert.deepEqual([(ran.json as { inputModes: unknown }).inputModes, await read()], [["json"], "{}"]);
});
