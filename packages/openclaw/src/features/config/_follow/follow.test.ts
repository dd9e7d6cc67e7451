/** A running gateway whose configuration file changes: real files, the rest are fakes. */
import assert from "node:assert/strict";
import { chmod, mkdir, mkdtemp, readFile, readdir, rename, rm, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test, type TestContext } from "node:test";
import { until } from "../../../../../../test/harness/until.ts";
import { systemRandom } from "../../../base/ids.ts";
import { Scope } from "../../../base/scope.ts";
import { systemClock } from "../../../base/time.ts";
import { LifecycleToken } from "../../../contracts/lifecycle.ts";
import type { Platform, Token } from "../../../contracts/service.ts";
import { lastGoodPath } from "../_write/commit.ts";
import { restore } from "../_load/last-good.ts";
import { Config, SessionNotices, createConfig, editConfig } from "../index.ts";
import { sampleSections as sections } from "../_samples.ts";
import { loadForStart } from "../_load/start.ts";

const RELOAD = "reload: { debounceMs: 10 }";

interface Happened {
  readonly log: string[];
  readonly told: string[];
  readonly events: Readonly<Record<string, unknown>>[];
  readonly restarts: string[];
  readonly parts: string[];
}

/** Files of the state directory, and a gateway that has just begun to follow `openclaw.json` among them. */
async function begun(
  context: TestContext,
  files: Readonly<Record<string, string>> | string,
  prepare: (state: string) => Promise<void> = async () => {},
) {
  const state = await mkdtemp(join(tmpdir(), "openclaw-follow-"));
  const path = join(state, "openclaw.json");
  for (const [name, text] of Object.entries(typeof files === "string" ? { "openclaw.json": files } : files))
    await writeFile(join(state, name), text);
  await prepare(state);
  const happened: Happened = { log: [], told: [], events: [], restarts: [], parts: [] };
  const line = (message: string, fields?: Record<string, unknown>) =>
    void happened.log.push(fields ? `${message} ${JSON.stringify(fields)}` : message);
  const log = { trace() {}, debug() {}, info: line, warn: line, error: line, fatal: line, for: () => log };
  const platform = {
    env: {},
    paths: { home: state, state, config: path },
    clock: systemClock,
    random: systemRandom,
    version: "2026.11.0",
    log,
  } as unknown as Platform;
  const file = await loadForStart({ platform, sections }, { log });
  const config = await createConfig({ platform, sections, file });
  const values = new Map<string, unknown>([
    [Config.name, config],
    [SessionNotices.name, { tell: async ({ text }: { text: string }) => void happened.told.push(text) }],
    [
      LifecycleToken.name,
      {
        restart: ({ reason }: { reason: string }) => {
          happened.restarts.push(reason);
          return { delayMs: 12_000 };
        },
        restartPart: async (name: string, { paths }: { paths: string[] }) => {
          happened.parts.push(`${name}: ${paths.join(" ")}`);
          if (name === "telegram" && paths.includes("channels.telegram.botToken")) throw new Error("no network");
        },
      },
    ],
  ]);
  const scope = new Scope(systemClock, "test");
  context.after(() => scope.close());
  await config.follow({
    platform,
    scope,
    use: async <T>({ name }: Token<T>) => values.get(name) as T,
    events: { publish: (_event, payload) => void happened.events.push(payload), subscribe: () => () => {} },
  });
  return {
    ...happened,
    file,
    config,
    path,
    state,
    platform,
    scope,
    write: (text: string, name = "openclaw.json") => writeFile(join(state, name), text),
    names: async () => (await readdir(state)).filter((name) => !name.includes(".bak")),
    clobbered: async () => (await readdir(state)).filter((name) => name.includes(".clobbered.")),
  };
}

/** The same once the copy of the file that works is made, which is before anything else happens. */
async function running(...given: Parameters<typeof begun>) {
  const gateway = await begun(...given);
  await until(async () => !gateway.file.exists || (await copyBeside(gateway.path)) !== "");
  return gateway;
}

