import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, readdirSync, rmSync } from "node:fs";
import type { ServerResponse } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, afterEach, beforeEach, describe, it } from "node:test";
import { MP3, MP4, PNG, startGeneration } from "../../../../../test/fakes/generation.ts";
import type { FakeGeneration } from "../../../../../test/fakes/generation.ts";
import { quietLog } from "../../../../../test/harness/log.ts";
import { createFetch } from "../../base/fetch.ts";
import { systemRandom } from "../../base/ids.ts";
import { systemClock } from "../../base/time.ts";
import type { ConfigSnapshot } from "../../contracts/config.ts";
import type { Platform } from "../../contracts/service.ts";
import { PROVIDERS } from "./_engine/catalog.ts";
import { canMake } from "./_engine/settings.ts";
import type { Kind, Wishes } from "./_engine/provider.ts";
import type { GenerateService, Made, Making } from "./index.ts";
import { services } from "./service.ts";

const KEY = "sk-secret-0123456789";

/** FAKE configuration: the whole of it, and paths into it. */
function snapshotOf(root: Record<string, unknown>): ConfigSnapshot {
  const at = (path: string) =>
    path.split(".").reduce<unknown>((value, key) => (value as Record<string, unknown> | undefined)?.[key], root);
  return { hash: "", root, section: ({ path }) => at(path) as never, at };
}

/** Waits are over at once; deadlines are not. */
const clock = { ...systemClock, sleep: async (_ms: number, signal?: AbortSignal) => signal?.throwIfAborted() };
const home = mkdtempSync(join(tmpdir(), "openclaw-generate-"));
let server: FakeGeneration;
/** Providers that have a key, and where they are. */
let keyed: Record<string, string>;

const models = {
  defaultRef: () => "google/gemini-3-pro-preview",
  access: async (provider: string) => {
    const baseUrl = keyed[provider];
    if (baseUrl === undefined) throw new Error(`no key for ${provider}`);
    return { provider, baseUrl, apiKey: KEY, headers: {}, configured: true };
  },
};

beforeEach(async () => {
  server = await startGeneration();
  keyed = {};
});
afterEach(() => server.close());
after(() => rmSync(home, { recursive: true, force: true }));

async function service(): Promise<GenerateService> {
  const platform = {
    clock,
    random: systemRandom,
    env: {},
    log: { ...quietLog, for: () => quietLog },
    fetch: createFetch({ clock: systemClock, log: quietLog }),
    paths: { home, state: home, config: join(home, "openclaw.json") },
    version: "0",
  } as unknown as Platform;
  const made = await services[0]!.make({ use: async () => models as never, platform, scope: undefined as never });
  return made as GenerateService;
}

async function make(
  kind: Kind,
  wishes: Partial<Wishes> = {},
  more: Partial<Making> & { readonly set?: Record<string, unknown>; readonly root?: Record<string, unknown> } = {},
): Promise<Made> {
  const { set = {}, root = {}, ...rest } = more;
  return (await service()).make({
    kind,
    config: snapshotOf({ agents: { defaults: set }, ...root }),
    wishes: { prompt: "a lighthouse", ...wishes },
    references: [],
    signal: new AbortController().signal,
    ...rest,
  });
}

const contents = ({ files }: Made) => files.map((file) => ("path" in file ? readFileSync(file.path) : file.url));
const picture = { kind: "image", data: PNG, mimeType: "image/png" } as const;
const comfy = (kind: Kind, more: object = {}) => ({
  plugins: {
    entries: {
      comfy: {
        config: {
          baseUrl: `${server.url}/comfy`,
          [kind]: {
            workflow: {
              6: { class_type: "CLIPTextEncode", inputs: { text: "old" } },
              8: { class_type: "LoadImage", inputs: {} },
            },
            promptNodeId: "6",
            inputImageNodeId: "8",
          },
          ...more,
        },
      },
    },
  },
});

