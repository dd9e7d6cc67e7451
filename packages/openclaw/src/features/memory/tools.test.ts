import assert from "node:assert/strict";
import { mkdir, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, it } from "node:test";
import { call, testTool, textOf } from "../../../../../test/conformance/testTool.ts";
import { fakeConfig, toolWorld, type ToolWorld } from "../../../../../test/conformance/toolWorld.ts";
import type { Principal } from "../../contracts/principal.ts";
import { provide } from "../../contracts/service.ts";
import type { Tool, ToolResult } from "../../contracts/tool.ts";
import { Models, type ModelsService } from "../../models/index.ts";
import { Agents, type AgentsService } from "../agents/index.ts";
import { makeMemories } from "./_memories.ts";
import { memoryEnabled } from "./_settings.ts";
import { Memory } from "./index.ts";
import { tools } from "./tools.ts";

const [search, get] = ["memory_search", "memory_get"].map((name) => tools.find((tool) => tool.name === name)) as [
  Tool,
  Tool,
];
const guest: Principal = { kind: "person", id: "telegram:default:1", role: "guest", scopes: [] };

/** FAKES: one agent that works in the folder of the test, and no provider of embeddings. */
const services = [
  provide(Agents, ({ platform }) => {
    const agent = { id: "main", workspace: join(platform.paths.home, "ws") };
    return {
      get: (id: string) => (id === "main" ? agent : undefined),
      default: () => agent,
    } as unknown as AgentsService;
  }),
  provide(Models, () => ({ embedder: () => Promise.reject(new Error("no key")) }) as unknown as ModelsService),
  provide(Memory, makeMemories),
];
const config = { agents: { defaults: { memorySearch: { extraPaths: ["vault"] } } } };

async function prepare({ workspace, home }: ToolWorld): Promise<void> {
  await mkdir(join(workspace, "memory", "trips"), { recursive: true });
  await mkdir(join(workspace, "vault"));
  await writeFile(join(workspace, "MEMORY.md"), "The dog is called Rex.\n");
  await writeFile(join(workspace, "memory", "2026-04-03.md"), "Dentist on Friday.\nCar to the garage.\n");
  await writeFile(
    join(workspace, "memory", "long.md"),
    Array.from({ length: 500 }, (_, i) => `line ${i + 1}`).join("\n"),
  );
  await writeFile(join(workspace, "memory", "wide.md"), "w".repeat(50_000));
  await writeFile(
    join(workspace, "memory", "many.md"),
    Array.from({ length: 50 }, (_, i) => `## Part ${i}\n\n${"alpha ".repeat(200)}`).join("\n"),
  );
  await writeFile(join(workspace, "vault", "x.md"), "From the vault.\n");
  await writeFile(join(workspace, "SOUL.md"), "soul\n");
  await writeFile(join(home, "outside.md"), "outside\n");
  await symlink(join(home, "outside.md"), join(workspace, "memory", "way-out.md"));
  await symlink(join(workspace, "SOUL.md"), join(workspace, "memory", "soul.md"));
}

const found = (result: ToolResult) => (result.details as { results: { path: string; snippet: string }[] }).results;

testTool(search, {
  params: { query: "dentist", maxResults: 3 },
  preview: () => ({ target: "memory of main", exact: { query: "dentist", maxResults: 3 } }),
  services,
  config,
  prepare,
  cases: [
    {
      title: "finds a note and names file, lines and source",
      params: { query: "when is the dentist" },
      says: /"path": "memory\/2026-04-03\.md",\n\s+"startLine": 1,\n\s+"endLine": 2,[^}]*Source: memory\/2026-04-03\.md#L1-L2"/,
    },
    { title: "says who did not help", params: { query: "dog" }, says: /"provider": "none",\n\s+"mode": "text"/ },
    {
      title: "gives as many results as asked for, each short",
      params: { query: "alpha", maxResults: 8 },
      says: /many\.md/,
      check: (result) => {
        assert.equal(found(result).length, 8);
        for (const { snippet } of found(result)) assert.ok(snippet.length <= 750);
      },
    },
    {
      title: "keeps what is below the least score to itself",
      params: { query: "alpha", minScore: 0.9 },
      says: /many\.md/,
      check: (result) => assert.equal(found(result).length, 1),
    },
    { title: "finds nothing where there is nothing", params: { query: "zebra" }, says: /"results": \[\]/ },
    {
      title: "takes any question",
      params: { query: `"NEAR(' OR * 🎉 \0 ${"x".repeat(100_000)}` },
      says: /"results": \[\]/,
    },
  ],
  refusals: [],
});

