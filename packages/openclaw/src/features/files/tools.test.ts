import assert from "node:assert/strict";
import {
  chmod,
  link,
  lstat,
  mkdir,
  open,
  readFile,
  readdir,
  readlink,
  stat,
  symlink,
  writeFile,
} from "node:fs/promises";
import { join } from "node:path";
import { describe, it } from "node:test";
import { call, testTool, textOf } from "../../../../../test/conformance/testTool.ts";
import { toolWorld, type ToolWorld } from "../../../../../test/conformance/toolWorld.ts";
import { sha256 } from "../../base/ids.ts";
import type { Principal } from "../../contracts/principal.ts";
import type { Tool } from "../../contracts/tool.ts";
import { tools } from "./tools.ts";

const named = (name: string): Tool => tools.find((tool) => tool.name === name) as Tool;
const [read, write, edit] = ["read", "write", "edit"].map(named) as [Tool, Tool, Tool];
const PNG = Buffer.from(
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==",
  "base64",
);
const member: Principal = { kind: "person", id: "telegram:default:1", role: "member", scopes: [] };
const guest: Principal = { ...member, role: "guest" };

async function prepare({ workspace, home }: ToolWorld): Promise<void> {
  await writeFile(join(workspace, "a.txt"), "one\ntwo\nthree\n");
  await writeFile(join(workspace, "crlf.txt"), "\uFEFFone\r\ntwo\r\n");
  await writeFile(join(workspace, "long.txt"), Array.from({ length: 3000 }, (_, i) => `line ${i + 1}`).join("\n"));
  await writeFile(join(workspace, "wide.txt"), `${"x".repeat(200_000)}\nend\n`);
  await writeFile(join(workspace, "big.txt"), Array.from({ length: 1500 }, () => "y".repeat(99)).join("\n"));
  await writeFile(join(workspace, "empty.txt"), "");
  await writeFile(join(workspace, "bin"), Buffer.from([1, 0, 2]));
  await writeFile(join(workspace, "latin1.txt"), Buffer.from("caf\xe9", "latin1"));
  await writeFile(join(workspace, "pic.png"), PNG);
  await mkdir(join(workspace, "dir"));
  await mkdir(join(home, ".openclaw"));
  await writeFile(join(home, ".openclaw", "openclaw.json"), "{}");
  await writeFile(join(home, "outside.txt"), "outside");
  await symlink(join(home, "outside.txt"), join(workspace, "way-out"));
  await symlink(home, join(workspace, "dir-out"));
  await symlink(join(home, ".openclaw", "openclaw.json"), join(workspace, "notes.json"));
}