describe("each provider makes what it says that it makes", () => {
  const BYTES = { image: PNG, video: MP4, music: MP3 } as const;
  for (const { id, makes } of PROVIDERS)
    for (const kind of ["image", "video", "music"] as const) {
      if (!makes[kind] || (id === "comfy" && kind !== "image")) continue;
      it(`${id} makes ${kind}`, async () => {
        keyed[id] = `${server.url}/${id}`;
        server.pending = kind === "video" ? 2 : 0;
        const made = await make(kind, {}, { model: id, ...(id === "comfy" ? { root: comfy(kind) } : {}) });
        assert.deepEqual(contents(made), [BYTES[kind]]);
        assert.equal(server.paid, 1);
        assert.equal(made.provider, id);
      });
      it(`${id} makes ${kind} from a picture, or says that it cannot`, async () => {
        keyed[id] = `${server.url}/${id}`;
        const asked = make(
          kind,
          {},
          { model: id, references: [picture], ...(id === "comfy" ? { root: comfy(kind) } : {}) },
        );
        if (makes[kind]?.can(makes[kind].models[0], true).images === 0) {
          await assert.rejects(asked, /takes 0 of the 1 files/);
          assert.equal(server.paid, 0);
        } else assert.deepEqual(contents(await asked), [BYTES[kind]]);
      });
    }
});

describe("what a provider is asked", () => {
  const last = (path: RegExp) => server.seen.find((one) => path.test(one.path));

  it("is the documented request of OpenAI, with the key in its header", async () => {
    keyed["openai"] = `${server.url}/openai`;
    await make(
      "image",
      { size: "1536x1024", quality: "high", count: 2, openai: { moderation: "low" } },
      { model: "openai/gpt-image-1.5" },
    );
    const seen = last(/generations/);
    assert.deepEqual(seen?.body, {
      model: "gpt-image-1.5",
      prompt: "a lighthouse",
      n: 2,
      size: "1536x1024",
      quality: "high",
      moderation: "low",
    });
    assert.equal(seen?.headers.authorization, `Bearer ${KEY}`);
  });

  it("is a deployment of Azure with the key in its own header", async () => {
    const { adapter } = await import("./_providers/openai.ts");
    let seen: [url: string, headers: unknown] | undefined;
    const fetch = (async (url: string, { headers }: { headers?: object }) => {
      seen = [url, headers];
      return new Response(JSON.stringify({ data: [{ b64_json: PNG.toString("base64") }] }));
    }) as never;
    const access = { baseUrl: "https://mine.openai.azure.com", apiKey: KEY, headers: {}, configured: true };
    const signal = new AbortController().signal;
    const wishes = { prompt: "x" };
    const job = { kind: "image", model: "my-images", wishes, references: [], access, settings: {}, signal } as const;
    await adapter.begin(job, { fetch, uuid: () => "u" });
    assert.deepEqual(seen, [
      "https://mine.openai.azure.com/openai/deployments/my-images/images/generations?api-version=2024-12-01-preview",
      { "content-type": "application/json", "api-key": KEY },
    ]);
  });

  it("is a form with the picture where one is changed", async () => {
    keyed["openai"] = `${server.url}/openai`;
    await make("image", {}, { model: "openai", references: [picture] });
    assert.equal(last(/edits/)?.body["image"], PNG.length);
  });

  it("is another model for what this one cannot draw, and that is told", async () => {
    keyed["openai"] = `${server.url}/openai`;
    const made = await make("image", { background: "transparent" }, { model: "openai/gpt-image-2" });
    assert.equal(made.model, "gpt-image-1.5");
    assert.deepEqual(made.normalization, [{ field: "model", requested: "gpt-image-2", applied: "gpt-image-1.5" }]);
  });

  it("is a shape and a resolution at Google", async () => {
    keyed["google"] = `${server.url}/google`;
    await make("image", { aspectRatio: "16:9", resolution: "2K" }, { model: "google" });
    const config = (last(/generateContent/)?.body["generationConfig"] ?? {}) as Record<string, unknown>;
    assert.deepEqual(config["imageConfig"], { aspectRatio: "16:9", imageSize: "2K" });
  });

  it("is the workflow with the words and the picture in its nodes", async () => {
    await make("image", {}, { model: "comfy", references: [picture], root: comfy("image") });
    const nodes = last(/\/prompt$/)?.body["prompt"] as Record<string, { inputs: Record<string, string> }>;
    assert.equal(nodes["6"]?.inputs["text"], "a lighthouse");
    assert.equal(nodes["8"]?.inputs["image"], "up.png");
  });

  it("names what was left out", async () => {
    keyed["fal"] = `${server.url}/fal`;
    const made = await make("image", { quality: "high" }, { model: "fal" });
    assert.deepEqual(made.ignored, [{ key: "quality", value: "high" }]);
  });

  it("has a name of its own where one was asked for", async () => {
    keyed["openai"] = `${server.url}/openai`;
    const [file] = (await make("image", {}, { model: "openai", filename: "../../my light.png" })).files;
    assert.match(file && "path" in file ? file.path : "", /\/media\/generated\/my light-[0-9a-f]{8}-1\.png$/);
  });
});

