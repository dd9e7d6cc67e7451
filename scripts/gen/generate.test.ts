import assert from "node:assert/strict";
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { suite, test, type TestContext } from "node:test";
import { pathToFileURL } from "node:url";
import { sampleTree } from "../test/tree.ts";
import { generate } from "./generate.ts";

const SRC = "packages/openclaw/src";
const GENERATED = `${SRC}/generated`;

const health = {
  [`${SRC}/features/health/config.ts`]: `export const config = [{
    path: "health", summary: "How the gateway looks after itself.", reload: "live",
    reloads: { every: "restart" }, secrets: ["probe.*.key"],
    schema: { type: "object", additionalProperties: false, properties: {
      every: { type: "integer", minimum: 1, default: 60, description: "Seconds between looks | or so." },
      probe: { type: "object", patternProperties: { "^.*$": { type: "object", properties: { key: { type: "string" } } } } },
    } },
  }];`,
  [`${SRC}/features/health/methods.ts`]: `export const methods = [{
    name: "health", scope: "operator.read", summary: "How it is.",
    params: { type: "object", required: ["deep"], properties: { deep: { enum: ["no", "yes"] } } },
    result: { type: "object", properties: { ok: { type: "boolean" } } },
  }];`,
  [`${SRC}/features/health/service.ts`]: 'export const services = [{ token: { name: "health" }, make: () => "well" }];',
  [`${SRC}/features/health/errors.ts`]: `const spec = { status: 503, rpc: "UNAVAILABLE", say: ({ part }) => \`\${part} is unwell.\`, remedy: "Wait.", retryable: true };
    export const errors = { UNWELL: Object.assign(() => {}, { code: "UNWELL", spec }) };`,
  [`${SRC}/features/health/prompt/look.md`]: "Look `here`.\n",
};

suite("gen: registries", () => {
  test("collect role files of all features, sorted", async (t) => {
    const root = sampleTree(t, {
      ...health,
      [`${SRC}/features/agents/config.ts`]:
        'export const config = [{ path: "agents", summary: "", schema: {}, reload: "live" }];',
    });
    await generate({ root, mode: "write" });
    const { configSections } = await registry(root, "config");
    assert.deepEqual(paths(configSections), ["agents", "health"]);
  });

  test("hold nothing for a role that nobody plays", async (t) => {
    const root = sampleTree(t, health);
    await generate({ root, mode: "write" });
    assert.deepEqual((await registry(root, "tools")).tools, []);
  });

  test("forget a feature whose folder is gone", async (t) => {
    const root = sampleTree(t, health);
    await generate({ root, mode: "write" });
    rmSync(join(root, SRC, "features/health"), { recursive: true });
    assert.ok((await generate({ root, mode: "write" })).includes(`${GENERATED}/config.ts`));
    assert.doesNotMatch(readFileSync(join(root, GENERATED, "config.ts"), "utf8"), /health/);
  });

  test("load services, dialects and extensions only when they are asked for", async (t) => {
    const root = sampleTree(t, {
      [`${SRC}/features/health/service.ts`]: 'export const services = [{ token: { name: "health" } }];',
      [`${SRC}/models/dialects/offline.ts`]: 'export const dialect = { id: "offline" };',
      [`${SRC}/models/dialects/_shared.ts`]: "export const nothing = 1;",
      "extensions/one/openclaw.plugin.json":
        '{ "id": "one", "version": "1.0.0", "name": "One", "description": "", "entry": "./index.ts" }',
      "extensions/one/index.ts": 'export default { id: "one" };',
      "extensions/one/config.ts":
        'export const config = [{ path: "channels.one", summary: "", schema: {}, reload: "live" }];',
    });
    await generate({ root, mode: "write" });
    const { services } = await registry(root, "services");
    const { dialects } = await registry(root, "dialects");
    const { extensions } = await registry(root, "extensions");
    assert.deepEqual(Object.keys(dialects as object), ["offline"]);
    assert.equal((await (dialects as Lazy)["offline"]?.())?.["dialect"]?.id, "offline");
    assert.equal((await (services as Lazy)["health"]?.())?.["services"]?.[0]?.token.name, "health");
    const [one] = extensions as {
      manifest: { id: string };
      config: unknown;
      load: () => Promise<{ default: { id: string } }>;
    }[];
    assert.deepEqual(
      [one?.manifest.id, paths(one?.config), (await one?.load())?.default.id],
      ["one", ["channels.one"], "one"],
    );
  });

  test("carry prose by its path, exactly as written", async (t) => {
    const root = sampleTree(t, health);
    await generate({ root, mode: "write" });
    assert.deepEqual((await registry(root, "prose"))["prose"], { "features/health/prompt/look.md": "Look `here`.\n" });
  });

  test("run migrations in the order of their ids, whatever feature they are from", async (t) => {
    const root = sampleTree(t, {
      [`${SRC}/features/a/tables.ts`]: 'export const migrations = [{ id: "0002-a", up: "" }];',
      [`${SRC}/features/b/tables.ts`]: 'export const migrations = [{ id: "0001-b", up: "" }];',
    });
    await generate({ root, mode: "write" });
    const { migrations } = await registry(root, "migrations");
    assert.deepEqual(
      (migrations as { id: string }[]).map(({ id }) => id),
      ["0001-b", "0002-a"],
    );
  });
});

