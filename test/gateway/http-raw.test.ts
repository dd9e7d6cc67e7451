/** Bytes on the wire: what no two readers would read alike is refused, what is slow is cut, what is right is answered. */
import assert from "node:assert/strict";
import { connect as tcp } from "node:net";
import { test, type TestContext } from "node:test";
import { defineRoute } from "../../packages/openclaw/src/contracts/route.ts";
import { openGateway, TOKEN } from "./_gateway.ts";
import { raw } from "./_http.ts";

const HOST = "Host: localhost\r\n";
const AUTH = `Authorization: Bearer ${TOKEN}\r\n`;

const seen: string[] = [];
const echo = defineRoute({
  methods: ["POST"],
  paths: ["/test/echo"],
  auth: "gateway",
  summary: "For tests.",
  bodyLimit: 100_000,
  async run(call) {
    const body = String(await call.body());
    seen.push(body);
    call.response.end(`echo ${body.length}`);
  },
});

const open = (t: TestContext) => openGateway(t, { routes: [echo], gateway: { auth: { token: TOKEN } } });
const post = (headers: string, body = "") => `POST /test/echo HTTP/1.1\r\n${HOST}${AUTH}${headers}\r\n${body}`;

test("requests that could be smuggled are refused and their connection ends", async (t) => {
  const { port } = await open(t);
  const cases: Record<string, string> = {
    "length and chunks": post("Content-Length: 4\r\nTransfer-Encoding: chunked\r\n", "0\r\n\r\n"),
    "chunks and length": post("Transfer-Encoding: chunked\r\nContent-Length: 4\r\n", "0\r\n\r\n"),
    "two lengths": post("Content-Length: 3\r\nContent-Length: 4\r\n", "abcd"),
    "the same length twice": post("Content-Length: 3\r\nContent-Length: 3\r\n", "abc"),
    "a list of lengths": post("Content-Length: 3, 3\r\n", "abc"),
    "a signed length": post("Content-Length: +3\r\n", "abc"),
    "a negative length": post("Content-Length: -3\r\n", "abc"),
    "a length in hexadecimal": post("Content-Length: 0x3\r\n", "abc"),
    "an endless length": post("Content-Length: 99999999999999999999999\r\n", "abc"),
    "a coding that is not chunked": post("Transfer-Encoding: xchunked\r\n", "0\r\n\r\n"),
    "a coding before chunked": post("Transfer-Encoding: gzip, chunked\r\n", "0\r\n\r\n"),
    "chunked twice": post("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n", "0\r\n\r\n"),
    "chunked before something else": post("Transfer-Encoding: chunked, identity\r\n", "0\r\n\r\n"),
    "a space before the colon": post("Content-Length : 3\r\n", "abc"),
    "a folded header": post("X-Long: a\r\n b\r\n", ""),
    "a header without a name": post(": x\r\n", ""),
    "a null in a header": post("X-Null: a\0b\r\n", ""),
    "a bare carriage return": post("X-Cr: a\rb\r\n", ""),
    "line feeds alone": `POST /test/echo HTTP/1.1\nHost: localhost\n${AUTH.replace("\r", "")}Content-Length: 3\n\nabc`,
    "a chunk size that is no number": post("Transfer-Encoding: chunked\r\n", "zz\r\nabc\r\n0\r\n\r\n"),
    "a signed chunk size": post("Transfer-Encoding: chunked\r\n", "-3\r\nabc\r\n0\r\n\r\n"),
    "a chunk longer than it says": post("Transfer-Encoding: chunked\r\n", "2\r\nabc\r\n0\r\n\r\n"),
    "a chunk size that overflows": post("Transfer-Encoding: chunked\r\n", "fffffffffffffffff\r\nabc\r\n0\r\n\r\n"),
    "two hosts": `POST /test/echo HTTP/1.1\r\n${HOST}Host: other\r\n${AUTH}\r\n`,
    "no host": `POST /test/echo HTTP/1.1\r\n${AUTH}\r\n`,
    "chunks in HTTP/1.0": `POST /test/echo HTTP/1.0\r\n${HOST}${AUTH}Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
    "an unknown version": `POST /test/echo HTTP/9.9\r\n${HOST}\r\n`,
    "a space in the target": `POST /test/echo x HTTP/1.1\r\n${HOST}\r\n`,
    "a tunnel": `CONNECT localhost:1 HTTP/1.1\r\n${HOST}\r\n`,
  };
  seen.length = 0;
  for (const [name, bytes] of Object.entries(cases)) {
    // What a reader that takes the first half for whole would run as a request of its own.
    const answer = await raw(
      port,
      `${bytes}POST /test/echo HTTP/1.1\r\n${HOST}${AUTH}Content-Length: 8\r\n\r\nsmuggled`,
    );
    const statuses = [...answer.matchAll(/HTTP\/1\.1 (\d{3})/g)].map(([, status]) => status);
    assert.deepEqual(seen, [], name);
    assert.deepEqual(statuses, ["400"], `${name}: ${answer.slice(0, 200)}`);
  }
  assert.deepEqual(seen, []);
});

test("right requests of the same shape are answered", async (t) => {
  const { port } = await open(t);
  const close = "Connection: close\r\n";
  const cases: Record<string, string> = {
    "a length": post(`${close}Content-Length: 3\r\n`, "abc"),
    chunks: post(`${close}Transfer-Encoding: chunked\r\n`, "3\r\nabc\r\n0\r\n\r\n"),
    "chunks in capitals, with an extension": post(
      `${close}Transfer-Encoding: Chunked\r\n`,
      "3;x=y\r\nabc\r\n0\r\n\r\n",
    ),
    "an absolute target": `POST http://elsewhere/test/echo HTTP/1.1\r\n${HOST}${AUTH}${close}Content-Length: 3\r\n\r\nabc`,
  };
  for (const [name, bytes] of Object.entries(cases)) {
    const answer = await raw(port, bytes);
    assert.match(answer, /^HTTP\/1\.1 200 OK[\s\S]*echo 3/, name);
  }
});