testTool(get, {
  params: { path: "memory/2026-04-03.md", from: 2 },
  preview: ({ workspace }) => {
    const path = join(workspace, "memory", "2026-04-03.md");
    return { target: path, exact: { path, from: 2 } };
  },
  services,
  config,
  prepare,
  cases: [
    {
      title: "reads a note",
      params: { path: "memory/2026-04-03.md" },
      says: /"text": "Dentist on Friday\.\\nCar to the garage\.",\n\s+"from": 1,\n\s+"lines": 2\n/,
    },
    {
      title: "reads lines of it",
      params: { path: "memory/2026-04-03.md", from: 2, lines: 1 },
      says: /"text": "Car to the garage\."/,
    },
    {
      title: "reads from the line that a result names",
      params: { path: "memory/2026-04-03.md#L2-L2" },
      says: /"from": 2/,
    },
    { title: "reads the curated file", params: { path: "MEMORY.md" }, says: /Rex/ },
    { title: "reads further files", params: { path: "vault/x.md" }, says: /From the vault/ },
    {
      title: "gives 120 lines unless told, and says that there are more",
      params: { path: "memory/long.md" },
      says: /line 120",\n\s+"from": 1,\n\s+"lines": 120,\n\s+"truncated": true/,
    },
    {
      title: "gives at most 12,000 characters",
      params: { path: "memory/wide.md" },
      says: /"truncated": true/,
      check: (result) => assert.equal((result.details as { text: string }).text.length, 12_000),
    },
    {
      title: "finds a note that is not there empty",
      params: { path: "memory/2020-01-01.md" },
      says: /"text": "",\n\s+"from": 1,\n\s+"lines": 0\n/,
    },
    {
      title: "refuses other files of the workspace",
      params: { path: "SOUL.md" },
      says: /SOUL\.md is not part of memory/,
      fails: true,
    },
    { title: "refuses to climb out", params: { path: "memory/../SOUL.md" }, says: /not part of memory/, fails: true },
    {
      title: "refuses what lies outside",
      params: ({ home }) => ({ path: join(home, "outside.md") }),
      says: /not part of memory/,
      fails: true,
    },
    {
      title: "follows no link out of the workspace",
      params: { path: "memory/way-out.md" },
      says: /not part of memory/,
      fails: true,
    },
    {
      title: "follows no link to what is no note",
      params: { path: "memory/soul.md" },
      says: /not part of memory/,
      fails: true,
    },
    { title: "refuses conversations", params: { path: "sessions/x.jsonl" }, says: /not part of memory/, fails: true },
    { title: "refuses a zero byte", params: { path: "memory/a\0.md" }, says: /not part of memory/, fails: true },
  ],
  refusals: [
    {
      title: "refuses a note outside the roots that a run is confined to",
      params: { path: "memory/2026-04-03.md" },
      gate: ({ home }) => ({ fileRoots: [join(home, "elsewhere")] }),
      rule: "outside-file-roots",
      twin: { gate: ({ workspace }) => ({ fileRoots: [workspace] }) },
    },
  ],
});

describe("personal notes", () => {
  const groups = { sessionKey: "agent:main:telegram:group:-100" };
  it("are not shown in groups, to helpers or to guests, daily notes are", async (t) => {
    const world = await toolWorld(t, { services, config });
    await prepare(world);
    for (const over of [groups, { sessionKey: "agent:main:subagent:1" }, { principal: guest }]) {
      const context = world.context(over);
      const dog = await call(search, { query: "dog Rex" }, world, context);
      assert.deepEqual(found(dog), []);
      const curated = await call(get, { path: "MEMORY.md" }, world, context);
      assert.match(textOf(curated), /private conversations/);
      const dentist = await call(search, { query: "dentist" }, world, context);
      assert.equal(found(dentist)[0]?.path, "memory/2026-04-03.md");
      assert.match(textOf(await call(get, { path: "memory/2026-04-03.md" }, world, context)), /Dentist/);
    }
  });

  it("name their source as memory.citations says", async (t) => {
    const cites = async (citations: string | undefined, over = {}) => {
      const world = await toolWorld(t, { services, config: { ...config, memory: { citations } } });
      await prepare(world);
      return textOf(await call(search, { query: "dentist" }, world, world.context(over))).includes("Source: ");
    };
    assert.deepEqual(
      [await cites("auto"), await cites("auto", groups), await cites("on", groups), await cites("off")],
      [true, false, true, false],
    );
  });
});

describe("memory that is turned off", () => {
  const off = { agents: { list: [{ id: "main", memorySearch: { enabled: false } }, { id: "work" }] } };

  it("answers that it is", async (t) => {
    const world = await toolWorld(t, { services, config: off });
    for (const [tool, params] of [
      [search, { query: "x" }],
      [get, { path: "MEMORY.md" }],
    ] as const) {
      const result = await call(tool, params, world);
      assert.equal(result.isError ?? false, false);
      assert.deepEqual(result.details, { disabled: true, error: "Memory search is turned off for the agent main." });
    }
  });

  it("is not offered", () => {
    assert.equal(memoryEnabled(fakeConfig(off), "main"), false);
    assert.equal(memoryEnabled(fakeConfig(off), "work"), true);
    assert.equal(memoryEnabled(fakeConfig({ plugins: { slots: { memory: "none" } } }), "main"), false);
    assert.equal(memoryEnabled(fakeConfig({ plugins: { slots: { memory: "memory-core" } } }), "main"), true);
    for (const tool of tools) assert.equal(tool.isFor?.(fakeConfig(off), "main", { provider: "p", id: "m" }), false);
  });

  it("answers so as well when the index cannot be made", async (t) => {
    const world = await toolWorld(t, { services, config });
    await mkdir(join(world.home, ".openclaw"), { recursive: true });
    await writeFile(join(world.home, ".openclaw", "memory"), "in the way");
    const result = await call(search, { query: "x" }, world);
    assert.equal((result.details as { disabled?: boolean }).disabled, true);
  });
});