const copyBeside = (path: string) => readFile(lastGoodPath(path), "utf8").catch(() => "");

/** Long enough for a change to be taken up, were it to be. */
const aWhile = () => systemClock.sleep(150);

// ---- what a change does ---------------------------------------------------------------------

test("a live setting is in force without any restart, and clients are told", async (context) => {
  const { config, write, events, restarts, parts } = await running(context, `{ gateway: { ${RELOAD} } }`);
  const before = config.current();
  await write(`{ gateway: { ${RELOAD} }, logging: { level: "debug" } }`);
  await until(() => config.current().at("logging.level") === "debug");
  assert.equal(before.at("logging.level"), "info");
  assert.deepEqual([restarts, parts], [[], []]);
  assert.equal(events[0]?.["hash"], await config.fingerprint(config.current().hash));
  assert.equal(config.applied(), config.current().hash);
});

test("a setting of a part restarts that part alone, with the paths that changed", async (context) => {
  const { write, restarts, parts, log } = await running(context, `{ gateway: { ${RELOAD} } }`);
  await write(`{ gateway: { ${RELOAD} }, channels: { telegram: { botToken: "t" } } }`);
  await until(() => parts.length > 0);
  assert.deepEqual([parts, restarts], [["telegram: channels.telegram.botToken"], []]);
  await until(() => log.some((line) => line.startsWith("telegram could not be restarted")));
});

/** Mode, and what a change of `gateway.port` and `logging.level` at once does. */
const MODES: readonly (readonly [mode: string, restarts: readonly string[], level: string, logged: RegExp])[] = [
  ["hybrid", ["gateway.port changed"], "debug", /restarting for gateway\.port in 12 s/],
  ["hot", [], "debug", /restart required for gateway\.port/],
  ["restart", ["gateway.port, logging.level changed"], "debug", /restarting for gateway\.port, logging\.level/],
  ["off", [], "info", /^$/],
];
for (const [mode, expected, level, logged] of MODES) {
  test(`in mode ${mode}: ${expected.length > 0 ? "the gateway restarts" : "the gateway does not restart"}`, async (context) => {
    const reload = `reload: { mode: "${mode}", debounceMs: 10 }`;
    const { config, write, restarts, log } = await running(context, `{ gateway: { ${reload} } }`);
    await write(`{ gateway: { ${reload}, port: 6 }, logging: { level: "debug" } }`);
    if (mode === "off") await aWhile();
    else await until(() => log.some((line) => logged.test(line)));
    assert.deepEqual(restarts, expected);
    assert.equal(config.current().at("logging.level"), level);
  });
}

test("a change that is taken back before a restart asks for none any more", async (context) => {
  const hot = `reload: { mode: "hot", debounceMs: 10 }`;
  const { config, write, log } = await running(context, `{ gateway: { ${hot} } }`);
  await write(`{ gateway: { ${hot}, port: 6 } }`);
  await until(() => log.some((line) => line === "restart required for gateway.port"));
  assert.notEqual(config.applied(), config.current().hash);
  await write(`{ gateway: { ${hot} } }`);
  await until(() => config.applied() === config.current().hash);
});

test("many writes in a row are read once", async (context) => {
  const { config, write, events } = await running(context, `{ gateway: { reload: { debounceMs: 1000 } } }`);
  for (let at = 0; at < 10; at += 1) {
    await write(
      `{ gateway: { reload: { debounceMs: 1000 } }, env: { vars: {} }, logging: { maxFileBytes: ${at + 1} } }`,
    );
    await systemClock.sleep(5);
  }
  await until(() => config.current().at("logging.maxFileBytes") === 10);
  assert.equal(events.length, 1);
});

