/** Old keys in files: what loading says of them, and how they are rewritten. */
import assert from "node:assert/strict";
import { mkdtemp, readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { systemClock } from "../../../base/time.ts";
import { defineConfig } from "../../../contracts/config.ts";
import { Type } from "../../../contracts/schema.ts";
import { loadConfig, migrateConfig, readConfig, requireValid } from "../index.ts";
import { issueReport } from "../_report.ts";
import { sampleSections } from "../_samples.ts";

const free = (path: string) => defineConfig({ path, summary: "Sample", reload: "live", schema: Type.Object({}) });
const sections = [...sampleSections, free("messages"), free("tools"), free("channels.whatsapp"), free("bindings")];

async function place(text: string, more: Readonly<Record<string, string>> = {}) {
  const state = await mkdtemp(join(tmpdir(), "openclaw-legacy-"));
  const config = join(state, "openclaw.json");
  await writeFile(config, text);
  for (const [name, content] of Object.entries(more)) await writeFile(join(state, name), content);
  const platform = { env: {}, paths: { home: state, state, config }, clock: systemClock, version: "2026.11.0" };
  return { state, config, platform, context: { platform, sections } };
}

const OLD = `{
  // who may write
  routing: { allowFrom: ["+1"] }, // old
  gateway: { port: 5 }, // mine
}
`;

test("a renamed key stops every reader with its place and the new name, while a gateway goes on", async () => {
  const { platform, config, context } = await place(OLD);
  const file = await loadConfig({ platform, sections });
  assert.equal(file.problem, "legacy");
  assert.equal(
    issueReport(file),
    `Invalid config at ${config}:\nrouting.allowFrom: is now channels.whatsapp.allowFrom (line 3, column 14)`,
  );
  assert.throws(() => requireValid(file), { code: "CONFIG_LEGACY", remedy: /openclaw doctor --fix/ });
  const accepted = requireValid(await loadConfig({ ...context, legacy: "accept" }));
  assert.deepEqual(accepted.at("channels.whatsapp.allowFrom"), ["+1"]);
});

test("an accepted old key counts everywhere, and is listed", async () => {
  const { platform } = await place("{ agent: { model: 'a/one' }, bridge: {} }");
  const file = await loadConfig({ platform, sections });
  assert.equal(requireValid(file).at("agents.defaults.model.primary"), "a/one");
  assert.deepEqual(
    file.legacyIssues.map(({ path, message }) => `${path} ${message}`),
    ["agent.model is now agents.defaults.model", "bridge has no effect any more"],
  );
  assert.deepEqual(
    file.warnings.map(({ path }) => path),
    ["bridge"],
  );
});

test("what is wrong in a value that has moved is reported where it stands", async () => {
  const { platform } = await place("{\n  agent: {\n    model: { prmary: 'x', primary: 'a/b' } } }");
  const [issue] = (await loadConfig({ platform, sections })).issues;
  assert.equal(issue?.path, "agents.defaults.model.prmary");
  assert.deepEqual([issue?.line, issue?.column], [3, 14]);
});

test("migrating rewrites the old keys, keeps comments and order of the rest, and the file before", async () => {
  const { config, context, platform } = await place(OLD);
  const { lines, left } = await migrateConfig(context);
  assert.deepEqual(lines, ["routing.allowFrom → channels.whatsapp.allowFrom"]);
  assert.deepEqual(left, []);
  const text = await readFile(config, "utf8");
  assert.ok(text.includes("gateway: { port: 5 }, // mine"), text);
  assert.ok(!text.includes("routing"), text);
  assert.equal(await readFile(`${config}.bak`, "utf8"), OLD);
  assert.deepEqual((await loadConfig({ platform, sections })).issues, []);
  assert.deepEqual(await migrateConfig(context), { lines: [], left: [] });
  assert.equal(await readFile(config, "utf8"), text);
});

test("references to variables stay references in a key that moves", async () => {
  const { config, context, platform } = await place("{ routing: { allowFrom: ['${OWNER}'] }, gateway: {} }");
  const env = { OWNER: "+1" };
  await migrateConfig({ ...context, platform: { ...platform, env } });
  assert.match(await readFile(config, "utf8"), /\$\{OWNER\}/);
});

test("old keys in an included file are named with it; a section's own file is rewritten, another is left", async () => {
  const { context, platform, state } = await place("{ agents: { $include: 'agents.json5' }, $include: 'more.json5' }", {
    "agents.json5": "{ list: [{ id: 'a' }] }",
    "more.json5": "{ identity: { name: 'Molly' } }",
  });
  const file = await readConfig(platform);
  assert.equal(file.legacyIssues[0]?.file, join(state, "more.json5"));
  assert.deepEqual(await migrateConfig(context), { lines: [], left: ["identity"] });
  assert.equal(await readFile(join(state, "more.json5"), "utf8"), "{ identity: { name: 'Molly' } }");
});
