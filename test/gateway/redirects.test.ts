/**
 * Whoever is asked with a credential may send the question to another path of its own, and nowhere else: not to another
 * host or port, not to another scheme, not to the addresses where clouds keep credentials.
 */
import assert from "node:assert/strict";
import { createServer } from "node:http";
import type { IncomingMessage, Server } from "node:http";
import type { AddressInfo } from "node:net";
import { after, before, describe, it } from "node:test";
import { createFetch } from "../../packages/openclaw/src/base/fetch.ts";
import { systemClock } from "../../packages/openclaw/src/base/time.ts";
import { QuotaBook } from "../../packages/openclaw/src/features/usage/_quota/quotas.ts";
import { ask as transcribe } from "../../packages/openclaw/src/features/media/providers/_http.ts";
import { freeModels } from "../../packages/openclaw/src/features/model-choice/_free-models.ts";
import { request as speak } from "../../packages/openclaw/src/features/voice/_speech/provider.ts";
import { askServer } from "../../packages/openclaw/src/models/_discovery-ask.ts";
import { embed } from "../../packages/openclaw/src/models/_embed.ts";
import { makeExchange } from "../../packages/openclaw/src/models/auth/exchange.ts";
import { askTokens } from "../../packages/openclaw/src/models/auth/token-endpoint.ts";
import { quietLog } from "../harness/log.ts";
import { requestFor } from "../conformance/_dialect-kit.ts";

const SECRET = "sk-redirected-0123456789";
const fetch = createFetch({ clock: systemClock, log: quietLog });
const { signal } = new AbortController();
const headers = { authorization: `Bearer ${SECRET}` };

interface Seen {
  readonly server: string;
  readonly path: string;
  readonly told: string;
}
const seen: Seen[] = [];
let target = "";
const servers: Server[] = [];
let first = "";
let second = "";

/** FAKE of a server: sends everybody to `target` unless they come from there. */
async function serve(name: string): Promise<string> {
  const server = createServer((request, response) => {
    void (async () => {
      let body = "";
      for await (const piece of request as IncomingMessage & AsyncIterable<Buffer>) body += String(piece);
      const { url = "" } = request;
      seen.push({ server: name, path: url, told: `${JSON.stringify(request.headers)} ${body} ${url}` });
      if (name === "first" && !url.startsWith("/elsewhere")) response.writeHead(307, { location: target }).end();
      else response.writeHead(200, { "content-type": "application/json" }).end(ANSWER);
    })();
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** Something that each of them understands. */
const ANSWER = JSON.stringify({
  data: [{ id: "m", index: 0, embedding: [1] }],
  access_token: "fresh",
  token: "fresh",
  balance_infos: [{ total_balance: 1 }],
});

before(async () => {
  first = await serve("first");
  second = await serve("second");
});
after(() => {
  for (const server of servers) {
    server.closeAllConnections();
    server.close();
  }
});

const endpoint = () => requestFor("openai-completions", `${first}/v1`, {}).endpoint;
const access = { provider: "deepseek", configured: true, apiKey: SECRET, headers: {} };

const io = { fetch, clock: systemClock, next: async () => undefined, worked: () => undefined };

/** True when it came to an answer. */
const CALLERS: Readonly<Record<string, () => Promise<unknown>>> = {
  embeddings: () => embed({ endpoint: { ...endpoint(), apiKey: SECRET }, input: ["a"], signal }, io),
  discovery: () =>
    askServer({
      server: { baseUrl: `${first}/v1`, apiKey: SECRET, headers: {} },
      discovery: { paths: ["models"], shape: "openai" },
      fetch,
      signal,
    }),
  transcription: () =>
    transcribe({ fetch, baseUrl: first, headers: {}, apiKey: SECRET, timeoutMs: 5000, signal } as never, "/audio", {
      headers,
      body: "sound",
    }),
  speech: () =>
    speak(
      { access: { baseUrl: first, apiKey: SECRET, headers }, signal },
      { fetch },
      { path: "/audio/speech", headers: {}, body: "{}" },
    ),
  "a token endpoint": async () => {
    const answer = await askTokens(fetch, { url: `${first}/token`, params: { refresh_token: SECRET } });
    if ("error" in answer) throw new Error(answer.reason);
  },
  "an exchange of tokens": () => makeExchange(fetch, systemClock, `${first}/exchange`)(SECRET, "github-copilot:me"),
  quotas: async () => {
    const models = {
      access: async (name: string) => {
        if (name !== "deepseek") throw new Error("no login");
        return { ...access, baseUrl: first };
      },
    };
    const { providers } = await new QuotaBook({ fetch, clock: systemClock, models } as never).read({} as never);
    assert.ok(!JSON.stringify(providers).includes(SECRET));
    if (providers[0]?.error !== undefined) throw new Error(providers[0].error);
    assert.equal(providers[0]?.plan, "1 left");
  },
  "the list of free models": () => freeModels(fetch, { baseUrl: `${first}/v1`, now: 0, timeoutMs: 5000, signal }),
};

for (const [caller, call] of Object.entries(CALLERS))
  describe(caller, () => {
    for (const [where, to] of [
      ["to another port", () => `${second}/elsewhere?k=${SECRET}`],
      ["to another name of the same machine", () => `${first.replace("127.0.0.1", "localhost")}/elsewhere`],
      ["to another scheme", () => `${first.replace("http:", "https:")}/elsewhere`],
      ["to where clouds keep credentials", () => "http://169.254.169.254/latest/meta-data/"],
      ["to a name of such a place", () => "http://metadata.google.internal/"],
      ["to an address with a password", () => `${first.replace("//", "//me:pass@")}/elsewhere`],
      ["to a file", () => "file:///etc/passwd"],
    ] as const)
      it(`is not led ${where}`, async () => {
        seen.length = 0;
        target = to();
        await assert.rejects(call(), (error: Error) => !String(error.stack).includes(SECRET));
        assert.deepEqual([...new Set(seen.map(({ server }) => server))], ["first"]);
        assert.ok(seen.every(({ path }) => !path.startsWith("/elsewhere")));
      });

    it("follows to another path of the same server", async () => {
      seen.length = 0;
      target = `${first}/elsewhere`;
      await call();
      assert.deepEqual(seen.at(-1)?.path, "/elsewhere");
      assert.ok(caller === "the list of free models" || seen.at(-1)?.told.includes(SECRET));
    });
  });
