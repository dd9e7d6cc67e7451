import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { applyChanges } from "./change.ts";
import { removeFromData, setInData } from "./edit.ts";
import { parseConfig } from "../_load/parse.ts";
import { parsePath, type Segment } from "../_path.ts";

async function dataOf(text: string): Promise<unknown> {
  const parsed = await parseConfig(text);
  assert.ok(parsed.ok, text);
  return parsed.value;
}

async function set(text: string, path: string, value: unknown): Promise<string> {
  return applyChanges(text, await dataOf(text), [{ path: parsePath(path) ?? [], value }]);
}

async function remove(text: string, path: string): Promise<string> {
  return applyChanges(text, await dataOf(text), [{ path: parsePath(path) ?? [], remove: true }]);
}

const FILE = `// mine
{
  gateway: {
    port: 1, // the port
    auth: { token: "\${TOKEN}" },
  },
  /* plugins know this */
  "other-thing": [1, 2,],
}
`;

test("a changed value leaves every other byte alone", async () => {
  assert.equal(await set(FILE, "gateway.port", 2), FILE.replace("port: 1", "port: 2"));
});

test("a new key goes behind the last one, in the spelling of its neighbours", async () => {
  assert.equal(await set(FILE, "gateway.mode", "local"), FILE.replace("},\n  },", '},\n    mode: "local",\n  },'));
  assert.equal(await set(FILE, "gateway.auth.mode", "token"), FILE.replace('"${TOKEN}"', '"${TOKEN}", mode: "token"'));
  assert.equal(await set('{\n  "a": 1 // one\n}', "b", [1]), '{\n  "a": 1, // one\n  "b": [\n    1\n  ]\n}');
});

test("a comment beside the last value stays beside it", async () => {
  assert.equal(await set("{\n  a: 1, // one\n}", "b", 2), "{\n  a: 1, // one\n  b: 2,\n}");
});

test("missing objects and lists on the way are made", async () => {
  assert.equal(
    await set("{}", "a.b[0].c", true),
    '{\n  "a": {\n    "b": [\n      {\n        "c": true\n      }\n    ]\n  }\n}',
  );
  assert.deepEqual(
    await dataOf(await set(FILE, 'channels.telegram.groups["-100"].mode', "x")),
    setInData(await dataOf(FILE), ["channels", "telegram", "groups", "-100", "mode"], "x"),
  );
});

test("a removed key takes its line and its comma along", async () => {
  assert.equal(await remove(FILE, "gateway.auth"), FILE.replace('    auth: { token: "${TOKEN}" },\n', ""));
  assert.equal(await remove("{ a: 1, b: 2 }", "b"), "{ a: 1 }");
  assert.equal(await remove("{ a: 1, b: 2 }", "a"), "{  b: 2 }");
  assert.equal(await remove(FILE, "other-thing[0]"), FILE.replace("[1, 2,]", "[ 2,]"));
});

test("a file that the editor cannot take apart is rewritten with the same data", async () => {
  assert.deepEqual(await dataOf(await set("{ null: 1 }", "a", 2)), { null: 1, a: 2 });
});

const key = fc.constantFrom("a", "b", "c", "d e", "-1", "null");
const scalar = fc.oneof(
  fc.integer(),
  fc.boolean(),
  fc.constantFrom("", "x", "${VAR}", "a\nb", "//", "/* */", "},", '"'),
  fc.constant(null),
);
const { value } = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 4, depthSize: "small" },
    scalar,
    fc.dictionary(key, tie("value"), { maxKeys: 4 }),
    fc.array(tie("value"), { maxLength: 3 }),
  ),
}));
/** Plain objects, as parsing makes them. */
const plain = (data: unknown) => JSON.parse(JSON.stringify(data)) as Record<string, unknown>;
const document = fc.dictionary(key, value, { maxKeys: 5 }).map(plain);

/** JSON5 text of data, with comments, bare keys, quotes, commas and line breaks as `choices` say. */
function write(data: unknown, choices: () => number): string {
  const gap = () => ["", " ", "\n  ", " // note, {\n", " /* note } */ "][choices() % 5] ?? "";
  const list = (open: string, items: readonly string[], close: string) =>
    `${open}${gap()}${items.join(`${gap()},${gap()}`)}${gap()}${items.length > 0 && choices() % 2 === 0 ? "," : ""}${gap()}${close}`;
  if (Array.isArray(data))
    return list(
      "[",
      data.map((item) => write(item, choices)),
      "]",
    );
  if (data === null || typeof data !== "object") return JSON.stringify(data);
  const entries = Object.entries(data).map(
    ([name, item]) =>
      `${/^[abc]$/.test(name) && choices() % 2 === 0 ? name : JSON.stringify(name)}${gap()}:${gap()}${write(item, choices)}`,
  );
  return list("{", entries, "}");
}

function written(data: unknown, seeds: readonly number[]): string {
  let at = 0;
  return write(data, () => seeds[at++ % seeds.length] ?? 0);
}

const seeds = fc.array(fc.nat(1000), { minLength: 7, maxLength: 40 });
const somePath = fc.array(fc.oneof(key, fc.nat(3)), { minLength: 1, maxLength: 4 });

test("setting a value means the same in text as in data, and keeps the comments when nothing was replaced", async () => {
  await fc.assert(
    fc.asyncProperty(document, seeds, somePath, value.map(plain), async (data, choices, path: Segment[], added) => {
      const text = written(data, choices);
      const wanted = setInData(data, path, added);
      const edited = await applyChanges(text, data, [{ path, value: added }]);
      assert.deepEqual(await dataOf(edited), plain(wanted));
    }),
    { numRuns: 1000 },
  );
});

test("removing a value means the same in text as in data", async () => {
  await fc.assert(
    fc.asyncProperty(document, seeds, somePath, async (data, choices, path: Segment[]) => {
      const edited = await applyChanges(written(data, choices), data, [{ path, remove: true }]);
      assert.deepEqual(await dataOf(edited), plain(removeFromData(data, path)));
    }),
    { numRuns: 1000 },
  );
});

test("a new top-level key never costs a comment", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.dictionary(fc.constantFrom("a", "b", "c"), value, { maxKeys: 3 }).map(plain),
      seeds,
      async (data, choices) => {
        const text = written(data, choices);
        const edited = await applyChanges(text, data, [{ path: ["new"], value: 1 }]);
        const notes = (all: string) => all.split("note").length;
        assert.equal(notes(edited), notes(text), edited);
      },
    ),
    { numRuns: 500 },
  );
});
