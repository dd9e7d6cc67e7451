import assert from "node:assert/strict";
import { mkdir, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, test } from "node:test";
import { call, testTool, textOf } from "../../../../../test/conformance/testTool.ts";
import { toolWorld, type ToolWorld } from "../../../../../test/conformance/toolWorld.ts";
import { PNG } from "../../../../../test/fakes/generation.ts";
import { provide } from "../../contracts/service.ts";
import type { Provider } from "../../contracts/service.ts";
import { SYSTEM } from "../../contracts/principal.ts";
import type { Tool } from "../../contracts/tool.ts";
import { services as mediaServices } from "../media/service.ts";
import { Generate } from "./index.ts";
import type { GenerateService, Making, Starting } from "./index.ts";
import { tools } from "./tools.ts";

const named = (name: string) => tools.find((tool) => tool.name === name) as Tool;
const image = named("image_generate");
const video = named("video_generate");
const music = named("music_generate");

/** FAKE of the makers: tells what it was asked for, and has something under way. */
function makers(asked: (Making | Starting)[] = []): readonly Provider[] {
  const task = { taskId: "t1", kind: "video", status: "running", prompt: "x", media: [], createdAt: 1 } as const;
  const fake: GenerateService = {
    make: async (request) => {
      asked.push(request);
      const path = join(request.folder ?? "/state/media/generated", "image-1.png");
      return {
        files: Array.from({ length: request.wishes.count ?? 1 }, () => ({ path, mimeType: "image/png", bytes: 70 })),
        provider: "fal",
        model: "flux",
        attempts: [],
        normalization: [{ field: "aspectRatio", requested: "21:9", applied: "16:9" }],
        ignored: [{ key: "quality", value: "high" }],
      };
    },
    start: async (request) => {
      asked.push(request);
      return { ...task, kind: request.kind, status: "queued", fresh: asked.length === 1 };
    },
    status: async (_session, kind) => (kind === "video" ? task : undefined),
    providers: async () => [
      { id: "fal", label: "fal", configured: true, defaultModel: "flux", models: ["flux"], capabilities: {} },
    ],
    resume: async () => 0,
  };
  return [provide(Generate, () => fake), ...mediaServices] as readonly Provider[];
}

async function prepare({ workspace, home }: ToolWorld): Promise<void> {
  await writeFile(join(workspace, "a.png"), PNG);
  await writeFile(join(workspace, "lies.png"), "no picture at all");
  await writeFile(join(home, "outside.png"), PNG);
  await symlink(join(home, "outside.png"), join(workspace, "way-out.png"));
  await mkdir(join(home, ".openclaw", "credentials"), { recursive: true });
  await writeFile(join(home, ".openclaw", "credentials", "a.png"), PNG);
  await symlink(join(home, ".openclaw", "credentials", "a.png"), join(workspace, "secret.png"));
}

const confined = ({ workspace }: ToolWorld) => ({ fileRoots: [workspace] });
const refusals = [
  {
    title: "a file outside the folders that it is confined to",
    params: { prompt: "night", image: "way-out.png" },
    gate: confined,
    rule: "outside-file-roots",
    twin: { params: { prompt: "night", image: "a.png" } },
  },
  {
    title: "a secret of the installation behind a link",
    params: { prompt: "night", image: "secret.png" },
    gate: () => ({}),
    rule: "protected-path",
    twin: { params: { prompt: "night", image: "a.png" } },
  },
  {
    title: "a guest who spends",
    params: { prompt: "night" },
    gate: () => ({ principal: { ...SYSTEM, role: "guest" as const } }),
    rule: "guest",
    twin: { gate: () => ({ principal: SYSTEM }) },
  },
];

