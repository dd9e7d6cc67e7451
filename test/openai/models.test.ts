import { after, describe, it } from "node:test";
import assert from "node:assert/strict";
import { openDesk } from "./_desk.ts";
import { openLive } from "./_live.ts";

const agents = { list: [{ id: "main" }, { id: "work", default: true }] };
const desk = await openDesk({
  agents: { defaults: { model: { primary: "fake/fake-1" }, skipBootstrap: true }, ...agents },
});

describe("while the endpoints are off", () => {
  it("they do not exist", async () => {
    const off = await openLive({ after }, { script: { text: ["x"] }, config: { gateway: { http: {} } } });
    for (const [path, body] of [
      ["/v1/chat/completions", {}],
      ["/v1/responses", {}],
      ["/v1/models", undefined],
      ["/v1/models/openclaw", undefined],
      ["/v1/embeddings", {}],
    ] as const) {
      const response = await off.send(path, { body });
      assert.equal(response.status, 404, path);
      assert.equal(await response.text(), "Not Found");
    }
  });

  it("each obeys its own switch, and one is enough for the models", async () => {
    const http = { endpoints: { chatCompletions: { enabled: true } } };
    const half = await openLive({ after }, { script: { text: ["x"] }, config: { gateway: { http } } });
    assert.equal((await half.send("/v1/responses", { body: {} })).status, 404);
    assert.equal((await half.send("/v1/models")).status, 200);
    assert.equal((await half.send("/v1/chat/completions", { body: {} })).status, 400);
  });
});

describe("models", () => {
  it("are the default agent under two names, then every agent", async () => {
    const { data, object } = (await (await desk.send("/v1/models")).json()) as { object: string; data: any[] };
    assert.equal(object, "list");
    assert.deepEqual(
      data.map(({ id }) => id),
      ["openclaw", "openclaw/default", "openclaw/main", "openclaw/work"],
    );
    assert.deepEqual(data[0], { id: "openclaw", object: "model", created: 0, owned_by: "openclaw", permission: [] });
  });

  it("are found by id, with a raw or an encoded slash", async () => {
    for (const id of ["openclaw", "openclaw/default", "openclaw%2Fdefault", "openclaw/work"]) {
      const response = await desk.send(`/v1/models/${id}`);
      assert.equal(response.status, 200, id);
      assert.equal(((await response.json()) as { id: string }).id, decodeURIComponent(id));
    }
  });

  it("say which ids are unknown and which are none", async () => {
    const refused = async (id: string) => {
      const response = await desk.send(`/v1/models/${id}`);
      return [response.status, ((await response.json()) as { error: object }).error];
    };
    const type = "invalid_request_error";
    assert.deepEqual(await refused("openclaw/nope"), [404, { message: "Model 'openclaw/nope' not found.", type }]);
    assert.deepEqual(await refused("gpt-4"), [400, { message: "Invalid model id.", type }]);
    assert.deepEqual(await refused("%zz"), [400, { message: "Invalid model id.", type }]);
  });

  it("take GET only, whoever asks", async () => {
    for (const method of ["POST", "HEAD", "DELETE"]) {
      const response = await fetch(`${desk.url}/v1/models`, { method });
      assert.equal(response.status, 405);
      assert.equal(response.headers.get("allow"), "GET");
    }
    assert.equal((await fetch(`${desk.url}/v1/models`)).status, 401);
  });
});

describe("embeddings", () => {
  it("are refused clearly, after the request was checked", async () => {
    const ask = async (body: object) => {
      const { status, body: answer } = await desk.post("/v1/embeddings", body);
      return [status, answer.error.message];
    };
    const wrong = "`input` must be a string or an array of strings.";
    assert.deepEqual(await ask({ model: "openclaw", input: 5 }), [400, wrong]);
    assert.deepEqual(await ask({ model: "openclaw", input: ["a", 1] }), [400, wrong]);
    assert.deepEqual(await ask({ model: "gpt-4", input: "a" }), [
      400,
      "Invalid `model`. Use `openclaw` or `openclaw/<agentId>`.",
    ]);
    for (const input of ["a", ["a", "b"]])
      assert.deepEqual(await ask({ model: "openclaw", input }), [501, "no embedding provider configured"]);
  });
});
