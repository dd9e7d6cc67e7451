/** The sections of the product, held against what the mechanism promises about every section. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { configSections } from "../../generated/config.ts";
import { extensions } from "../../generated/extensions.ts";
import { check } from "./_load/check.ts";
import { loadText } from "./_load/load.ts";
import { childSchema, composeSchema, type Schema } from "./_schema/schema.ts";
import { issueReport } from "./_report.ts";

const sections = [...new Set([...configSections, ...extensions.flatMap(({ config }) => config)])];
const paths = { home: "/home/me", state: "/home/me/.openclaw", config: "/home/me/.openclaw/openclaw.json" };

test("an empty file is a sound configuration", async () => {
  const file = await loadText({ env: {}, paths }, "{}", sections);
  assert.ok(file.valid, issueReport(file));
});

test("defaults are values that the schema itself accepts", async () => {
  const file = await loadText({ env: {}, paths }, "{}", sections);
  assert.deepEqual(check(composeSchema(sections), file.snapshot?.root).issues, []);
});

for (const section of sections) {
  const open = isOpen(section.schema);
  test(`${section.path}: ${open ? "any key is taken" : "an unknown key is refused"}`, async () => {
    const root = section.path.split(".").reduceRight<unknown>((below, key) => ({ [key]: below }), { zzUnknown: 1 });
    const file = await loadText({ env: {}, paths }, JSON.stringify(root), sections);
    const refused = file.issues.some(({ message }) => message.startsWith('unknown key "zzUnknown"'));
    assert.equal(refused, !open, issueReport(file));
  });

  test(`${section.path}: what is declared secret or reloadable is a path of its schema`, () => {
    const declared = [...(section.secrets ?? []), ...Object.keys(section.reloads ?? {})];
    assert.deepEqual(
      declared.filter((path) => !has(section.schema as unknown as Schema, path)),
      [],
    );
  });
}

/** Free names, or no object at all. */
function isOpen(schema: unknown): boolean {
  const { type, additionalProperties } = schema as Schema;
  return type !== "object" || additionalProperties !== false;
}

function has(schema: Schema, path: string): boolean {
  let node: Schema | undefined = schema;
  for (const word of path.replaceAll("[]", ".*").split(".")) {
    if (node && takesAnything(node)) return true;
    node = node && childSchema(node, word === "*" ? anyKey(node) : word);
  }
  return node !== undefined;
}

function takesAnything(schema: Schema): boolean {
  return schema["type"] === undefined && schema["anyOf"] === undefined && schema["enum"] === undefined;
}

/** A key that stands for all: the first list item or map entry, or the first property. */
function anyKey(schema: Schema): string {
  const branches = (schema["anyOf"] ?? [schema]) as Schema[];
  if (branches.some((branch) => branch["items"] !== undefined)) return "0";
  const named = branches.flatMap((branch) => Object.keys((branch["properties"] ?? {}) as object));
  return named[0] ?? "any";
}
