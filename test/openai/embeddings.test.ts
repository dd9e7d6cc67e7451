import { after, describe, it } from "node:test";
import assert from "node:assert/strict";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { openLive, type Live } from "./_live.ts";

interface Asked {
  readonly path: string | undefined;
  readonly authorization: string | undefined;
  readonly body: Readonly<Record<string, unknown>>;
}

/** FAKE of a vendor's embeddings: a text becomes its length and its first letter, in reversed order of rows. */
async function vendor(status = 200) {
  const asked: Asked[] = [];
  const answer = async (request: IncomingMessage, response: ServerResponse) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = JSON.parse(Buffer.concat(chunks).toString()) as { input: string[] };
    asked.push({ path: request.url, authorization: request.headers.authorization, body });
    response.writeHead(status, { "content-type": "application/json" });
    const data = body.input.map((text, index) => ({ index, embedding: [text.length, text.charCodeAt(0) / 2] }));
    response.end(JSON.stringify({ data: data.toReversed(), usage: { prompt_tokens: 7 } }));
  };
  const server = createServer((request, response) => void answer(request, response)).listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  after(() => server.close());
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`, asked };
}

async function live(memorySearch?: object): Promise<Live> {
  const defaults = {
    skipBootstrap: true,
    model: { primary: "fake/fake-1" },
    ...(memorySearch ? { memorySearch } : {}),
  };
  return openLive({ after }, { script: { text: ["x"] }, config: { agents: { defaults } } });
}

const embed = (gateway: Live, body: object, headers: Record<string, string> = {}) =>
  gateway.send("/v1/embeddings", { body: { model: "openclaw", ...body }, headers });

describe("embeddings", () => {
  it("come from the server that memory search names, in the order of the texts", async () => {
    const { url, asked } = await vendor();
    const gateway = await live({ model: "small", remote: { baseUrl: url, apiKey: "sk-embed" } });
    const response = await embed(gateway, { input: ["ab", "cde"], dimensions: 2 });
    assert.equal(response.status, 200);
    assert.deepEqual(await response.json(), {
      object: "list",
      data: [
        { object: "embedding", index: 0, embedding: [2, 48.5] },
        { object: "embedding", index: 1, embedding: [3, 49.5] },
      ],
      model: "openclaw",
      usage: { prompt_tokens: 7, total_tokens: 7 },
    });
    assert.deepEqual(asked[0], {
      path: "/v1/embeddings",
      authorization: "Bearer sk-embed",
      body: { model: "small", input: ["ab", "cde"], encoding_format: "float", dimensions: 2 },
    });
  });

  it("are packed for clients that want them so", async () => {
    const { url } = await vendor();
    const gateway = await live({ model: "small", remote: { baseUrl: url } });
    const response = await embed(gateway, { input: "ab", encoding_format: "base64" });
    const { data } = (await response.json()) as { data: { embedding: string }[] };
    const bytes = Buffer.from(data[0]?.embedding ?? "", "base64");
    assert.deepEqual([bytes.readFloatLE(0), bytes.readFloatLE(4)], [2, 48.5]);
  });

  it("are refused with what is missing or wrong", async () => {
    const none = await live();
    const refused = async (gateway: Live, body: object) => {
      const response = await embed(gateway, body);
      const { error } = (await response.json()) as { error: { message: string } };
      return [response.status, error.message];
    };
    assert.deepEqual(await refused(none, { input: "x" }), [501, "no embedding provider configured"]);
    for (const input of [undefined, 1, [], [1], ["a", null], {}])
      assert.deepEqual(await refused(none, { input }), [400, "`input` must be a string or an array of strings."]);
    assert.equal((await refused(none, { input: "x", encoding_format: "int8" }))[0], 400);
    const { url } = await vendor(401);
    const broken = await live({ provider: "mine", model: "small", remote: { baseUrl: url } });
    assert.deepEqual(await refused(broken, { input: "x" }), [
      502,
      'The provider "mine" makes no embeddings with this key: HTTP 401.',
    ]);
    const limited = await live({ provider: "mine", model: "m", remote: { baseUrl: (await vendor(429)).url } });
    assert.equal((await refused(limited, { input: "x" }))[0], 429);
  });

  it("of a model that a header names come from its provider", async () => {
    const gateway = await live();
    const response = await embed(gateway, { input: "x" }, { "x-openclaw-model": "nobody/nothing" });
    assert.equal(response.status, 404);
  });
});