testTool(read, {
  params: { path: "a.txt", offset: 2 },
  preview: ({ workspace }) => ({
    target: join(workspace, "a.txt"),
    exact: { path: join(workspace, "a.txt"), offset: 2 },
  }),
  prepare,
  cases: [
    { title: "reads a file of the workspace", params: { path: "a.txt" }, says: /^one\ntwo\nthree$/ },
    { title: "reads an absolute path", params: ({ home }) => ({ path: join(home, "outside.txt") }), says: /^outside$/ },
    { title: "reads below the home folder", params: { path: "~/outside.txt" }, says: /^outside$/ },
    {
      title: "reads a window of lines and says how to go on",
      params: { path: "long.txt", offset: 10, limit: 2 },
      says: /^line 10\nline 11\n\n\[Lines 10–11; there are more: offset=12\]$/,
    },
    {
      title: "stops at 2,000 lines",
      params: { path: "long.txt" },
      says: /\nline 2000\n\n\[Lines 1–2000; there are more: offset=2001\]$/,
    },
    { title: "stops at 50 KB", params: { path: "big.txt" }, says: /\n\n\[Lines 1–512; there are more: offset=513\]$/ },
    {
      title: "says nothing more at the end",
      params: { path: "long.txt", offset: 2999 },
      says: /^line 2999\nline 3000$/,
    },
    {
      title: "cuts a line that is too long",
      params: { path: "wide.txt" },
      says: /x\n\n\[Line 1 is longer .* offset=2\]$/,
    },
    { title: "reads on behind such a line", params: { path: "wide.txt", offset: 2 }, says: /^end$/ },
    { title: "leaves out byte order mark and carriage returns", params: { path: "crlf.txt" }, says: /^one\ntwo$/ },
    { title: "says that a file is empty", params: { path: "empty.txt" }, says: /^\(empty file\)$/ },
    {
      title: "says how long a file is when asked beyond it",
      params: { path: "a.txt", offset: 9 },
      says: /has only 3 lines/,
      fails: true,
    },
    { title: "refuses what is no text", params: { path: "bin" }, says: /is no text \(3 bytes/, fails: true },
    { title: "refuses a folder", params: { path: "dir" }, says: /not a regular file/, fails: true },
    { title: "refuses a device", params: { path: "/dev/zero" }, says: /not a regular file/, fails: true },
    { title: "says that a file is not there", params: { path: "nope" }, says: /no file .*nope/, fails: true },
    { title: "refuses a zero byte in the path", params: { path: "a\0b" }, says: /zero byte/, fails: true },
    {
      title: "shows a picture",
      params: { path: "pic.png" },
      says: /^\[image\/png, 70 bytes\]\n\[image\/png\]$/,
      check: ({ content }) =>
        assert.deepEqual(content[1], { type: "image", data: PNG.toString("base64"), mimeType: "image/png" }),
    },
    {
      title: "refuses a file of holes far larger than memory without reading it",
      params: async ({ workspace }) => {
        const file = await open(join(workspace, "sparse"), "w");
        await file.write("start\n", 0);
        await file.write("\nend\n", 3e9);
        await file.close();
        return { path: "sparse", limit: 1 };
      },
      says: /is no text|^start/,
      fails: true,
    },
  ],
  refusals: [
    {
      title: "does not show a member the configuration",
      params: { path: "~/.openclaw/openclaw.json" },
      gate: () => ({ principal: member }),
      rule: "protected-path",
      twin: { gate: () => ({}) },
    },
    {
      title: "does not show it through a link either",
      params: { path: "notes.json" },
      gate: () => ({ principal: member }),
      rule: "protected-path",
      twin: { params: { path: "a.txt" } },
    },
    {
      title: "keeps a confined run inside the workspace",
      params: { path: "../outside.txt" },
      gate: ({ workspace }) => ({ fileRoots: [workspace] }),
      rule: "outside-file-roots",
      twin: { params: { path: "dir/../a.txt" } },
    },
    {
      title: "sees where a link leads",
      params: { path: "way-out" },
      gate: ({ workspace }) => ({ fileRoots: [workspace] }),
      rule: "outside-file-roots",
      twin: { gate: () => ({}) },
    },
    {
      title: "sees where a linked folder leads",
      params: { path: "dir-out/outside.txt" },
      gate: () => ({ principal: guest }),
      rule: "guest",
      twin: { params: { path: "a.txt" } },
    },
  ],
});

testTool(write, {
  params: { path: "new/b.txt", content: "hé" },
  preview: ({ workspace }) => ({
    target: join(workspace, "new/b.txt"),
    exact: { path: join(workspace, "new/b.txt"), bytes: 3, sha256: sha256("hé") },
  }),
  prepare,
  cases: [
    {
      title: "makes a file with its folders",
      params: { path: "new/deep/b.txt", content: "hé" },
      says: /^Wrote the new file new\/deep\/b\.txt \(3 bytes\)\.$/,
      check: async (_, { workspace }) => assert.equal(await readFile(join(workspace, "new/deep/b.txt"), "utf8"), "hé"),
    },
    {
      title: "replaces a file and leaves nothing else behind",
      params: { path: "a.txt", content: "" },
      says: /^Replaced a\.txt \(0 bytes\)\.$/,
      check: async (_, { workspace }) => {
        assert.equal(await readFile(join(workspace, "a.txt"), "utf8"), "");
        assert.deepEqual(
          (await readdir(workspace)).filter((name) => name.includes("tmp")),
          [],
        );
      },
    },
    {
      title: "keeps a program executable",
      params: async ({ workspace }) => {
        await chmod(join(workspace, "a.txt"), 0o750);
        return { path: "a.txt", content: "#!/bin/sh\n" };
      },
      says: /Replaced/,
      check: async (_, { workspace }) => assert.equal((await stat(join(workspace, "a.txt"))).mode & 0o777, 0o750),
    },
    {
      title: "writes through a link to the file that it names",
      params: { path: "way-out", content: "changed" },
      says: /Replaced/,
      check: async (_, { workspace, home }) => {
        assert.equal(await readlink(join(workspace, "way-out")), join(home, "outside.txt"));
        assert.equal(await readFile(join(home, "outside.txt"), "utf8"), "changed");
      },
    },
    {
      title: "does not change a file that shares its content",
      params: async ({ workspace }) => {
        await link(join(workspace, "a.txt"), join(workspace, "twin.txt"));
        return { path: "a.txt", content: "new" };
      },
      says: /Replaced/,
      check: async (_, { workspace }) =>
        assert.equal(await readFile(join(workspace, "twin.txt"), "utf8"), "one\ntwo\nthree\n"),
    },
    { title: "refuses to replace a folder", params: { path: "dir", content: "x" }, says: /dir/, fails: true },
    { title: "refuses a path through a file", params: { path: "a.txt/b", content: "x" }, says: /a\.txt/, fails: true },
  ],
  refusals: [
    {
      title: "never writes the configuration",
      params: { path: "~/.openclaw/openclaw.json", content: "{}" },
      gate: () => ({}),
      rule: "protected-path",
      twin: { params: { path: "~/openclaw.txt", content: "{}" } },
    },
    {
      title: "never writes it through a link",
      params: { path: "notes.json", content: "{}" },
      gate: () => ({}),
      rule: "protected-path",
      twin: { params: { path: "notes2.json", content: "{}" } },
    },
    {
      title: "does not let guests write",
      params: { path: "a.txt", content: "x" },
      gate: () => ({ principal: guest }),
      rule: "guest",
      twin: { gate: () => ({ principal: member }) },
    },
    {
      title: "keeps a confined run inside the workspace",
      params: { path: "../../x", content: "x" },
      gate: ({ workspace }) => ({ fileRoots: [workspace] }),
      rule: "outside-file-roots",
      twin: { params: { path: "x", content: "x" } },
    },
  ],
});

testTool(edit, {
  params: { path: "a.txt", oldText: "two", newText: "2" },
  preview: ({ workspace }) => ({
    target: join(workspace, "a.txt"),
    exact: { path: join(workspace, "a.txt"), replaces: sha256("two"), with: sha256("2"), bytes: 1 },
  }),
  prepare,
  cases: [
    {
      title: "replaces the one place and shows the change",
      params: { path: "a.txt", oldText: "two", newText: "2\n2b" },
      says: /^Changed a\.txt at line 2\.$/,
      check: async (result, { workspace }) => {
        assert.equal(await readFile(join(workspace, "a.txt"), "utf8"), "one\n2\n2b\nthree\n");
        assert.match((result.details as { diff: string }).diff, /^@@ .* @@\n one\n-two\n\+2\n\+2b\n three/);
      },
    },
    {
      title: "keeps byte order mark and line endings",
      params: { path: "crlf.txt", oldText: "one\ntwo", newText: "1\n2" },
      says: /Changed/,
      check: async (_, { workspace }) =>
        assert.equal(await readFile(join(workspace, "crlf.txt"), "utf8"), "\uFEFF1\r\n2\r\n"),
    },
    {
      title: "says that nothing fits",
      params: { path: "a.txt", oldText: "four", newText: "4" },
      says: /^0 matches/,
      fails: true,
    },
    {
      title: "says how often it fits",
      params: { path: "a.txt", oldText: "e", newText: "E" },
      says: /^3 matches: .* lines 1, 3, 3\./,
      fails: true,
    },
    {
      title: "refuses an empty piece",
      params: { path: "a.txt", oldText: "", newText: "x" },
      says: /oldText is empty/,
      fails: true,
    },
    {
      title: "refuses to change nothing",
      params: { path: "a.txt", oldText: "one", newText: "one" },
      says: /are the same/,
      fails: true,
    },
    {
      title: "refuses what is no UTF-8",
      params: { path: "latin1.txt", oldText: "caf", newText: "x" },
      says: /no UTF-8/,
      fails: true,
    },
    {
      title: "refuses what is no text",
      params: { path: "bin", oldText: "a", newText: "x" },
      says: /no UTF-8/,
      fails: true,
    },
    {
      title: "refuses a file that is too large",
      params: async ({ workspace }) => {
        await writeFile(join(workspace, "huge"), Buffer.alloc(11e6, "a"));
        return { path: "huge", oldText: "b", newText: "c" };
      },
      says: /too large/,
      fails: true,
    },
    {
      title: "says that a file is not there",
      params: { path: "nope", oldText: "a", newText: "b" },
      says: /no file .*nope/,
      fails: true,
    },
  ],
  refusals: [
    {
      title: "never edits the configuration",
      params: { path: "notes.json", oldText: "{", newText: "[" },
      gate: () => ({}),
      rule: "protected-path",
      twin: { params: { path: "a.txt", oldText: "a", newText: "b" } },
    },
  ],
});

describe("file tools of a confined run", () => {
  it("do not leave the workspace even when the gate is not asked", async (t) => {
    const world = await toolWorld(t);
    await prepare(world);
    const context = world.context({ confined: true });
    for (const path of ["way-out", "dir-out/outside.txt", "../outside.txt", "~/outside.txt", "/etc/hosts"]) {
      assert.match(textOf(await call(read, { path }, world, context)), /is outside/, path);
      assert.match(textOf(await call(write, { path, content: "x" }, world, context)), /is outside/, path);
      assert.match(textOf(await call(edit, { path, oldText: "a", newText: "b" }, world, context)), /is outside/, path);
    }
    assert.equal(await readFile(join(world.home, "outside.txt"), "utf8"), "outside");
    assert.equal(textOf(await call(read, { path: "a.txt" }, world, context)), "one\ntwo\nthree");
  });

  it("read the folders of the run's skills, links out of them excepted, and write nothing there", async (t) => {
    const world = await toolWorld(t);
    await prepare(world);
    const folder = join(world.home, "skills", "tea");
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, "SKILL.md"), "Boil water.");
    await symlink(join(world.home, "outside.txt"), join(folder, "link"));
    const context = world.context({ confined: true, readable: [folder] });
    const path = join(folder, "SKILL.md");
    assert.equal(textOf(await call(read, { path }, world, context)), "Boil water.");
    for (const other of [join(folder, "link"), join(folder, "..", "x"), join(world.home, "outside.txt")])
      assert.match(textOf(await call(read, { path: other }, world, context)), /is outside/, other);
    assert.match(textOf(await call(write, { path, content: "x" }, world, context)), /is outside/);
  });

  it("do not follow a folder that becomes a link while they work", async (t) => {
    const world = await toolWorld(t);
    await prepare(world);
    const result = await call(
      write,
      { path: "dir-out/new.txt", content: "x" },
      world,
      world.context({ confined: true }),
    );
    assert.equal(result.isError, true);
    await assert.rejects(lstat(join(world.home, "new.txt")));
  });

  it("describe a picture to a model that takes none", async (t) => {
    const world = await toolWorld(t);
    await prepare(world);
    const result = await call(read, { path: "pic.png" }, world, world.context({ seesImages: false }));
    assert.match(textOf(result), /^\[image\/png, 70 bytes; the model in use does not take pictures\]$/);
  });
});
