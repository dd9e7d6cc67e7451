import assert from "node:assert/strict";
import { mkdir, readFile, symlink, writeFile } from "node:fs/promises";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import fc from "fast-check";
import { testTool } from "../../../../../test/conformance/testTool.ts";
import type { ToolWorld } from "../../../../../test/conformance/toolWorld.ts";
import { sha256 } from "../../base/ids.ts";
import type { ConfigSnapshot } from "../../contracts/config.ts";
import type { Tool } from "../../contracts/tool.ts";
import { applyHunks } from "./_patch-apply.ts";
import { parsePatch } from "./_patch.ts";
import { tools } from "./tools.ts";

const applyPatch = tools.find(({ name }) => name === "apply_patch") as Tool;
const patch = (...lines: string[]) => ["*** Begin Patch", ...lines, "*** End Patch"].join("\n");
const CONFIG = { tools: { exec: { applyPatch: { enabled: true } } } };

async function prepare({ workspace, home }: ToolWorld): Promise<void> {
  await writeFile(join(workspace, "a.txt"), "one\ntwo\nthree\n");
  await writeFile(join(workspace, "b.txt"), "def f():\n  return 1\n\ndef g():\n  return 1\n");
  await writeFile(join(workspace, "crlf.txt"), "\uFEFFone\r\ntwo\r\n");
  await writeFile(join(home, "outside.txt"), "outside\n");
  await symlink(home, join(workspace, "way-out"));
  await mkdir(join(home, ".openclaw"));
  await writeFile(join(home, ".openclaw", "openclaw.json"), "{}");
}
const read = (world: ToolWorld, name: string) => readFile(join(world.workspace, name), "utf8");
const HARMLESS = patch("*** Update File: a.txt", "@@", " one", "-two", "+TWO");

testTool(applyPatch, {
  config: CONFIG,
  params: { input: HARMLESS },
  preview: ({ workspace }) => ({
    target: join(workspace, "a.txt"),
    exact: { paths: [join(workspace, "a.txt")], path: join(workspace, "a.txt"), sha256: sha256(HARMLESS) },
  }),
  prepare,
  cases: [
    {
      title: "adds, changes, moves and removes files in one go",
      params: {
        input: patch(
          "*** Add File: new/file.txt",
          "+hello",
          "*** Update File: b.txt",
          "*** Move to: c.txt",
          "@@ def g():",
          "-  return 1",
          "+  return 2",
          "*** Delete File: a.txt",
        ),
      },
      says: /^Applied the patch:\nA new\/file.txt\nA c.txt\nD b.txt\nD a.txt$/,
      check: async (_, world) => {
        assert.equal(await read(world, "new/file.txt"), "hello\n");
        assert.equal(await read(world, "c.txt"), "def f():\n  return 1\n\ndef g():\n  return 2\n");
        assert.ok(!existsSync(join(world.workspace, "a.txt")) && !existsSync(join(world.workspace, "b.txt")));
      },
    },
    {
      title: "keeps line endings and the byte order mark",
      params: { input: patch("*** Update File: crlf.txt", "@@", " one", "-two", "+2") },
      says: /^Applied/,
      check: async (_, world) => assert.equal(await read(world, "crlf.txt"), "\uFEFFone\r\n2\r\n"),
    },
    {
      title: "changes nothing when one change of many does not fit",
      params: { input: patch("*** Delete File: a.txt", "*** Update File: b.txt", "@@", "-not there", "+x") },
      says: /Change 1 of b.txt does not fit/,
      fails: true,
      check: async (_, world) => assert.equal(await read(world, "a.txt"), "one\ntwo\nthree\n"),
    },
    {
      title: "says where a patch cannot be read",
      params: { input: patch("*** Update File: a.txt", "@@", "?two") },
      says: /line 4: a line of a change must begin/,
      fails: true,
    },
    {
      title: "refuses a patch without its frame",
      params: { input: "hello" },
      says: /the first line must be/,
      fails: true,
    },
    {
      title: "does not write over a file with a new one",
      params: { input: patch("*** Add File: a.txt", "+x") },
      says: /is there already/,
      fails: true,
    },
    {
      title: "does not leave the workspace, not even through a link",
      params: { input: patch("*** Update File: way-out/outside.txt", "@@", "-outside", "+x") },
      says: /outside|lies/,
      fails: true,
    },
  ],
  refusals: [
    {
      title: "a patch of which one file holds the installation's secrets",
      params: {
        input: patch(
          "*** Update File: a.txt",
          "@@",
          "-two",
          "+2",
          "*** Update File: ~/.openclaw/openclaw.json",
          "@@",
          "-{}",
          "+[]",
        ),
      },
      gate: () => ({}),
      rule: "protected-path",
      twin: { params: { input: HARMLESS } },
    },
  ],
});