describe("who is asked", () => {
  const all = () => (keyed = Object.fromEntries(["openai", "google", "fal"].map((id) => [id, `${server.url}/${id}`])));

  it("is the chosen one, then its fallbacks", async () => {
    all();
    server.instead = ({ path }, response) => path.startsWith("/fal") && refuse(response, 422, "not so");
    const set = { imageGenerationModel: { primary: "fal/fal-ai/flux/dev", fallbacks: ["openai/gpt-image-1"] } };
    const made = await make("image", {}, { set });
    assert.deepEqual(
      made.attempts.map(({ provider, error }) => [provider, error]),
      [
        ["fal", "HTTP 422: not so"],
        ["openai", undefined],
      ],
    );
  });

  it("is whoever has a key when nobody was chosen, the one of the conversation first", async () => {
    all();
    assert.equal((await make("image")).provider, "google");
  });

  it("is nobody else where the operator wants no others", async () => {
    all();
    server.instead = ({ path }, response) => path.startsWith("/fal") && refuse(response, 500, "broken");
    const set = { imageGenerationModel: "fal/fal-ai/flux/dev", mediaGenerationAutoProviderFallback: false };
    await assert.rejects(make("image", {}, { set }), /No picture was made: fal: HTTP 500: broken\./);
    assert.equal(server.paid, 0);
  });

  it("is nobody else than the one that the call names", async () => {
    all();
    server.instead = ({ path }, response) => path.startsWith("/openai") && refuse(response, 400, "no");
    await assert.rejects(make("image", {}, { model: "openai/gpt-image-2" }), /openai: HTTP 400: no\.$/);
  });

  it("is never a model that must be named, without its name", async () => {
    keyed["openai"] = `${server.url}/openai`;
    await assert.rejects(make("video"), { code: "GENERATE_NONE_READY" });
    assert.equal((await make("video", {}, { model: "openai/sora-2" })).provider, "openai");
  });

  it("is said when nobody is known by that name, or nobody has a key", async () => {
    await assert.rejects(make("image", {}, { model: "nobody/x" }), { code: "GENERATE_MODEL_UNKNOWN" });
    await assert.rejects(make("image"), { code: "GENERATE_NONE_READY" });
  });

  it("is not asked without end in one run", async () => {
    keyed["openai"] = `${server.url}/openai`;
    const one = await service();
    const again = () =>
      one.make({
        kind: "image",
        config: snapshotOf({}),
        wishes: { prompt: "x" },
        references: [],
        signal: new AbortController().signal,
        runId: "run",
        model: "openai",
      });
    for (let i = 0; i < 10; i += 1) await again();
    await assert.rejects(again(), { code: "GENERATE_LIMIT" });
    assert.equal(server.paid, 10);
  });
});

