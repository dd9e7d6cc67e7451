/** Google's protocol at Vertex AI: the whole suite, and what is peculiar to its addresses and credentials. */
import assert from "node:assert/strict";
import { generateKeyPairSync, createVerify } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, it } from "node:test";
import type { DialectIo, Endpoint, ModelEvent } from "../../contracts/model.ts";
import { collect, requestFor, serverOf, testDialect } from "../../../../../test/conformance/testDialect.ts";
import { ioWith } from "../../../../../test/conformance/_dialect-kit.ts";
import { dialect, vertexCall } from "./google-vertex.ts";

const server = serverOf("google-generative-ai");
testDialect("google-vertex", {
  dialect: {
    ...dialect,
    // The scripted server has no projects; a key alone needs none.
    stream: (request, io) =>
      dialect.stream({ ...request, endpoint: { ...request.endpoint, params: { project: "p", location: "l" } } }, io),
  },
  server,
});

const withEnv = (env: Record<string, string>, fetch?: DialectIo["fetch"]): DialectIo =>
  ({ ...ioWith(fetch), programs: { env } }) as unknown as DialectIo;
const request = (baseUrl: string, endpoint: Partial<Endpoint> = {}) =>
  requestFor("google-vertex", baseUrl, {
    endpoint: { model: { ...requestFor("x", "https://x.test").endpoint.model, id: "gemini-3-pro" }, ...endpoint },
  });
const CALL = "publishers/google/models/gemini-3-pro:streamGenerateContent?alt=sse";

describe("the address at Vertex AI", () => {
  const cases: readonly [string, string, Partial<Endpoint>, Record<string, string>, string][] = [
    [
      "takes project and place from the environment",
      "https://us-east1-aiplatform.googleapis.com",
      {},
      { GOOGLE_CLOUD_PROJECT: "p-1", GOOGLE_CLOUD_LOCATION: "us-east1" },
      `https://us-east1-aiplatform.googleapis.com/v1/projects/p-1/locations/us-east1/${CALL}`,
    ],
    [
      "takes them from the model's params first",
      "https://aiplatform.googleapis.com",
      { params: { project: "mine", location: "europe-west4" } },
      { GOOGLE_CLOUD_PROJECT: "p-1" },
      `https://aiplatform.googleapis.com/v1/projects/mine/locations/europe-west4/${CALL}`,
    ],
    [
      "takes the place from the host, when nobody names it",
      "https://us-east1-aiplatform.googleapis.com/v1beta1",
      { params: { project: "p" } },
      {},
      `https://us-east1-aiplatform.googleapis.com/v1beta1/projects/p/locations/us-east1/${CALL}`,
    ],
    [
      "is the whole of it, when it is given so",
      "https://h.test/v1/projects/p/locations/global/publishers/google",
      {},
      {},
      `https://h.test/v1/projects/p/locations/global/${CALL}`,
    ],
    [
      "needs no project with a key",
      "https://aiplatform.googleapis.com",
      { apiKey: "AIzaFAKE" },
      {},
      `https://aiplatform.googleapis.com/v1/${CALL}`,
    ],
  ];
  for (const [what, baseUrl, endpoint, env, url] of cases)
    it(what, async () => assert.equal((await vertexCall(request(baseUrl, endpoint), withEnv(env))).url, url));
});

describe("who calls Vertex AI", () => {
  it("is a key in Google's header or a token as a bearer", async () => {
    const params = { project: "p" };
    const key = await vertexCall(request("https://h.test", { params, apiKey: "AIzaFAKE" }), withEnv({}));
    assert.equal(key.headers["x-goog-api-key"], "AIzaFAKE");
    const token = await vertexCall(request("https://h.test", { params, apiKey: "ya29.FAKE" }), withEnv({}));
    assert.equal(token.headers["authorization"], "Bearer ya29.FAKE");
  });

  const asked: { url: string; body: URLSearchParams }[] = [];
  const google: DialectIo["fetch"] = async (url, { body }) => {
    asked.push({ url, body: new URLSearchParams(String(body)) });
    return Response.json({ access_token: `ya29.${asked.length}`, expires_in: 3600 });
  };
  const bearer = async (credential: object, io?: DialectIo) => {
    const folder = await mkdtemp(join(tmpdir(), "vertex-"));
    try {
      const path = join(folder, "key.json");
      await writeFile(path, JSON.stringify(credential));
      const known = io ?? withEnv({ GOOGLE_APPLICATION_CREDENTIALS: path, GOOGLE_CLOUD_PROJECT: "p" }, google);
      const { apiKey: _, ...endpoint } = request("https://h.test").endpoint;
      const call = () => vertexCall({ ...request("https://h.test"), endpoint }, known);
      return [(await call()).headers["authorization"], (await call()).headers["authorization"]];
    } finally {
      await rm(folder, { recursive: true });
    }
  };

  it("is a service account, whose key signs for one token that is used until it ends", async () => {
    asked.length = 0;
    const { privateKey, publicKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
    const tokens = await bearer({
      type: "service_account",
      client_email: "bot@p.iam.gserviceaccount.com",
      private_key: privateKey.export({ type: "pkcs8", format: "pem" }),
    });
    assert.deepEqual(tokens, ["Bearer ya29.1", "Bearer ya29.1"]);
    assert.equal(asked[0]?.url, "https://oauth2.googleapis.com/token");
    const [head, claims, signature] = String(asked[0]?.body.get("assertion")).split(".");
    assert.ok(createVerify("RSA-SHA256").update(`${head}.${claims}`).verify(publicKey, String(signature), "base64url"));
    const { iss, aud } = JSON.parse(Buffer.from(String(claims), "base64url").toString()) as Record<string, string>;
    assert.deepEqual([iss, aud], ["bot@p.iam.gserviceaccount.com", "https://oauth2.googleapis.com/token"]);
  });

  it("is the person who logged in with gcloud", async () => {
    asked.length = 0;
    await bearer({ type: "authorized_user", client_id: "id", client_secret: "s", refresh_token: "r" });
    assert.deepEqual(Object.fromEntries(asked[0]?.body ?? []), {
      grant_type: "refresh_token",
      client_id: "id",
      client_secret: "s",
      refresh_token: "r",
    });
  });

  for (const [what, io] of [
    ["is nobody without credentials", withEnv({ HOME: "/nowhere", GOOGLE_CLOUD_PROJECT: "p" }, google)],
    ["is nobody whose project is unknown", withEnv({})],
  ] as const)
    it(what, async () => {
      const { apiKey, ...rest } = request("https://h.test").endpoint;
      const endpoint = what.includes("project") ? { ...rest, headers: { authorization: "Bearer x" } } : rest;
      assert.ok(apiKey);
      const [last] = (await collect(dialect.stream({ ...request("https://h.test"), endpoint }, io))) as ModelEvent[];
      assert.ok(last?.type === "error");
      assert.match(last.failure.message, /GOOGLE_(APPLICATION_CREDENTIALS|CLOUD_PROJECT)/);
    });
});