suite("gen: mistakes are named", () => {
  test("a role file without its export", async (t) => {
    const root = sampleTree(t, { [`${SRC}/features/a/tools.ts`]: "export const toolz = [];" });
    await assert.rejects(generate({ root, mode: "write" }), /features\/a\/tools\.ts: there is no export named tools/);
  });

  test("a name that two features claim", async (t) => {
    const root = sampleTree(t, {
      [`${SRC}/features/a/tools.ts`]: 'export const tools = [{ name: "read", params: {} }];',
      [`${SRC}/features/b/tools.ts`]: 'export const tools = [{ name: "read", params: {} }];',
    });
    await assert.rejects(
      generate({ root, mode: "write" }),
      /features\/b\/tools\.ts: .*"read" is already taken by features\/a\/tools\.ts/,
    );
  });

  test("a vendor in a file that is not named like it", async (t) => {
    const root = sampleTree(t, { [`${SRC}/models/vendors/acme.ts`]: 'export const vendor = { id: "other" };' });
    await assert.rejects(generate({ root, mode: "write" }), /vendors\/acme\.ts: its id is "other"/);
  });
});

suite("gen: drift", () => {
  test("is none right after generating, and then nothing is written", async (t) => {
    const root = sampleTree(t, health);
    await generate({ root, mode: "write" });
    assert.deepEqual(await generate({ root, mode: "check" }), []);
    assert.deepEqual(await generate({ root, mode: "write" }), []);
  });

  test("names what differs, what is missing and what is left over, and changes nothing", async (t) => {
    const root = sampleTree(t, health);
    await generate({ root, mode: "write" });
    writeFileSync(join(root, GENERATED, "config.ts"), "// edited");
    rmSync(join(root, "docs/reference/rpc.md"));
    writeFileSync(join(root, GENERATED, "old.ts"), "");
    assert.deepEqual(await generate({ root, mode: "check" }), [
      "docs/reference/rpc.md",
      `${GENERATED}/config.ts`,
      `${GENERATED}/old.ts`,
    ]);
    assert.ok(existsSync(join(root, GENERATED, "old.ts")));
  });
});

suite("gen: reference pages", () => {
  test("list each setting with type, default, reload behaviour and secrecy", async (t) => {
    const page = await reference(t, "config.md");
    assert.match(
      page,
      /\| `health\.every` \| `integer ≥ 1` \| `60` \| the gateway \| Seconds between looks \\\| or so\. \|/,
    );
    assert.match(page, /\| `health\.probe\.\*\.key` \| `string` \|  \| nothing \|  \*\(secret\)\* \|/);
  });

  test("put every section into one closed schema for editors", async (t) => {
    const schema = JSON.parse(await reference(t, "config.schema.json"));
    assert.equal(schema.additionalProperties, false);
    assert.equal(schema.properties.health.properties.every.default, 60);
  });

  test("list methods with scope, parameters and result", async (t) => {
    const page = await reference(t, "rpc.md");
    assert.match(page, /### `health`\n\nHow it is\. Scope: `operator\.read`\./);
    assert.match(page, /\| `deep` \| `"no" \\\| "yes"` \| yes \|/);
  });

  test("print what an error says with the names of what it fills in", async (t) => {
    assert.match(
      await reference(t, "errors.md"),
      /\| `UNWELL` \| 503 \| `UNAVAILABLE` \| &lt;part> is unwell\. \| Wait\. \| yes \|/,
    );
  });
});

type Lazy = Record<string, () => Promise<Record<string, any>>>; // oxlint-disable-line typescript/no-explicit-any

async function registry(root: string, name: string): Promise<Record<string, unknown>> {
  return import(pathToFileURL(join(root, GENERATED, `${name}.ts`)).href);
}

async function reference(t: TestContext, name: string): Promise<string> {
  const root = sampleTree(t, health);
  await generate({ root, mode: "write" });
  return readFileSync(join(root, "docs/reference", name), "utf8");
}

function paths(sections: unknown): string[] {
  return (sections as { path: string }[]).map(({ path }) => path);
}