test("a comment changes the hash and nothing else", async (context) => {
  const { config, write, events, restarts } = await running(context, `{ gateway: { ${RELOAD} } }`);
  await write(`// hello\n{ gateway: { ${RELOAD} } }`);
  await until(() => events.length === 1);
  assert.deepEqual([restarts, config.applied() === config.current().hash], [[], true]);
});

test("an edit of this process is in force when it resolves, and is not taken up twice", async (context) => {
  const { config, events } = await running(context, `{ gateway: { ${RELOAD} } }`);
  await config.edit({ path: "logging.level", value: "debug" });
  assert.equal(config.current().at("logging.level"), "debug");
  await aWhile();
  assert.equal(events.length, 1);
});

test("an included file counts as a change of what includes it, also one that is included later", async (context) => {
  const { config, write } = await running(context, {
    "openclaw.json": `{ gateway: { ${RELOAD} }, logging: { $include: "logging.json" } }`,
    "logging.json": '{ "level": "warn" }',
    "other.json": '{ "level": "error" }',
  });
  await write('{ "level": "debug" }', "logging.json");
  await until(() => config.current().at("logging.level") === "debug");
  await write(`{ gateway: { ${RELOAD} }, logging: { $include: "other.json" } }`);
  await until(() => config.current().at("logging.level") === "error");
  await write('{ "level": "trace" }', "other.json");
  await until(() => config.current().at("logging.level") === "trace");
});

test("an editor that moves the file away and writes a new one changes nothing in between", async (context) => {
  const { config, write, path, log } = await running(context, `{ gateway: { ${RELOAD} } }`);
  await rename(path, `${path}~`);
  await systemClock.sleep(60);
  await write(`{ gateway: { ${RELOAD} }, logging: { level: "debug" } }`);
  await until(() => config.current().at("logging.level") === "debug");
  assert.deepEqual(log, ['configuration reloaded {"changed":["logging.level"]}']);
});

test("switching reloading off ends the watching; a command of this process switches it on again", async (context) => {
  const { config, write } = await running(context, `{ gateway: { ${RELOAD} } }`);
  await config.edit({ path: "gateway.reload.mode", value: "off" });
  await write(`{ gateway: { reload: { mode: "off" } }, logging: { level: "debug" } }`);
  await aWhile();
  assert.equal(config.current().at("logging.level"), "info");
  await config.edit({ path: "gateway.reload.mode", value: "hot" });
  assert.equal(config.current().at("logging.level"), "debug");
});

test("nothing is watched once the gateway has ended", async (context) => {
  const { config, write, scope } = await running(context, `{ gateway: { ${RELOAD} } }`);
  await scope.close();
  await write(`{ gateway: { ${RELOAD} }, logging: { level: "debug" } }`);
  await aWhile();
  assert.equal(config.current().at("logging.level"), "info");
});

// ---- the last good one ----------------------------------------------------------------------

/** What somebody does to the file, and why it is put back. `GOOD` is long enough to shrink. */
const GOOD = `// ${"x".repeat(600)}
{ meta: { lastTouchedVersion: "1", lastTouchedAt: "2030-01-01T00:00:00.000Z" }, gateway: { mode: "local", ${RELOAD} } }
`;
const BROKEN: readonly (readonly [what: string, text: string, reason: RegExp])[] = [
  ["broken syntax", GOOD.replace("gateway:", "gateway"), /invalid-config/],
  ["an unknown key", GOOD.replace("gateway:", "gatewya: {}, gateway:"), /invalid-config/],
  ["a log line before the first brace", `[12:00] started\n${GOOD}`, /invalid-config/],
  ["no stamp any more", GOOD.replace(/meta: \{.*?\}, /, ""), /missing-meta-vs-last-good/],
  ["no gateway.mode any more", GOOD.replace('mode: "local", ', ""), /gateway-mode-missing-vs-last-good/],
  ["most of it gone", GOOD.replace(/^\/\/.*\n/, ""), /size-drop-vs-last-good:\d+/],
  ["nothing in it", "", /missing-meta-vs-last-good, gateway-mode-missing-vs-last-good, size-drop-vs-last-good:\d+/],
];
for (const [what, text, reason] of BROKEN) {
  test(`a file with ${what} is put back, kept aside and told of`, async (context) => {
    const { config, write, path, log, told, state, clobbered } = await running(context, GOOD);
    await write(text);
    await until(() => told.length > 0);
    assert.equal(await readFile(path, "utf8"), GOOD);
    assert.equal(config.current().at("gateway.mode"), "local");
    const [kept = ""] = await clobbered();
    assert.equal(await readFile(join(state, kept), "utf8"), text);
    assert.match(log.join("\n"), /^Config auto-restored from last-known-good$/m);
    assert.match(log.join("\n"), new RegExp(`config reload restored last-known-good config after .*${reason.source}`));
    assert.match(told[0] ?? "", /^Config recovery warning/);
    if (what === "an unknown key") assert.match(log.join("\n"), /Rejected validation details: gatewya: unknown key/);
  });
}

