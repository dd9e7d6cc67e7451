import assert from "node:assert/strict";
import { symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { call, testTool, textOf } from "../../../../../test/conformance/testTool.ts";
import { toolWorld, type ToolWorld } from "../../../../../test/conformance/toolWorld.ts";
import { Fault } from "../../base/errors.ts";
import { provide } from "../../contracts/service.ts";
import type { Provider } from "../../contracts/service.ts";
import type { Endpoint, ModelEvent, ModelRequest } from "../../contracts/model.ts";
import { NO_USAGE } from "../../contracts/message.ts";
import type { Tool } from "../../contracts/tool.ts";
import { Models } from "../../models/index.ts";
import type { ModelsService } from "../../models/index.ts";
import { services } from "./service.ts";
import { tools } from "./tools.ts";

const image = tools.find(({ name }) => name === "image") as Tool;
const PNG_BASE64 = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";
const PNG = Buffer.from(PNG_BASE64, "base64");
const CONFIG = { agents: { defaults: { imageModel: { primary: "eyes/one", fallbacks: ["eyes/two"] } } } };

/** FAKE of the models: tells what it was asked; `broken` does not answer. */
function eyes(requests: ModelRequest[] = [], broken: readonly string[] = []): readonly Provider[] {
  async function* stream(request: ModelRequest): AsyncIterable<ModelEvent> {
    requests.push(request);
    const { provider, model } = request.endpoint;
    const message = {
      role: "assistant",
      content: [{ type: "text", text: `a dot, says ${model.id}` }],
      timestamp: 0,
      api: "fake",
      provider,
      model: model.id,
      usage: NO_USAGE,
      stopReason: "stop",
    } as const;
    if (broken.includes(model.id))
      yield { type: "error", failure: { class: "overloaded", message: "busy" }, partial: message };
    else yield { type: "done", reason: "stop", message };
  }
  const resolve = async (ref: string): Promise<Endpoint> => {
    const [provider = "", id = ""] = ref.split("/");
    const model = {
      id,
      name: id,
      reasoning: false,
      input: ["text", "image"],
      contextWindow: 1e5,
      maxTokens: 1e4,
    } as const;
    return { provider, api: "fake", baseUrl: "http://localhost", headers: {}, native: false, model };
  };
  return [...services, provide(Models, () => ({ stream, resolve }) as unknown as ModelsService)] as readonly Provider[];
}

async function prepare({ workspace, home }: ToolWorld): Promise<void> {
  await writeFile(join(workspace, "a.png"), PNG);
  await writeFile(join(workspace, "lies.png"), "no picture at all");
  await writeFile(join(home, "outside.png"), PNG);
  await symlink(join(home, "outside.png"), join(workspace, "way-out.png"));
}

testTool(image, {
  config: CONFIG,
  services: eyes(),
  params: { image: "a.png", prompt: "what is it?" },
  preview: ({ workspace }) => ({
    target: "a.png",
    exact: { pictures: ["a.png"], paths: [join(workspace, "a.png")], path: join(workspace, "a.png") },
  }),
  prepare,
  cases: [
    { title: "looks at a file", params: { image: "a.png" }, says: /^a dot, says one$/ },
    {
      title: "looks at what is in the call itself",
      params: { image: `data:image/png;base64,${PNG_BASE64}` },
      says: /^a dot/,
    },
    {
      title: "looks at several",
      params: { images: ["a.png", "a.png"] },
      says: /^a dot/,
      check: (r) => assert.equal((r.details as { pictures: number }).pictures, 2),
    },
    { title: "asks the model that is named", params: { image: "a.png", model: "eyes/two" }, says: /says two$/ },
    { title: "judges a picture by its bytes", params: { image: "lies.png" }, says: /is no picture/, fails: true },
    { title: "wants a picture", params: {}, says: /^image required/, fails: true },
    {
      title: "takes no more than twenty",
      params: { images: Array.from({ length: 21 }, () => "a.png") },
      says: /at most 20/,
      fails: true,
    },
    {
      title: "refuses what is too large",
      params: { image: "a.png", maxBytesMb: 0.00001 },
      says: /more than 10 bytes/,
      fails: true,
    },
    { title: "says when there is no such file", params: { image: "none.png" }, says: /none\.png/, fails: true },
    {
      title: "fetches nothing while there is no network",
      params: { image: "https://example.com/a.png" },
      says: /could not be fetched/,
      fails: true,
    },
  ],
  refusals: [
    {
      title: "a picture outside the folders that it is confined to",
      params: { image: "way-out.png" },
      gate: ({ workspace }) => ({ fileRoots: [workspace] }),
      rule: "outside-file-roots",
      twin: { params: { image: "a.png" } },
    },
  ],
});

test("the next model is asked when the first does not answer", async (t) => {
  const requests: ModelRequest[] = [];
  const world = await toolWorld(t, { config: CONFIG, services: eyes(requests, ["one"]) });
  await prepare(world);
  assert.equal(textOf(await call(image, { image: "a.png" }, world)), "a dot, says two");
  assert.deepEqual(
    requests.map(({ endpoint, tools: given }) => [endpoint.model.id, given.length]),
    [
      ["one", 0],
      ["two", 0],
    ],
  );
});

test("an address inside the own network is refused as such", async (t) => {
  const world = await toolWorld(t, { config: CONFIG, services: eyes() });
  const refuse = () =>
    Promise.reject(
      new Fault({
        code: "EGRESS_REFUSED",
        message: "not a public address",
        remedy: "",
        status: 403,
        rpc: "FORBIDDEN",
        retryable: false,
      }),
    );
  const context = world.context({ platform: { ...world.platform, fetch: refuse } });
  const body = await image.load();
  await assert.rejects(body.run({ image: "http://169.254.169.254/a.png" } as never, context), {
    code: "EGRESS_REFUSED",
  });
});

test("it is there for agents with a model for pictures, or one that sees", () => {
  const has = (imageModel: unknown, seesImages: boolean) =>
    image.isFor?.({ at: () => imageModel } as never, "main", { provider: "p", id: "m", seesImages });
  assert.equal(has(undefined, false), false);
  assert.equal(has(undefined, true), true);
  assert.equal(has("eyes/one", false), true);
  assert.equal(has({ primary: "eyes/one" }, false), true);
  assert.equal(has({}, false), false);
});
