import assert from "node:assert/strict";
import { connect as tcp } from "node:net";
import { test } from "node:test";
import { Client, connectParams, login, newDevice } from "./_client.ts";
import { openGateway } from "./_gateway.ts";

test("the first frame is a challenge with a nonce and the time, and no number", async (t) => {
  const gateway = await openGateway(t);
  const client = new Client(gateway.url);
  t.after(() => client.close());
  const challenge = await client.challenge();
  assert.ok(challenge.nonce.length > 0);
  assert.ok(Number.isInteger(challenge.ts) && Math.abs(challenge.ts - Date.now()) < 5000);
  assert.equal(client.frames[0]?.seq, undefined);
  const other = new Client(gateway.url);
  t.after(() => other.close());
  assert.notEqual((await other.challenge()).nonce, challenge.nonce);
});

test("every path is a WebSocket, and compression is never agreed on", async (t) => {
  const gateway = await openGateway(t);
  for (const path of ["/", "/ws", "/x/y?token=1"]) {
    const client = new Client(gateway.url + path, { perMessageDeflate: true });
    t.after(() => client.close());
    await client.challenge();
    assert.equal(client.ws.extensions, "");
  }
});

test("an offered subprotocol is echoed", async (t) => {
  const gateway = await openGateway(t);
  const { WebSocket } = await import("ws");
  const ws = new WebSocket(gateway.url, ["first", "second"]);
  t.after(() => ws.terminate());
  await new Promise((resolve) => ws.once("open", resolve));
  assert.equal(ws.protocol, "first");
});

test("another method than connect is answered, then closed with 1008", async (t) => {
  const gateway = await openGateway(t);
  const client = new Client(gateway.url);
  await client.challenge();
  const answer = await client.request("health");
  assert.equal(answer.error?.code, "INVALID_REQUEST");
  assert.equal(answer.error?.message, "invalid handshake: first request must be connect");
  assert.deepEqual(await client.ended(), { code: 1008, reason: "invalid handshake: first request must be connect" });
});

for (const [what, text] of Object.entries({
  "text that is no JSON": "{bad",
  "an array": "[]",
  "an event": '{"type":"event","event":"tick"}',
  "a numeric id": '{"type":"req","id":5,"method":"connect"}',
  "an empty id": '{"type":"req","id":"","method":"connect"}',
})) {
  test(`before login, ${what} closes with 1008 and no frame`, async (t) => {
    const gateway = await openGateway(t);
    const client = new Client(gateway.url);
    await client.challenge();
    client.raw(text);
    assert.deepEqual(await client.ended(), { code: 1008, reason: "invalid request frame" });
    assert.equal(client.frames.length, 1);
  });
}

test("before login a frame may have 65536 bytes and not one more", async (t) => {
  const gateway = await openGateway(t);
  const fits = new Client(gateway.url);
  await fits.challenge();
  fits.raw(padded(65_536));
  assert.equal((await fits.ended()).code, 1008);
  assert.equal((await fits.response("big")).error?.code, "INVALID_REQUEST");
  const tooLong = new Client(gateway.url);
  await tooLong.challenge();
  tooLong.raw(padded(65_537));
  assert.equal((await tooLong.ended()).code, 1009);
  const huge = new Client(gateway.url);
  await huge.challenge();
  huge.raw(padded(1_048_576));
  assert.equal((await huge.ended()).code, 1009);
});

function padded(bytes: number): string {
  const empty = JSON.stringify({ type: "req", id: "big", method: "connect", params: { pad: "" } });
  return JSON.stringify({
    type: "req",
    id: "big",
    method: "connect",
    params: { pad: "x".repeat(bytes - empty.length) },
  });
}

test("a silent socket is closed with 1000 at the deadline", async (t) => {
  const gateway = await openGateway(t, { gateway: { auth: { token: "x" }, handshakeTimeoutMs: 200 } });
  const began = Date.now();
  const client = new Client(gateway.url);
  assert.deepEqual(await client.ended(), { code: 1000, reason: "" });
  assert.ok(Date.now() - began >= 190, "closed early");
});

test("half a frame does not extend the deadline, and the connection ends although the client never answers", async (t) => {
  const gateway = await openGateway(t, { gateway: { auth: { token: "x" }, handshakeTimeoutMs: 200 } });
  const socket = tcp(gateway.port, "127.0.0.1");
  const began = Date.now();
  socket.write(
    "GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n",
  );
  socket.once("data", () => socket.write(Buffer.from([0x81, 0xfe, 0x10, 0x00, 1, 2, 3, 4, 5])));
  socket.on("error", () => {});
  await new Promise((resolve) => socket.once("close", resolve));
  assert.ok(Date.now() - began >= 1100, "closed early");
});

test("a connect in a binary frame is as good as in text", async (t) => {
  const gateway = await openGateway(t);
  const client = new Client(gateway.url);
  t.after(() => client.close());
  const params = connectParams(await client.challenge(), { device: newDevice() });
  client.raw(Buffer.from(JSON.stringify({ type: "req", id: "c", method: "connect", params })));
  assert.equal((await client.response("c")).payload.type, "hello-ok");
});

