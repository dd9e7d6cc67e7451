import assert from "node:assert/strict";
import { createServer } from "node:http";
import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import { after, before, test } from "node:test";
import { WebSocketServer } from "ws";
import type { WebSocket } from "ws";
import { quietLog as log } from "../../../../test/harness/log.ts";
import { createConnect } from "./socket.ts";
import type { Socket, SocketOptions } from "./socket.ts";
import { systemClock } from "./time.ts";

const connect = createConnect({ clock: systemClock, log });
let server: Server;
let origin = "";
let serve: (socket: WebSocket, headers: Readonly<Record<string, unknown>>) => void = () => {};
let greet = true;

before(async () => {
  server = createServer((_, response) =>
    response.writeHead(403, { date: "Sat, 21 Nov 2026 12:00:00 GMT" }).end("refused"),
  );
  const sockets = new WebSocketServer({ noServer: true });
  server.on("upgrade", (request, socket, head) => {
    if (request.url === "/silent") return;
    if (!greet) return void socket.end("HTTP/1.1 302 Found\r\nLocation: ws://127.0.0.1:1/\r\n\r\n");
    sockets.handleUpgrade(request, socket, head, (client) => serve(client, request.headers));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
after(() => {
  server.closeAllConnections();
  server.close();
});

const open = (path = "/", options: Partial<SocketOptions> = {}) =>
  connect(origin.replace("http", "ws") + path, {
    connectTimeoutMs: 2000,
    maxMessageBytes: 1000,
    egress: { origin },
    ...options,
  });
const code = (expected: string) => (error: unknown) => (error as { code?: unknown }).code === expected;
async function all(socket: Socket): Promise<(string | number)[]> {
  const seen: (string | number)[] = [];
  for await (const message of socket.messages) seen.push(typeof message === "string" ? message : message.length);
  return seen;
}

test("messages go both ways in their order, and the end of the other side ends the reading", async () => {
  serve = (socket, headers) => {
    socket.send(String(headers["x-test"]));
    socket.on("message", (data, isBinary) => {
      socket.send(data, { binary: isBinary });
      if (isBinary) socket.close(1000);
    });
  };
  const socket = await open("/", { headers: { "X-Test": "yes" } });
  await socket.send("héllo");
  await socket.send(new Uint8Array(7));
  assert.deepEqual(await all(socket), ["yes", "héllo", 7]);
  await assert.rejects(socket.send("late"), code("SOCKET_CLOSED"));
  socket.close();
});

test("what came before a failure is read, then the failure", async () => {
  serve = (socket) => {
    socket.send("one");
    setTimeout(() => socket.close(1011), 20);
  };
  const seen: unknown[] = [];
  const reading = (async () => {
    for await (const message of (await open()).messages) seen.push(message);
  })();
  await assert.rejects(reading, code("SOCKET_CLOSED"));
  assert.deepEqual(seen, ["one"]);
  serve = (socket) => setTimeout(() => socket.terminate(), 20);
  await assert.rejects(all(await open()), code("SOCKET_CLOSED"));
});

test("a message over the limit ends the connection", async () => {
  serve = (socket) => socket.send("x".repeat(1001));
  await assert.rejects(all(await open()), code("FETCH_TOO_LARGE"));
  serve = (socket) => {
    socket.send("x".repeat(1000));
    socket.close();
  };
  assert.equal((await all(await open())).length, 1);
});

test("whoever reads slowly slows the other side down, and loses nothing", async () => {
  const COUNT = 20_000;
  let sent = 0;
  serve = (socket) => {
    const more = (): void => {
      if (sent === COUNT) return socket.close();
      sent += 1;
      socket.send("y".repeat(900), () => more());
    };
    more();
  };
  const socket = await open();
  await new Promise((resolve) => setTimeout(resolve, 300));
  assert.ok(sent < COUNT, "it was not read ahead without end");
  assert.equal((await all(socket)).length, COUNT);
});

test("the signal ends a handshake that waits and a connection that is open", async () => {
  const reason = new Error("enough");
  const waiting = new AbortController();
  const pending = open("/silent", { signal: waiting.signal });
  setTimeout(() => waiting.abort(reason), 20);
  await assert.rejects(pending, reason);
  const reading = new AbortController();
  let closed: Promise<unknown> = Promise.resolve();
  serve = (socket) => {
    closed = new Promise((resolve) => socket.once("close", resolve));
  };
  const socket = await open("/", { signal: reading.signal });
  setTimeout(() => reading.abort(reason), 20);
  await assert.rejects(all(socket), reason);
  await closed;
  await assert.rejects(open("/", { signal: AbortSignal.abort(reason) }), reason);
});

test("a server that says nothing fails after the connect timeout", async () => {
  await assert.rejects(open("/silent", { connectTimeoutMs: 50 }), code("FETCH_TIMEOUT"));
});

test("an answer that is no agreement says its status, and a redirect is not followed", async () => {
  greet = false;
  await assert.rejects(open(), (error: { code: string; details: { status: number } }) => {
    return error.code === "FETCH_FAILED" && error.details.status === 302;
  });
  greet = true;
});

test("a refused connection carries the system's code", async () => {
  const closed = "http://127.0.0.1:1";
  await assert.rejects(
    connect("ws://127.0.0.1:1", { connectTimeoutMs: 1000, maxMessageBytes: 1, egress: { origin: closed } }),
    (error: { code: string; details: { systemCode: string } }) =>
      error.code === "FETCH_FAILED" && error.details.systemCode === "ECONNREFUSED",
  );
});

test("only legal destinations are connected to", async () => {
  const refused: [url: string, egress: SocketOptions["egress"]][] = [
    [origin.replace("http", "ws"), "public"],
    ["ws://localhost:1", "public"],
    ["ws://169.254.169.254/", { origin: "http://169.254.169.254" }],
    ["ws://other.example/", { origin: "ws://wanted.example" }],
    ["wss://wanted.example/", { origin: "ws://wanted.example" }],
    ["ws://user:word@wanted.example/", { origin: "ws://wanted.example" }],
    ["ftp://wanted.example/", "public"],
    ["no address", "public"],
  ];
  for (const [url, egress] of refused)
    await assert.rejects(
      connect(url, { connectTimeoutMs: 500, maxMessageBytes: 10, egress }),
      code("EGRESS_REFUSED"),
      url,
    );
});

test("the address that was checked is the one that is connected to", async () => {
  const port = new URL(origin).port;
  const asked: string[] = [];
  const resolving = (address: string) =>
    createConnect({
      clock: systemClock,
      log,
      resolve: async (host) => {
        asked.push(host);
        return [{ address, family: 4 }];
      },
    });
  serve = (socket) => socket.close();
  const name = { connectTimeoutMs: 2000, maxMessageBytes: 10 };
  await assert.rejects(
    resolving("127.0.0.1")(`ws://voices.example:${port}/`, { ...name, egress: "public" }),
    code("EGRESS_REFUSED"),
  );
  const own = { origin: `http://voices.example:${port}` };
  assert.deepEqual(
    await all(await resolving("127.0.0.1")(`ws://voices.example:${port}/`, { ...name, egress: own })),
    [],
  );
  assert.deepEqual(asked, ["voices.example", "voices.example"]);
});