test("it is there for models of OpenAI, once it is switched on, and only for those that are named", () => {
  const has = (applyPatchSetting: object, provider: string, id = "gpt-5.2") => {
    const config = {
      section: () => ({ exec: { applyPatch: { enabled: false, workspaceOnly: true, ...applyPatchSetting } } }),
      at: () => undefined,
    } as unknown as ConfigSnapshot;
    return applyPatch.isFor?.(config, "main", { provider, id });
  };
  assert.equal(has({}, "openai"), false);
  assert.equal(has({ enabled: true }, "openai"), true);
  assert.equal(has({ enabled: true }, "openai-codex"), true);
  assert.equal(has({ enabled: true }, "anthropic"), false);
  assert.equal(has({ enabled: true, allowModels: ["gpt-5.2"] }, "openai"), true);
  assert.equal(has({ enabled: true, allowModels: ["openai/gpt-5.2"] }, "openai"), true);
  assert.equal(has({ enabled: true, allowModels: ["o5"] }, "openai"), false);
});

const hunksOf = (...lines: string[]) => {
  const parsed = parsePatch(patch("*** Update File: f", ...lines));
  assert.ok("files" in parsed && parsed.files[0]?.kind === "update");
  return parsed.files[0].hunks;
};

test("hunks are found by their lines, then without regard to spaces, after their context, in order, at the end", () => {
  const table: [before: string, lines: string[], after: string | undefined][] = [
    ["a\nb\na\nb\n", ["@@", " a", "-b", "+1", "@@", " a", "-b", "+2"], "a\n1\na\n2\n"],
    ["a  \nb\n", ["@@", " a", "-b", "+c"], "a  \nc\n"],
    ["\tif x:\n\t\ty\n", ["@@", " if x:", "-y", "+z"], "\tif x:\nz\n"],
    ["f\nx\ng\nx\n", ["@@ g", "-x", "+y"], "f\nx\ng\ny\n"],
    ["x\ny\nx\n", ["@@", "-x", "+z", "*** End of File"], "x\ny\nz\n"],
    ["x\n", ["@@", "+y", "*** End of File"], "x\ny\n"],
    ["no end", ["@@", "-no end", "+still none"], "still none"],
    ["a\n", ["@@", "-b", "+c"], undefined],
  ];
  for (const [before, lines, after] of table) {
    const applied = applyHunks(before, hunksOf(...lines));
    assert.equal("text" in applied ? applied.text : undefined, after, JSON.stringify(before));
  }
});

test("a change of any line of any text is applied to exactly that line", () => {
  const line = fc.stringMatching(/^[a-z ]{1,8}$/);
  fc.assert(
    fc.property(
      fc.uniqueArray(line, { minLength: 1, maxLength: 12 }),
      fc.nat(),
      line,
      fc.boolean(),
      (lines, n, into, crlf) => {
        const at = n % lines.length;
        const ending = crlf ? "\r\n" : "\n";
        const applied = applyHunks(lines.join(ending), [
          { context: undefined, before: [lines[at]!], after: [into], atEnd: false },
        ]);
        assert.deepEqual(applied, { text: lines.toSpliced(at, 1, into).join(ending) });
      },
    ),
  );
});

test("whatever a model sends as a patch is read or refused, never more", () => {
  const piece = fc.constantFrom(
    "*** Begin Patch",
    "*** End Patch",
    "*** Update File: a",
    "*** Add File: b",
    "*** Delete File: c",
    "*** Move to: d",
    "@@",
    "@@ x",
    "+a",
    "-b",
    " c",
    "",
    "*** End of File",
    "junk",
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
      const parsed = parsePatch(pieces.join("\n"));
      assert.ok("files" in parsed || parsed.problem !== "");
    }),
  );
});
