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
  assert.equal(await remove("{ a: 1, b: 2 }", "a"), "{ b: 2 }");
  assert.equal(await remove(FILE, "other-thing[0]"), FILE.replace("[1, 2,]", "[2,]"));
  assert.equal(await remove("{\n  a: {\n    b: 1,\n  },\n}", "a.b"), "{\n  a: {},\n}");
  assert.equal(await remove("{\n  a: {\n    b: 1, // why\n  },\n}", "a.b"), "{\n  a: {\n    // why\n  },\n}");
  assert.equal(await remove("{\n  a: 1, // why\n  b: 2,\n}", "a"), "{\n  // why\n  b: 2,\n}");
});

test("a file that the editor cannot take apart is rewritten with the same data", async () => {
  assert.deepEqual(await dataOf(await set("{ null: 1 }", "a", 2)), { null: 1, a: 2 });
});

const LONG = "x".repeat(90);

/** Files as people write them, and what a new value in them looks like. */
const STYLES: readonly (readonly [style: string, text: string, path: string, value: unknown, after: string])[] = [
  [
    "keys without quotes, short objects on one line",
    "{\n  a: { b: 1 },\n}",
    "meta",
    { at: "now", list: [1, "x"], "d e": null },
    '{\n  a: { b: 1 },\n  meta: { at: "now", list: [1, "x"], "d e": null },\n}',
  ],
  [
    "keys without quotes, every object on lines of its own",
    "{\n  a: {\n    b: 1,\n  },\n}",
    "c.d",
    1,
    "{\n  a: {\n    b: 1,\n  },\n  c: {\n    d: 1,\n  },\n}",
  ],
  [
    "no commas at the end",
    "{\n  a: {\n    b: 1\n  }\n}",
    "c.d",
    1,
    "{\n  a: {\n    b: 1\n  },\n  c: {\n    d: 1\n  }\n}",
  ],
  [
    "plain JSON",
    '{\n  "a": {\n    "b": 1\n  }\n}',
    "c.d",
    1,
    '{\n  "a": {\n    "b": 1\n  },\n  "c": {\n    "d": 1\n  }\n}',
  ],
  ["plain JSON on one line", '{"a": 1}', "c.d", [1], '{"a": 1, "c": { "d": [1] }}'],
  [
    "four spaces",
    "{\n    a: {\n        b: 1\n    }\n}",
    "a.c.d",
    2,
    "{\n    a: {\n        b: 1,\n        c: {\n            d: 2\n        }\n    }\n}",
  ],
  ["tabs", "{\n\ta: {\n\t\tb: 1,\n\t},\n}", "a.c.d", 2, "{\n\ta: {\n\t\tb: 1,\n\t\tc: {\n\t\t\td: 2,\n\t\t},\n\t},\n}"],
  [
    "too long for one line",
    "{\n  a: { b: 1 },\n}",
    "c",
    { d: LONG, e: {}, f: { g: 1 } },
    `{\n  a: { b: 1 },\n  c: {\n    d: "${LONG}",\n    e: {},\n    f: { g: 1 },\n  },\n}`,
  ],
  ["an object that was empty", "{\n  a: {},\n}", "a.b", 1, "{\n  a: { b: 1 },\n}"],
  ["a list that was empty", "{\n  a: [],\n}", "a[0]", { b: 1 }, "{\n  a: [{ b: 1 }],\n}"],
  [
    "an object with a comment alone",
    "{\n  a: {\n    // none\n  },\n}",
    "a.b",
    1,
    "{\n  a: {\n    // none\n    b: 1,\n  },\n}",
  ],
  [
    "neighbours with quotes",
    '{\n  a: 1,\n  b: 2,\n  c: { "d": 1 },\n}',
    "c.e",
    2,
    '{\n  a: 1,\n  b: 2,\n  c: { "d": 1, "e": 2 },\n}',
  ],
  ["an object on one line", "{ a: { b: 1 } }", "a.c", { d: [1] }, "{ a: { b: 1, c: { d: [1] } } }"],
  ["a value in the place of another", "{\n  a: { b: 1 },\n}", "a", { c: 2 }, "{\n  a: { c: 2 },\n}"],
  ["a value in the place of lines", "{\n  a: {\n    b: 1,\n  },\n}", "a", { c: 2 }, "{\n  a: {\n    c: 2,\n  },\n}"],
];

for (const [style, text, path, value, after] of STYLES)
  test(`what is new is written in the style of the file: ${style}`, async () => {
    assert.equal(await set(text, path, value), after);
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
