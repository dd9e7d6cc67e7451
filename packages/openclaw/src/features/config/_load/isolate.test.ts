import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test, type TestContext } from "node:test";
import { allSections } from "../../../app/sections.ts";
import { loadConfig } from "./load.ts";

async function load(t: TestContext, config: unknown, plugins: "isolate" | "refuse") {
  const home = await mkdtemp(join(tmpdir(), "isolate-"));
  t.after(() => rm(home, { recursive: true, force: true }));
  const paths = { home, state: home, config: join(home, "openclaw.json") };
  await writeFile(paths.config, JSON.stringify(config));
  return loadConfig({ platform: { env: {}, paths }, sections: allSections, plugins });
}

const BROKEN = {
  gateway: { mode: "local" },
  plugins: { entries: { broken: { enabled: "maybe" }, fine: { enabled: true } } },
};

test("a gateway goes on without the plugin whose entry is wrong, and says so", async (t) => {
  const file = await load(t, BROKEN, "isolate");
  assert.equal(file.valid, true);
  assert.deepEqual(Object.keys(file.snapshot?.at("plugins.entries") as object), ["fine"]);
  const [warning] = file.warnings.filter(({ path }) => path.startsWith("plugins.entries.broken"));
  assert.match(warning?.message ?? "", /expected true or false.*; this plugin is left out/);
});

test("anything else that is wrong stops it, and an edit is refused for either", async (t) => {
  const worse = await load(t, { ...BROKEN, gateway: { prot: 1 } }, "isolate");
  assert.equal(worse.valid, false);
  assert.equal(worse.issues.length, 2);
  assert.equal((await load(t, BROKEN, "refuse")).valid, false);
});