test("a file that one of our edits made much shorter is used", async (context) => {
  const { config, write, path, clobbered } = await running(context, GOOD);
  const text = GOOD.replace(/^\/\/.*\n/, "").replace("2030-01-01", "2031-01-01");
  await write(text);
  await until(() => config.current().at("meta.lastTouchedAt") === "2031-01-01T00:00:00.000Z");
  assert.equal(await readFile(path, "utf8"), text);
  assert.deepEqual(await clobbered(), []);
});

test("trouble that only a plugin has, old keys or a missing secret put nothing back", async (context) => {
  const { platform, config, path } = await running(context, "{ gateway: { port: 5 } }");
  const log = { ...platform.log, warn: () => assert.fail("something was put back") };
  const raw = "{ gateway: { port: 6 } }";
  await writeFile(path, raw);
  const broken = { ...(await config.read()), valid: false, raw };
  const plugin = { path: "plugins.entries.x.config.y", message: "is wrong" };
  for (const file of [
    { ...broken, problem: "schema" as const, issues: [plugin] },
    { ...broken, problem: "legacy" as const, issues: [{ path: "routing", message: "is old" }] },
    { ...broken, problem: "secret" as const, issues: [{ path: "gateway.auth.token", message: "is missing" }] },
  ])
    assert.equal(await restore({ platform, sections }, file, log), undefined);
});

test("a loss that a command asked for is not undone", async (context) => {
  const { write: _write, platform, path, config, told } = await running(context, GOOD);
  await editConfig({ platform, sections }, [{ path: "gateway.mode", remove: true }]);
  await until(() => config.current().at("gateway.mode") === undefined);
  await aWhile();
  assert.ok(!(await readFile(path, "utf8")).includes("local"));
  assert.deepEqual(told, []);
});

test("without a copy a broken file stays, and what was in force stays in force", async (context) => {
  const { config, write, path, log } = await running(context, `{ gateway: { ${RELOAD}, port: 6 } }`);
  await rm(lastGoodPath(path));
  await write("{ broken");
  await until(() => log.some((line) => line.startsWith("the configuration is invalid")));
  assert.deepEqual([config.current().at("gateway.port"), await readFile(path, "utf8")], [6, "{ broken"]);
});

test("a text with placeholders of hidden values never becomes the copy", async (context) => {
  const { config, write, path, log } = await running(context, `{ gateway: { ${RELOAD} } }`);
  await write(`{ gateway: { ${RELOAD} }, logging: { level: "debug", file: "***" } }`);
  await until(() => log.includes("Config last-known-good promotion skipped"));
  assert.equal(config.current().at("logging.level"), "debug");
  assert.ok(!(await readFile(lastGoodPath(path), "utf8")).includes("***"));
});