test("pipelined requests are answered in their order", async (t) => {
  const { port } = await open(t);
  const answer = await raw(
    port,
    `GET /healthz HTTP/1.1\r\n${HOST}\r\n${post("Content-Length: 2\r\n", "ab")}GET /startupz HTTP/1.1\r\n${HOST}Connection: close\r\n\r\n`,
  );
  assert.match(answer, /live[\s\S]*echo 2[\s\S]*started/);
});

test("a client that asks before it sends is told to, unless it is refused", async (t) => {
  const { port } = await open(t);
  const expect = "Expect: 100-continue\r\nConnection: close\r\n";
  const refused = await raw(port, `POST /test/echo HTTP/1.1\r\n${HOST}${expect}Content-Length: 3\r\n\r\n`);
  assert.match(refused, /^HTTP\/1\.1 401 /);
  const large = await raw(port, post(`${expect}Content-Length: 100001\r\n`));
  assert.match(large, /^HTTP\/1\.1 413 [\s\S]*Connection: close/);
  assert.match(
    await raw(port, post(`${expect}Content-Length: 3\r\n`, "abc")),
    /^HTTP\/1\.1 100 Continue\r\n\r\nHTTP\/1\.1 200/,
  );
});

test("an answer to a request whose body is still to come ends the connection", async (t) => {
  const { port } = await open(t);
  for (const path of ["/nope", "/healthz", "/test/echo"]) {
    const answer = await raw(port, `POST ${path} HTTP/1.1\r\n${HOST}Content-Length: 100\r\n\r\n`);
    assert.match(answer, /Connection: close/i, path);
  }
});

test("a body that does not arrive is given up", async (t) => {
  let due = () => {};
  const { systemClock } = await import("../../packages/openclaw/src/base/time.ts");
  const clock = {
    ...systemClock,
    timer: (ms: number, fire: () => void) => {
      if (ms === 30_000) due = fire;
      return ms === 30_000 ? () => {} : systemClock.timer(ms, fire);
    },
  };
  const { port } = await openGateway(t, { routes: [echo], gateway: { auth: { token: TOKEN } }, clock });
  const answer = raw(port, post("Content-Length: 10\r\n", "abc"));
  await new Promise((resolve) => setTimeout(resolve, 100));
  due();
  const text = await answer;
  assert.match(text, /^HTTP\/1\.1 408 [\s\S]*Connection: close/);
  assert.match(text, /"Request body did not arrive in time"/);
});

test("a connection without complete headers is cut with a bare answer", async (t) => {
  const { createHttpServer } = await import("../../packages/openclaw/src/gateway/http.ts");
  const { systemClock } = await import("../../packages/openclaw/src/base/time.ts");
  const parts = { use: () => new Promise(() => {}), platform: { clock: systemClock } } as never;
  const server = createHttpServer(parts, { headers: 300, check: 100, keepAlive: 5000 });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  t.after(() => server.close());
  const { port } = server.address() as { port: number };
  for (const bytes of ["GET / HTTP/1.1\r\nHost: x", "G", ""])
    assert.equal(await raw(port, bytes), "HTTP/1.1 408 Request Timeout\r\nConnection: close\r\n\r\n", bytes);
});

test("an idle connection is kept for five seconds", async (t) => {
  const { port } = await open(t);
  const socket = tcp(port, "127.0.0.1");
  t.after(() => socket.destroy());
  socket.write(`GET /healthz HTTP/1.1\r\n${HOST}\r\n`);
  const answer = await new Promise<string>((resolve) => socket.once("data", (data) => resolve(String(data))));
  assert.match(answer, /Keep-Alive: timeout=5\r\n/);
});
