import assert from "node:assert/strict";
import { mkdtemp, readFile, readdir, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { systemRandom } from "../../base/ids.ts";
import { systemClock } from "../../base/time.ts";
import { createConfig } from "./index.ts";
import { editConfig } from "./_service.ts";
import { describeFile } from "./_schema/describe.ts";
import { sampleSections as sections } from "./_samples.ts";

async function place(text?: string, env: Record<string, string> = {}) {
  const state = await mkdtemp(join(tmpdir(), "openclaw-config-"));
  const config = join(state, "openclaw.json");
  if (text !== undefined) await writeFile(config, text);
  const platform = {
    env,
    paths: { home: state, state, config },
    clock: systemClock,
    random: systemRandom,
    version: "2026.11.0",
  };
  return { state, config, platform, read: () => readFile(config, "utf8") };
}

test("an edit keeps comments, order and references, stamps the file and makes it private", async () => {
  const { config, platform, read } = await place('// mine\n{ gateway: { port: 5, auth: { token: "${T}" } } }\n', {
    T: "secret",
  });
  const file = await editConfig({ platform, sections }, [{ path: "gateway.port", value: 6 }]);
  const text = await read();
  assert.ok(text.startsWith('// mine\n{ gateway: { port: 6, auth: { token: "${T}" } }'), text);
  assert.ok(!text.includes("secret"));
  assert.equal(file.snapshot?.at("gateway.port"), 6);
  assert.equal(file.snapshot?.at("meta.lastTouchedVersion"), "2026.11.0");
  assert.equal((await stat(config)).mode & 0o777, 0o600);
});

test("a change that would not be valid is not written, but kept beside the file", async () => {
  const { platform, read, state } = await place("{ gateway: { port: 5 } }");
  await assert.rejects(
    editConfig({ platform, sections }, [
      { path: "gateway.port", value: 6 },
      { path: "gateway.prot", value: 1 },
    ]),
    { code: "CONFIG_WRITE_REJECTED" },
  );
  assert.equal(await read(), "{ gateway: { port: 5 } }");
  const [file, rejected = "", ...others] = await readdir(state);
  assert.deepEqual([file, others], ["openclaw.json", []]);
  assert.match(rejected, /^openclaw\.json\.rejected\.\d{4}-/);
  assert.match(await readFile(join(state, rejected), "utf8"), /prot: 1/);
  assert.equal((await stat(join(state, rejected))).mode & 0o777, 0o600);
});

test("gateway.mode only goes when it is named", async () => {
  const { platform, read } = await place("{ gateway: { mode: 'local', port: 5 } }");
  const dropping = [{ path: "gateway", value: { port: 5 } }];
  await assert.rejects(editConfig({ platform, sections }, dropping), {
    code: "CONFIG_WRITE_REJECTED",
    message: /gateway\.mode/,
  });
  await editConfig({ platform, sections }, [{ path: "gateway.mode", remove: true }]);
  assert.ok(!(await read()).includes("mode"));
});

test("a missing file is made, with its folder", async () => {
  const { platform, state } = await place();
  const paths = { ...platform.paths, config: join(state, "deep", "er.json") };
  await editConfig({ platform: { ...platform, paths }, sections }, [{ path: "gateway.mode", value: "local" }]);
  assert.equal(JSON.parse(await readFile(paths.config, "utf8")).gateway.mode, "local");
});

test("removing what is not there is a fault that names it", async () => {
  const { platform } = await place("{}");
  await assert.rejects(editConfig({ platform, sections }, [{ path: "gateway.port", remove: true }]), {
    code: "CONFIG_PATH_UNKNOWN",
  });
  await assert.rejects(editConfig({ platform, sections }, [{ path: "a[", value: 1 }]), {
    code: "CONFIG_PATH_MALFORMED",
  });
});

test("the last five contents are kept", async () => {
  const { platform, state, config } = await place("{ gateway: { port: 100 } }");
  for (let port = 101; port <= 107; port += 1)
    await editConfig({ platform, sections }, [{ path: "gateway.port", value: port }]);
  assert.deepEqual(
    (await readdir(state)).sort(),
    ["", ".bak", ".bak.1", ".bak.2", ".bak.3", ".bak.4"].map((end) => `openclaw.json${end}`),
  );
  const portIn = async (path: string) => JSON.stringify((await readFile(path, "utf8")).match(/port"?: (\d+)/)?.[1]);
  assert.equal(await portIn(`${config}.bak`), '"106"');
  assert.equal(await portIn(`${config}.bak.4`), '"102"');
});

test("edits at the same time are all there afterwards", async () => {
  const { platform, read } = await place("{}");
  const names = Array.from({ length: 12 }, (_, at) => `V${at}`);
  await Promise.all(
    names.map((name) => editConfig({ platform, sections }, [{ path: `env.vars.${name}`, value: "x" }])),
  );
  assert.deepEqual(Object.keys(JSON.parse(await read()).env.vars).sort(), names.toSorted());
});

test("a lock that somebody left behind is taken over, one in use is waited for", async () => {
  const { platform, config } = await place("{}");
  await writeFile(`${config}.lock`, "1");
  const early = { ...platform, clock: { ...systemClock, now: () => Date.now() - 20_000 } };
  let waited = 0;
  const impatient = { ...early.clock, monotonic: () => waited * 1000, sleep: async () => void (waited += 1) };
  await assert.rejects(
    editConfig({ platform: { ...platform, clock: impatient }, sections }, [{ path: "gateway.port", value: 1 }]),
    { code: "CONFIG_BUSY" },
  );
  const late = { ...platform, clock: { ...systemClock, now: () => Date.now() + 20_000 } };
  assert.equal(
    (await editConfig({ platform: late, sections }, [{ path: "gateway.port", value: 1 }])).snapshot?.at("gateway.port"),
    1,
  );
});

test("a place that cannot be written is a fault that says so", async () => {
  const { platform, state } = await place();
  await writeFile(join(state, "file"), "");
  const paths = { ...platform.paths, config: join(state, "file", "openclaw.json") };
  await assert.rejects(
    editConfig({ platform: { ...platform, paths }, sections }, [{ path: "gateway.port", value: 1 }]),
    { code: "CONFIG_UNWRITABLE" },
  );
});

test("a configuration generated elsewhere is never written", async () => {
  const { platform } = await place("{}", { OPENCLAW_NIX_MODE: "1" });
  await assert.rejects(editConfig({ platform, sections }, [{ path: "gateway.port", value: 1 }]), {
    code: "CONFIG_READ_ONLY",
  });
});

test("the published snapshot stays while the file changes", async () => {
  const { platform, config } = await place("{ gateway: { port: 5 } }");
  const service = await createConfig({ platform, sections });
  await writeFile(config, "{ gateway: { port: 6 } }");
  assert.equal(service.current().at("gateway.port"), 5);
  assert.equal((await service.read()).snapshot?.at("gateway.port"), 6);
});

test("a service is not made from an invalid file", async () => {
  const { platform } = await place("{ x: 1 }");
  await assert.rejects(createConfig({ platform, sections }), { code: "CONFIG_INVALID", message: /x: unknown key "x"/ });
});

test("config.get shows the file without its secrets, also once it has become invalid", async () => {
  const { platform, config } = await place('{ gateway: { auth: { token: "canary" } } }');
  const service = await createConfig({ platform, sections });
  const sound = await describeFile(service, sections);
  assert.deepEqual(
    [sound.exists, sound.valid, sound.configRevisionHash === sound.appliedConfigHash],
    [true, true, true],
  );
  assert.equal((sound.config["gateway"] as { port: number }).port, 18_789);
  await writeFile(config, '{ gateway: { auth: { token: "canary" }, prot: 1 } }');
  const broken = await describeFile(service, sections);
  assert.deepEqual(broken.issues, [{ path: "gateway.prot", message: 'unknown key "prot" (did you mean "port"?)' }]);
  assert.deepEqual([broken.valid, broken.config, broken.hash === broken.appliedConfigHash], [false, {}, false]);
  assert.ok(!JSON.stringify([sound, broken]).includes("canary"));
});

test("a missing file shows as such", async () => {
  const { platform } = await place();
  const shown = await describeFile(await createConfig({ platform, sections }), sections);
  assert.deepEqual([shown.exists, shown.raw, shown.config], [false, null, {}]);
});