describe("an agent has the tools", () => {
  const cases: [what: string, root: Record<string, unknown>, env: Record<string, string>, has: boolean][] = [
    ["not without anybody", {}, {}, false],
    ["with a key in the environment", {}, { OPENAI_API_KEY: "sk" }, true],
    ["with a key in the configuration", { models: { providers: { fal: { apiKey: "k" } } } }, {}, true],
    ["with a login", { auth: { profiles: { "google:default": { provider: "google" } } } }, {}, true],
    ["with a model", { agents: { defaults: { imageGenerationModel: "fal/x/y" } } }, {}, true],
    [
      "with a workflow",
      { plugins: { entries: { comfy: { config: { image: { workflowPath: "w.json" } } } } } },
      {},
      true,
    ],
    [
      "not with a key alone where others are not wanted",
      { agents: { defaults: { mediaGenerationAutoProviderFallback: false } } },
      { OPENAI_API_KEY: "sk" },
      false,
    ],
  ];
  for (const [what, root, env, has] of cases)
    it(what, () => assert.equal(canMake("image", snapshotOf(root), env), has));
  it("for videos not with the key of a company whose videos must be named", () =>
    assert.equal(canMake("video", snapshotOf({}), { OPENAI_API_KEY: "sk" }), false));
});

describe("a hostile answer", () => {
  const openai = () => (keyed["openai"] = `${server.url}/openai`);
  const answers = (value: object | Buffer) => {
    server.instead = ({ path }, response) => {
      if (!path.startsWith("/openai")) return false;
      response.end(Buffer.isBuffer(value) ? value : JSON.stringify(value));
      return true;
    };
  };
  const refused = (pattern: RegExp) => assert.rejects(make("image", {}, { model: "openai" }), pattern);
  const inside = (data: Buffer) => ({ data: [{ b64_json: data.toString("base64") }] });

  it("of a web page in place of a picture is no picture; a picture is", async () => {
    openai();
    answers(inside(Buffer.from("<!doctype html><html><script>alert(1)</script></html>")));
    await refused(/openai: it sent text\/html in place of a picture/);
    answers(inside(PNG));
    assert.deepEqual(contents(await make("image", {}, { model: "openai" })), [PNG]);
  });

  it("of a picture with a page inside a vector is no picture", async () => {
    openai();
    answers(inside(Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"><script>1</script></svg>')));
    await refused(/in place of a picture/);
  });

  it("that goes on without end is cut off", async () => {
    openai();
    server.instead = ({ path }, response) => {
      if (!path.startsWith("/openai")) return false;
      endless(response);
      return true;
    };
    await refused(/openai: /);
  });

  it("whose file goes on without end is cut off, and nothing of it is left", async () => {
    openai();
    server.instead = ({ path }, response) => {
      if (path.startsWith("/openai/images")) {
        response.end(JSON.stringify({ data: [{ url: `${server.url}/cdn/endless` }] }));
        return true;
      }
      if (path !== "/cdn/endless") return false;
      response.write(PNG);
      endless(response);
      return true;
    };
    await refused(/a picture is larger than can be kept/);
    assert.deepEqual(
      readdirSync(join(home, "media", "generated")).filter((name) => name.endsWith(".part")),
      [],
    );
  });

  it("that leads to this machine's own network is not followed; one of the same server is", async () => {
    openai();
    answers({ data: [{ url: "http://169.254.169.254/latest/meta-data" }] });
    await refused(/openai: /);
    answers({ data: [{ url: "http://127.0.0.1:1/x.png" }] });
    await refused(/its address is/);
    answers({ data: [{ url: `${server.url}/cdn/picture.png` }] });
    assert.deepEqual(contents(await make("image", {}, { model: "openai" })), [PNG]);
    assert.equal(server.seen.at(-1)?.headers.authorization, undefined);
  });

  it("that redirects elsewhere gets no key and no request", async () => {
    openai();
    const other = await startGeneration();
    try {
      server.instead = (_, response) => {
        response.writeHead(307, { location: `${other.url}/openai/images/generations` }).end();
        return true;
      };
      await refused(/only http:\/\/127\.0\.0\.1:\d+ may be called here/);
      assert.equal(other.seen.length, 0);
    } finally {
      await other.close();
    }
  });

  it("that repeats the key does not show it to anybody", async () => {
    openai();
    server.instead = (_, response) => refuse(response, 401, `Incorrect API key provided: ${KEY}`);
    await assert.rejects(make("image", {}, { model: "openai" }), (error: Error) => {
      assert.match(error.message, /HTTP 401: Incorrect API key provided/);
      assert.ok(!error.message.includes(KEY));
      return true;
    });
  });

  it("of more pictures than were asked for is cut to what was", async () => {
    openai();
    answers({ data: Array.from({ length: 50 }, () => ({ b64_json: PNG.toString("base64") })) });
    assert.equal((await make("image", { count: 2 }, { model: "openai" })).files.length, 2);
  });

  it("of nothing at all ends with its time", async () => {
    openai();
    server.instead = () => true;
    await assert.rejects(make("image", {}, { model: "openai", timeoutMs: 200 }), /nothing came within/);
  });

  it("that names another server to ask is not asked there", async () => {
    keyed["google"] = `${server.url}/google`;
    server.instead = ({ path }, response) => {
      if (!path.includes("predictLongRunning")) return false;
      response.end(JSON.stringify({ name: "../../../evil?x=" }));
      return true;
    };
    await assert.rejects(make("video", {}, { model: "google" }), /named nothing to wait for/);
  });
});

describe("ComfyUI", () => {
  it("in a private network is asked only where that is allowed", async () => {
    const root = (more: object) => comfy("image", { baseUrl: "http://192.168.7.7:8188", ...more });
    await assert.rejects(make("image", {}, { model: "comfy", root: root({}) }), /private network/);
  });
  it("is sent no key of the cloud on a machine of one's own", async () => {
    keyed["comfy"] = "https://cloud.comfy.org";
    await make("image", {}, { model: "comfy", root: comfy("image") });
    assert.ok(server.seen.every(({ headers }) => headers["x-api-key"] === undefined));
  });
  it("at the cloud is asked under /api with the key", async () => {
    await make("image", {}, { model: "comfy", root: comfy("image", { mode: "cloud", apiKey: KEY }) });
    assert.ok(server.seen.every(({ headers, path }) => headers["x-api-key"] === KEY && path.startsWith("/comfy/api/")));
  });
  it("is given up when the time of its workflow is over", async () => {
    server.pending = Number.MAX_SAFE_INTEGER;
    const workflow = { workflow: { 6: { inputs: {} } }, promptNodeId: "6", timeoutMs: 150, pollIntervalMs: 100 };
    const root = comfy("image", { image: workflow });
    await assert.rejects(make("image", {}, { model: "comfy", root }), /nothing came within 1 s/);
  });
  it("says which node a workflow lacks", async () => {
    const root = comfy("image", { image: { workflow: { 1: {} }, promptNodeId: "6" } });
    await assert.rejects(make("image", {}, { model: "comfy", root }), /no node "6"/);
    assert.equal(server.paid, 0);
  });
});

function refuse(response: ServerResponse, status: number, message: string): true {
  response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify({ error: { message } }));
  return true;
}

function endless(response: ServerResponse): void {
  const chunk = Buffer.alloc(1024 * 1024, 32);
  const more = (): void => {
    while (!response.destroyed && response.write(chunk));
    if (!response.destroyed) response.once("drain", more);
  };
  response.on("error", () => undefined);
  more();
}