test("a gateway that ends as soon as it has begun has kept the copy", async (context) => {
  const { scope, path } = await begun(context, GOOD);
  await scope.close();
  assert.equal(await copyBeside(path), GOOD);
});

test("what was taken up without a restart becomes the copy", async (context) => {
  const { write, path } = await running(context, `{ gateway: { ${RELOAD} } }`);
  const better = `{ gateway: { ${RELOAD} }, logging: { level: "debug" } }`;
  await write(better);
  await until(async () => (await readFile(lastGoodPath(path), "utf8")) === better);
});

test("at a start a broken file is put back and the main session is told", async (context) => {
  const { log, told, config, path } = await running(context, {
    "openclaw.json": "{ gateway: { prot: 5 } }",
    "openclaw.json.last-good": "{ gateway: { port: 5 } }",
  });
  await until(() => told.length > 0);
  assert.equal(config.current().at("gateway.port"), 5);
  assert.equal(await readFile(path, "utf8"), "{ gateway: { port: 5 } }");
  assert.ok(log.includes("gateway: invalid config was restored from last-known-good backup"));
  assert.match(told[0] ?? "", /^Config recovery warning.*gateway\.prot: unknown key/);
});

test("a start without a copy, or with one that is invalid too, is refused as before", async (context) => {
  await assert.rejects(running(context, "{ gateway: { prot: 5 } }"), { code: "CONFIG_INVALID" });
  const files = { "openclaw.json": "{ a: 1 }", "openclaw.json.last-good": "{ b: 1 }" };
  await assert.rejects(running(context, files), { code: "CONFIG_INVALID", message: /a: unknown key/ });
});

test("what killed writers left half-written goes at a start once it is a day old", async (context) => {
  const files = {
    "openclaw.json": `{ gateway: { ${RELOAD} } }`,
    ".99999.1.tmp": "old",
    ".99999.2.tmp": "new",
    ".notes.tmp": "old",
  };
  const { names } = await running(context, files, async (state) => {
    const yesterday = Date.now() / 1000 - 90_000;
    for (const name of [".99999.1.tmp", ".notes.tmp"]) await utimes(join(state, name), yesterday, yesterday);
  });
  await until(async () => !(await names()).includes(".99999.1.tmp"));
  assert.deepEqual(
    (await names()).filter((name) => name.endsWith(".tmp")),
    [".99999.2.tmp", ".notes.tmp"],
  );
});

// ---- whatever happens to the file -----------------------------------------------------------

test("a file that is removed, replaced by a folder or unreadable takes nothing down", async (context) => {
  const text = `{ gateway: { ${RELOAD}, port: 6 } }`;
  const { config, write, path, log } = await running(context, text);
  await rm(path);
  await until(() => log.some((line) => line.includes("is gone")));
  await mkdir(path);
  await until(() => log.some((line) => line.includes("it is a folder")));
  await rm(path, { recursive: true });
  await write(text.replace("6", "7"));
  await until(() => config.current().at("gateway.port") === 7);
  if (process.getuid?.() !== 0) {
    await chmod(path, 0);
    await until(() => log.some((line) => line.includes("permission denied")));
  }
  assert.equal(config.current().at("gateway.port"), 7);
});

test("a file that is swapped all the time is at last what it is at last", async (context) => {
  const { config, write, platform } = await running(context, `{ gateway: { ${RELOAD} } }`);
  const texts = ["{", "", "[]", `{ gateway: { ${RELOAD}, port: 7 } }`, "\u0000", "{ a: 1 }"];
  for (let at = 0; at < 60; at += 1) {
    await write(texts[at % texts.length] ?? "");
    await systemClock.sleep(at % 7);
  }
  await write(`{ gateway: { ${RELOAD}, port: 8 } }`);
  await until(() => config.current().at("gateway.port") === 8);
  await editConfig({ platform, sections }, [{ path: "gateway.port", value: 9 }]);
  await until(() => config.current().at("gateway.port") === 9);
});
