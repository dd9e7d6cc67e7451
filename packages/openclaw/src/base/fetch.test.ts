import assert from "node:assert/strict";
import { createServer } from "node:http";
import type { IncomingMessage, Server, ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { after, before, test } from "node:test";
import { quietLog as log } from "../../../../test/harness/log.ts";
import { createFetch } from "./fetch.ts";
import type { FetchOptions } from "./fetch.ts";
import { systemClock } from "./time.ts";

const fetch = createFetch({ clock: systemClock, log });

let server: Server;
let origin = "";
let handle: (request: IncomingMessage, response: ServerResponse) => void = (_, response) => response.end();
let connections = 0;

before(async () => {
  server = createServer((request, response) => handle(request, response));
  server.on("connection", () => (connections += 1));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
after(() => {
  server.closeAllConnections();
  server.close();
});

const call = (path: string, options: Partial<FetchOptions> = {}) =>
  fetch(origin + path, { connectTimeoutMs: 2000, maxBytes: 1e6, egress: { origin }, ...options });
const code = (expected: string) => (error: unknown) => (error as { code?: unknown }).code === expected;

test("method, headers and body arrive, and the response has status, headers, url and body", async () => {
  handle = (request, response) => {
    let body = "";
    request.on("data", (chunk) => (body += chunk));
    request.on("end", () =>
      response
        .writeHead(418, { "x-test": "yes" })
        .end(JSON.stringify({ method: request.method, headers: request.headers, body })),
    );
  };
  const response = await call("/tea?x=1", {
    method: "POST",
    headers: { Authorization: "Bearer t", "Content-Type": "text/plain" },
    body: "hé",
  });
  assert.equal(response.status, 418);
  assert.equal(response.headers.get("x-test"), "yes");
  assert.equal(response.url, `${origin}/tea?x=1`);
  const seen = (await response.json()) as { method: string; headers: Record<string, string>; body: string };
  assert.equal(seen.method, "POST");
  assert.equal(seen.body, "hé");
  assert.equal(seen.headers["authorization"], "Bearer t");
  assert.equal(seen.headers["content-length"], "3");
  assert.equal(seen.headers["accept-encoding"], "identity");
});

test("one connection serves requests that follow each other", async () => {
  handle = (_, response) => response.end("x");
  await (await call("/")).text();
  const until = connections;
  for (let n = 0; n < 5; n += 1) await (await call("/")).text();
  assert.equal(connections, until);
});

test("the first piece of a stream arrives while the server still writes", async () => {
  let finish = () => {};
  handle = (_, response) => {
    response.write("data: one\n\n");
    finish = () => response.end("data: two\n\n");
  };
  const reader = (await call("/")).body!.getReader();
  assert.equal(Buffer.from((await reader.read()).value!).toString(), "data: one\n\n");
  finish();
  assert.equal(Buffer.from((await reader.read()).value!).toString(), "data: two\n\n");
  assert.equal((await reader.read()).done, true);
});

test("abort ends a request that waits and a body that is being read, with the signal's reason", async () => {
  const reason = new Error("enough");
  handle = () => {};
  const waiting = new AbortController();
  const pending = call("/", { signal: waiting.signal });
  setTimeout(() => waiting.abort(reason), 20);
  await assert.rejects(pending, reason);

  let closed: Promise<unknown> = Promise.resolve();
  handle = (_, response) => {
    closed = new Promise((resolve) => response.once("close", resolve));
    response.write("start");
  };
  const reading = new AbortController();
  const response = await call("/", { signal: reading.signal });
  setTimeout(() => reading.abort(reason), 20);
  await assert.rejects(response.text(), reason);
  await closed;
  await assert.rejects(call("/", { signal: AbortSignal.abort(reason) }), reason);
});

test("cancelling the body closes the connection", async () => {
  let closed: Promise<unknown> = Promise.resolve();
  handle = (_, response) => {
    closed = new Promise((resolve) => response.once("close", resolve));
    response.write("start");
  };
  await (await call("/")).body!.cancel();
  await closed;
});

test("a server that says nothing fails after the connect timeout", async () => {
  handle = () => {};
  await assert.rejects(call("/", { connectTimeoutMs: 50 }), code("FETCH_TIMEOUT"));
});

test("a body over the limit fails where it is read, announced or not", async () => {
  handle = (_, response) => response.end("x".repeat(2000));
  await assert.rejects((await call("/", { maxBytes: 1000 })).text(), code("FETCH_TOO_LARGE"));
  handle = (_, response) => {
    response.write("x".repeat(900));
    response.end("x".repeat(900));
  };
  await assert.rejects((await call("/", { maxBytes: 1000 })).text(), code("FETCH_TOO_LARGE"));
  handle = (_, response) => response.end("x".repeat(1000));
  assert.equal((await (await call("/", { maxBytes: 1000 })).text()).length, 1000);
});

test("a connection that breaks off in the body is an error, not an end", async () => {
  handle = (_, response) => {
    response.writeHead(200, { "content-length": "100" });
    response.write("part");
    setTimeout(() => response.destroy(), 20);
  };
  await assert.rejects((await call("/")).text(), code("FETCH_FAILED"));
});

test("a refused connection and an unknown name carry the system's code", async () => {
  const closed = "http://127.0.0.1:1";
  await assert.rejects(
    call("/", {}).then(() => fetch(closed, { connectTimeoutMs: 1000, maxBytes: 1, egress: { origin: closed } })),
    (error) => {
      return (
        code("FETCH_FAILED")(error) &&
        (error as { details: { systemCode: string } }).details.systemCode === "ECONNREFUSED"
      );
    },
  );
});

test("a response without a body, and one to HEAD, are empty", async () => {
  handle = (_, response) => response.writeHead(204).end();
  assert.equal(await (await call("/")).text(), "");
  handle = (_, response) => response.writeHead(200, { "content-length": "5" }).end();
  assert.equal(await (await call("/", { method: "HEAD" })).text(), "");
});

test("a status that HTTP does not know is a failure, not a crash", async () => {
  handle = (_, response) => response.writeHead(999).end();
  await assert.rejects(call("/"), code("FETCH_FAILED"));
});

test("a large body is not read ahead of its reader without end", async () => {
  handle = (_, response) => {
    const chunk = Buffer.alloc(65_536);
    const more = () => {
      while (response.write(chunk));
      response.once("drain", more);
    };
    more();
  };
  const response = await call("/", { maxBytes: 1e12 });
  await new Promise((resolve) => setTimeout(resolve, 100));
  const reader = response.body!.getReader();
  let ready = 0;
  for (;;) {
    const piece = await Promise.race([
      reader.read(),
      new Promise<undefined>((resolve) => setImmediate(resolve, undefined)),
    ]);
    if (piece?.value === undefined || ready > 4e6) break;
    ready += piece.value.length;
  }
  await reader.cancel();
  assert.ok(ready <= 4e6, String(ready));
});

test("redirects inside the origin are followed, at most five, and 303 turns into GET", async () => {
  handle = (request, response) => {
    const n = Number(request.url?.slice(1));
    if (n > 0) response.writeHead(303, { location: `/${n - 1}` }).end();
    else response.end(`${request.method} ${request.headers["content-length"] ?? "none"}`);
  };
  const response = await call("/5", { method: "POST", body: "x" });
  assert.equal(await response.text(), "GET none");
  assert.equal(response.redirected, true);
  await assert.rejects(call("/6"), code("FETCH_REDIRECTS"));
});

test("a configured server cannot redirect to another origin", async () => {
  handle = (_, response) => response.writeHead(302, { location: "http://127.0.0.1:1/" }).end();
  await assert.rejects(call("/"), code("EGRESS_REFUSED"));
});

for (const [what, headers] of [
  ["a line break", { "x-api-key": "sk-secret\r\nx-evil: 1" }],
  ["a NUL", { "x-api-key": "sk-secret\0" }],
  ["a control character", { authorization: "Bearer sk-secret\u001b[0m" }],
  ["a character beyond Latin 1", { authorization: "Bearer sk-secret–x" }],
  ["a name with a line break", { "x-a\r\nx-secret": "sk-secret" }],
  ["no name", { "": "sk-secret" }],
] as const)
  test(`a header with ${what} is refused before anything is sent, without its value`, async () => {
    let came = 0;
    handle = (_, response) => (came++, response.end());
    await assert.rejects(call("/", { headers }), (error: Error & { code?: string }) => {
      assert.equal(error.code, "FETCH_HEADER");
      assert.ok(!`${error.message}${error.stack}`.includes("sk-secret"));
      return true;
    });
    assert.equal(came, 0);
  });

test("white space at the ends of a header is no part of it", async () => {
  handle = ({ headers }, response) => response.end(JSON.stringify(headers));
  const response = await call("/", { headers: { "X-Api-Key": " key one\r\n", "x-latin": "é" } });
  const sent = (await response.json()) as Record<string, string>;
  assert.deepEqual([sent["x-api-key"], sent["x-latin"]], ["key one", "é"]);
});
