import assert from "node:assert/strict";
import { mkdtemp, readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { createLog } from "../../../base/log.ts";
import { systemRandom } from "../../../base/ids.ts";
import { Scope } from "../../../base/scope.ts";
import { systemClock } from "../../../base/time.ts";
import { SecretText } from "../../../contracts/secret.ts";
import { Type, closed } from "../../../contracts/schema.ts";
import { defineConfig } from "../../../contracts/config.ts";
import type { Platform } from "../../../contracts/service.ts";
import { createConfig, editConfig, openConfig, type ResolveSecrets } from "../index.ts";
import { describeFile } from "../_schema/describe.ts";
import { sampleSections } from "../_samples.ts";

const sections = [
  ...sampleSections,
  defineConfig({
    path: "vault",
    summary: "Sample",
    reload: "live",
    schema: closed({ token: Type.Optional(SecretText), plain: Type.Optional(Type.Any()) }),
  }),
];

/** Gives `values[id]` for every reference, and counts how often it is asked. A fake. */
function fakeResolver(values: Record<string, string>) {
  const asked: string[] = [];
  const resolve: ResolveSecrets = async (root, why) => {
    asked.push(why);
    const vault = (root["vault"] ?? {}) as { token?: { id: string }; plain?: { id: string } };
    const issues: { path: string; message: string }[] = [];
    const put = (name: "token" | "plain") => {
      const id = vault[name]?.id;
      if (id === undefined) return {};
      if (values[id] === undefined) issues.push({ path: `vault.${name}`, message: `no secret ${id}` });
      return { [name]: values[id] };
    };
    const found = { ...vault, ...put("token"), ...put("plain") };
    return { root: { ...root, vault: found }, places: ["vault.token", "vault.plain"], issues, warnings: 3 };
  };
  return { resolve, asked, values };
}

async function place(text: string) {
  const state = await mkdtemp(join(tmpdir(), "openclaw-secrets-"));
  const config = join(state, "openclaw.json");
  await writeFile(config, text);
  const platform = {
    env: {},
    paths: { home: state, state, config },
    clock: systemClock,
    random: systemRandom,
    version: "2026.11.0",
  };
  return { state, config, platform };
}

const REF = "{ vault: { token: { source: 'env', id: 'A' }, plain: { source: 'env', id: 'B' } } }";

test("consumers read text where the file has references, and the file keeps them", async () => {
  const { platform, config } = await place(REF);
  const { resolve } = fakeResolver({ A: "secret-a", B: "secret-b" });
  const service = await createConfig({ platform, sections, secrets: resolve });
  assert.equal(service.current().at("vault.token"), "secret-a");
  assert.deepEqual((await service.read()).snapshot?.at("vault.token"), { source: "env", id: "A" });
  assert.equal(await readFile(config, "utf8"), REF);
});

test("what was fetched never leaves with the configuration, also where no section declares a secret", async () => {
  const { platform } = await place(REF);
  const { resolve } = fakeResolver({ A: "secret-a", B: "secret-b" });
  const service = await createConfig({ platform, sections, secrets: resolve });
  const told = JSON.stringify([await describeFile(service, sections), service.redact(service.current().root)]);
  assert.ok(!told.includes("secret-a") && !told.includes("secret-b"), told);
  assert.ok(told.includes('"id":"A"'));
});

test("a file without references asks nobody", async () => {
  const { platform } = await place("{ vault: { token: 'plain' } }");
  const { resolve, asked } = fakeResolver({});
  const service = await createConfig({ platform, sections, secrets: resolve });
  await service.edit({ path: "gateway.port", value: 6 });
  assert.equal(service.current().at("vault.token"), "plain");
  assert.deepEqual(asked, []);
});

test("a secret that cannot be had stops the start with its place", async () => {
  const { platform, config } = await place(`{\n  vault: {\n    token: { source: 'env', id: 'A' } } }`);
  const { resolve } = fakeResolver({});
  await assert.rejects(createConfig({ platform, sections, secrets: resolve }), {
    code: "CONFIG_SECRET",
    message: `Invalid config at ${config}:\nvault.token: no secret A (line 3, column 5)`,
  });
});

test("fetching again puts new values into force at once, and keeps the old ones when one is missing", async () => {
  const { platform } = await place(REF);
  const { resolve, values } = fakeResolver({ A: "one", B: "b" });
  const service = await createConfig({ platform, sections, secrets: resolve });
  const before = service.current();
  values["A"] = "two";
  assert.equal(await service.reloadSecrets(), 3);
  assert.equal(service.current().at("vault.token"), "two");
  assert.equal(before.at("vault.token"), "one", "who holds the old snapshot keeps it");
  delete values["B"];
  values["A"] = "three";
  await assert.rejects(service.reloadSecrets(), { code: "CONFIG_SECRET" });
  assert.equal(service.current().at("vault.token"), "two");
});

test("a write that refers to a secret that cannot be had is refused, and the file stays", async () => {
  const { platform, config } = await place("{ vault: {} }");
  const { resolve, asked } = fakeResolver({ A: "one" });
  const write = (id: string) =>
    editConfig({ platform, sections, secrets: resolve }, [{ path: "vault.token", value: { source: "env", id } }]);
  await assert.rejects(write("NONE"), { code: "CONFIG_WRITE_REJECTED", message: /vault\.token: no secret NONE/ });
  assert.equal(await readFile(config, "utf8"), "{ vault: {} }");
  await write("A");
  assert.match(await readFile(config, "utf8"), /id: "A"/);
  assert.deepEqual(asked, ["check", "check"]);
});

/** A gateway's beginning, with what it logs. */
async function open(text: string, env: Readonly<Record<string, string>>, resolve: ResolveSecrets) {
  const { platform, ...rest } = await place(text);
  const lines: string[] = [];
  const log = createLog({
    level: "silent",
    consoleLevel: "debug",
    consoleStyle: "compact",
    clock: systemClock,
    write: (line) => void lines.push(line),
  });
  const whole = { ...platform, env, log } as unknown as Platform;
  let made = 0;
  const opened = await openConfig({
    platform: whole,
    sections,
    secrets: async () => {
      made += 1;
      return resolve;
    },
  });
  return { ...rest, ...opened, platform: whole, lines, made: () => made };
}

test("a gateway makes the resolver only for a file with references", async () => {
  const { resolve } = fakeResolver({ A: "one", B: "two" });
  assert.equal((await open("{}", {}, resolve)).made(), 0);
  const opened = await open(REF, {}, resolve);
  assert.equal(opened.made(), 1);
  assert.equal(opened.config.current().at("vault.token"), "one");
});

test("a gateway rewrites renamed keys of its file, and says so", async () => {
  const { resolve } = fakeResolver({});
  const text = "{ telegram: { botToken: 't' } } // mine\n";
  const { config, lines, state } = await open(text, { CLAWDBOT_X: "1" }, resolve);
  assert.equal(config.current().at("channels.telegram.botToken"), "t");
  assert.match(lines.join("\n"), /migrated telegram → channels\.telegram/);
  assert.match(lines.join("\n"), /OPENCLAW_LEGACY_ENV_VARS: .*CLAWDBOT_X/);
  assert.match(await readFile(join(state, "openclaw.json"), "utf8"), /channels.*\/\/ mine/s);
  assert.equal(await readFile(join(state, "openclaw.json.bak"), "utf8"), text);
});

test("a gateway goes on with renamed keys in a file that it may not write, and leaves accepted ones alone", async () => {
  const { resolve } = fakeResolver({});
  const fixed = await open("{ telegram: { botToken: 't' } }", { OPENCLAW_NIX_MODE: "1" }, resolve);
  assert.equal(fixed.config.current().at("channels.telegram.botToken"), "t");
  assert.match(fixed.lines.join("\n"), /old keys were not rewritten/);
  const accepted = "{ agent: { model: 'a/one' } }";
  const { state, config } = await open(accepted, {}, resolve);
  assert.equal(config.current().at("agents.defaults.model.primary"), "a/one");
  assert.equal(await readFile(join(state, "openclaw.json"), "utf8"), accepted);
});

test("while a gateway follows its file, a secret that is lost changes nothing and one that returns counts", async () => {
  const fake = fakeResolver({ A: "one", B: "b" });
  const { config, platform, state } = await open(REF, {}, fake.resolve);
  const scope = new Scope(systemClock, "test");
  await config.follow({ platform, scope, events: { publish: () => {}, subscribe: () => () => {} } });
  try {
    const file = join(state, "openclaw.json");
    await writeFile(file, REF.replace("'A'", "'LOST'"));
    await systemClock.sleep(1200);
    assert.equal(config.current().at("vault.token"), "one");
    assert.match(await readFile(file, "utf8"), /LOST/, "the file is not put back: it is sound");
    fake.values["LOST"] = "found";
    await config.reloadSecrets();
    assert.equal(config.current().at("vault.token"), "found");
  } finally {
    await scope.close();
  }
});