test("the 33rd socket of an address that waits for login is turned away, and a login makes room", async (t) => {
  const gateway = await openGateway(t, {
    gateway: { auth: { token: "the-right-token" }, trustedProxies: ["127.0.0.1"] },
  });
  const waiting = Array.from({ length: 32 }, () => new Client(gateway.url));
  t.after(() => waiting.forEach((client) => client.close()));
  await Promise.all(waiting.map((client) => client.challenge()));
  assert.equal(await new Client(gateway.url).refusedUpgrade(), 503);
  const elsewhere = new Client(gateway.url, { headers: { "X-Forwarded-For": "203.0.113.9" } });
  t.after(() => elsewhere.close());
  await elsewhere.challenge();
  assert.ok((await waiting[0]?.connect({ device: newDevice() }))?.ok);
  const next = new Client(gateway.url);
  t.after(() => next.close());
  await next.challenge();
});

test("after login bad frames are answered and the socket stays open", async (t) => {
  const gateway = await openGateway(t);
  const client = await login(gateway.url);
  t.after(() => client.close());
  client.raw('{"type":"req","id":"a","method":"health","zzz":1}');
  assert.equal(
    (await client.response("a")).error?.message,
    "invalid request frame: at root: unexpected property 'zzz'",
  );
  client.raw('{"type":"req","id":7,"method":"health"}');
  assert.match((await client.response(7)).error?.message ?? "", /^invalid request frame: at \/id/);
  client.raw('{"type":"foo"}');
  assert.equal((await client.response("invalid")).error?.code, "INVALID_REQUEST");
  client.raw("{bad");
  assert.equal((await client.response("invalid", 1)).error?.code, "INVALID_REQUEST");
  assert.ok((await client.request("health")).ok);
});

test("ten bad frames in a row close the socket, a good one in between starts anew", async (t) => {
  const gateway = await openGateway(t);
  const patient = await login(gateway.url);
  t.after(() => patient.close());
  for (let round = 0; round < 2; round += 1) {
    for (let i = 0; i < 9; i += 1) patient.raw("nonsense");
    assert.ok((await patient.request("health")).ok);
  }
  const client = await login(gateway.url);
  for (let i = 0; i < 10; i += 1) client.raw("nonsense");
  assert.equal((await client.ended()).code, 1008);
});

test("after login a frame of a megabyte is answered, one above the limit closes with 1009", async (t) => {
  const gateway = await openGateway(t);
  const client = await login(gateway.url);
  const megabyte = await client.request("test.read", { text: "x".repeat(1_048_576) });
  assert.equal(megabyte.payload.text.length, 1_048_576);
  client.raw(Buffer.alloc(26_214_401, 0x20));
  assert.equal((await client.ended()).code, 1009);
});

test("a second connect is refused and the socket stays open", async (t) => {
  const gateway = await openGateway(t);
  const client = await login(gateway.url);
  t.after(() => client.close());
  assert.equal((await client.request("connect", {})).error?.message, "connect is only valid as the first request");
  assert.ok((await client.request("health")).ok);
});

test("two requests with one id get two responses", async (t) => {
  const gateway = await openGateway(t);
  const client = await login(gateway.url);
  t.after(() => client.close());
  client.raw('{"type":"req","id":"same","method":"health"}');
  client.raw('{"type":"req","id":"same","method":"test.read"}');
  await client.response("same", 1);
});

test("a traceparent may be anything of up to 128 characters", async (t) => {
  const gateway = await openGateway(t);
  const client = await login(gateway.url);
  t.after(() => client.close());
  const send = (id: string, traceparent: string) =>
    client.raw(JSON.stringify({ type: "req", id, method: "health", traceparent }));
  send("long", "t".repeat(129));
  assert.match((await client.response("long")).error?.message ?? "", /^invalid request frame: at \/traceparent/);
  send("odd", "garbage");
  assert.ok((await client.response("odd")).ok);
});

test("stopping tells every client, then closes with 1012, and the port is free", async (t) => {
  const gateway = await openGateway(t);
  const clients = await Promise.all([login(gateway.url), login(gateway.url)]);
  await gateway.close();
  for (const client of clients) {
    assert.equal((await client.event("shutdown")).payload.reason, "gateway stopping");
    assert.deepEqual(await client.ended(), { code: 1012, reason: "service restart" });
  }
  const late = new Client(gateway.url);
  await late.until(() => late.closed);
});

test("a gateway that is still starting asks for patience, and lets in once it is ready", async (t) => {
  const gateway = await openGateway(t, { starting: true });
  const client = new Client(gateway.url);
  const answer = await client.connect({ device: newDevice() });
  assert.equal(answer.error?.code, "UNAVAILABLE");
  assert.equal(answer.error?.message, "gateway starting; retry shortly");
  assert.deepEqual([answer.error?.retryable, answer.error?.retryAfterMs], [true, 500]);
  assert.deepEqual(answer.error?.details, { reason: "startup-sidecars" });
  assert.deepEqual(await client.ended(), { code: 1013, reason: "gateway starting" });
  gateway.ready();
  (await login(gateway.url)).close();
});

test("a port that is taken is named, with nothing left behind", async (t) => {
  const first = await openGateway(t);
  await assert.rejects(openGateway(t, { options: { port: first.port } }), {
    code: "GATEWAY_PORT_IN_USE",
    message: `GatewayLockError: another gateway instance is already listening on ws://127.0.0.1:${first.port}`,
  });
  assert.ok((await login(first.url)).frames.length > 0);
});

test("a second gateway with the same configuration is refused while the first lives", async (t) => {
  const first = await openGateway(t);
  await assert.rejects(openGateway(t, { state: first.state }), { code: "GATEWAY_PORT_IN_USE" });
  await first.close();
  await openGateway(t, { state: first.state });
});