testTool(image, {
  services: makers(),
  params: { prompt: "a cat", image: "a.png" },
  preview: ({ workspace }) => ({
    target: "a cat",
    exact: { prompt: "a cat", files: ["a.png"], paths: [join(workspace, "a.png")], path: join(workspace, "a.png") },
  }),
  prepare,
  cases: [
    {
      title: "answers with the lines that send what was made, and with what became of the wishes",
      params: { prompt: "a cat", aspectRatio: "21:9", quality: "high", count: 2 },
      says: /\nMEDIA:\/state\/media\/generated\/image-1\.png\nMEDIA:.*\nChanged to what fal can do: aspectRatio 21:9 became 16:9\.\n.*left out: quality/,
      check: ({ details }) => {
        const { ignoredOverrides, normalization } = details as Record<string, unknown>;
        assert.deepEqual(ignoredOverrides, [{ key: "quality", value: "high" }]);
        assert.deepEqual(normalization, [{ field: "aspectRatio", requested: "21:9", applied: "16:9" }]);
      },
    },
    { title: "lists who makes pictures", params: { action: "list" }, says: /^fal \(fal\): ready; flux$/ },
    { title: "says that nothing is under way", params: { action: "status" }, says: /nothing is under way/ },
    { title: "wants words", params: {}, says: /^prompt required/, fails: true },
    { title: "judges a file by its bytes", params: { prompt: "x", image: "lies.png" }, says: /no image/, fails: true },
    {
      title: "says when there is no such file",
      params: { prompt: "x", image: "none.png" },
      says: /none\.png/,
      fails: true,
    },
    {
      title: "takes no more than fourteen pictures",
      params: { prompt: "x", images: Array.from({ length: 15 }, () => "a.png") },
      says: /at most 14/,
      fails: true,
    },
    {
      title: "fetches nothing while there is no network",
      params: { prompt: "x", image: "https://example.com/a.png" },
      says: /cannot be used/,
      fails: true,
    },
  ],
  refusals,
});

testTool(video, {
  services: makers(),
  params: { prompt: "a storm" },
  preview: () => ({ target: "a storm", exact: { prompt: "a storm" } }),
  prepare,
  cases: [
    { title: "says what is under way", params: { action: "status" }, says: /^Task t1 \(video\): running$/ },
    {
      title: "takes no more than nine pictures",
      params: { prompt: "x", images: Array.from({ length: 10 }, () => "a.png") },
      says: /at most 9/,
      fails: true,
    },
  ],
  refusals,
});

testTool(music, {
  services: makers(),
  params: { prompt: "a tune", outputFormat: "mp3" },
  preview: () => ({ target: "a tune", exact: { prompt: "a tune" } }),
  prepare,
  cases: [{ title: "says that nothing was started", params: { action: "status" }, says: /Nothing of this kind/ }],
  refusals,
});

describe("what makers are asked for", () => {
  test("work is begun for this session and its chat, with the files in their roles", async (t) => {
    const asked: (Making | Starting)[] = [];
    const world = await toolWorld(t, { services: makers(asked) });
    await prepare(world);
    const params = { prompt: "a storm", image: "a.png", imageRoles: ["last_frame"], durationSeconds: 6 };
    const first = await call(video, params, world);
    assert.deepEqual((first.details as { taskId: string; status: string }).status, "queued");
    assert.match(textOf(first), /do not call this again/);
    assert.match(textOf(await call(video, params, world)), /under way in this session already/);
    const [request] = asked as Starting[];
    assert.equal(request?.sessionKey, "agent:main:main");
    assert.deepEqual(request?.wishes, { prompt: "a storm", durationSeconds: 6 });
    assert.deepEqual(
      request?.references.map(({ kind, role, mimeType }) => [kind, role, mimeType]),
      [["image", "last_frame", "image/png"]],
    );
  });

  test("music waits two minutes at least, and knows its format by both names", async (t) => {
    const asked: (Making | Starting)[] = [];
    const world = await toolWorld(t, { services: makers(asked) });
    await call(music, { prompt: "a tune", timeoutMs: 10_000, outputFormat: "wav" }, world);
    assert.deepEqual([asked[0]?.timeoutMs, asked[0]?.wishes.format], [120_000, "wav"]);
    assert.equal(music.paramAliases?.["format"], "outputFormat");
  });

  test("what a guest was granted lies in the workspace, where it may be sent from; the owner's does not", async (t) => {
    const asked: (Making | Starting)[] = [];
    const world = await toolWorld(t, { services: makers(asked) });
    const body = await image.load();
    const run = (role: "guest" | "owner") =>
      body.run({ prompt: "x" } as never, world.context({ principal: { ...SYSTEM, role } }));
    await run("guest");
    await run("owner");
    const { run: begin } = await video.load();
    await begin({ prompt: "x" } as never, world.context({ principal: { ...SYSTEM, role: "guest" } }));
    assert.deepEqual(
      (asked as Making[]).map(({ folder }) => folder),
      [join(world.workspace, "media", "generated"), undefined, join(world.workspace, "media", "generated")],
    );
  });
});
