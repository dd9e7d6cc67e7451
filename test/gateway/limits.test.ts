import assert from "node:assert/strict";
import { once } from "node:events";
import { connect as tcp } from "node:net";
import { test } from "node:test";
import { defineMethod } from "../../packages/openclaw/src/contracts/method.ts";
import { Type, closed } from "../../packages/openclaw/src/contracts/schema.ts";
import { login, newDevice, type Client } from "./_client.ts";
import { manualClock } from "./_clock.ts";
import { openGateway, TOKEN } from "./_gateway.ts";

const patch = (name: string, scope: "operator.admin" | "operator.read" = "operator.admin") =>
  defineMethod({
    name,
    scope,
    summary: "For tests.",
    params: closed({ raw: Type.String() }),
    result: Type.Unknown(),
    run: () => ({ ok: true }),
  });
const methods = [patch("config.patch"), patch("config.apply"), patch("config.get", "operator.read")];

test("the thirty-first write of one kind within a minute is held back, valid or not", async (t) => {
  const clock = manualClock();
  const gateway = await openGateway(t, { methods, clock });
  const device = newDevice();
  const client = await login(gateway.url, { device });
  t.after(() => client.close());
  for (let i = 0; i < 30; i += 1) {
    const answer = await client.request("config.patch", i % 2 === 0 ? { raw: "{}" } : { nonsense: true });
    assert.equal(answer.ok, i % 2 === 0);
    clock.advance(100);
  }
  const { error } = await client.request("config.patch", { raw: "{}" });
  assert.deepEqual(
    [error?.code, error?.message, error?.retryable, error?.details],
    [
      "UNAVAILABLE",
      "rate limit exceeded for config.patch; retry after 57s",
      true,
      { method: "config.patch", limit: "30 per 60s" },
    ],
  );
  assert.equal(error?.retryAfterMs, 57_000);
  assert.ok((await client.request("config.apply", { raw: "{}" })).ok, "another method has a count of its own");
  const other = await login(gateway.url, { device: newDevice() });
  t.after(() => other.close());
  assert.ok((await other.request("config.patch", { raw: "{}" })).ok, "another device too");
  const again = await login(gateway.url, { device });
  t.after(() => again.close());
  assert.equal((await again.request("config.patch", { raw: "{}" })).ok, false, "a new socket of the same does not");
  clock.advance(57_000);
  assert.ok((await client.request("config.patch", { raw: "{}" })).ok);
});

test("reads are not counted, and who may not write learns nothing of the count", async (t) => {
  const gateway = await openGateway(t, { methods });
  const reader = await login(gateway.url, { scopes: ["operator.read"] });
  t.after(() => reader.close());
  for (let i = 0; i < 40; i += 1) assert.ok((await reader.request("config.get", { raw: "" })).ok);
  for (let i = 0; i < 40; i += 1)
    assert.equal((await reader.request("config.patch", { raw: "" })).error?.details?.["code"], "MISSING_SCOPE");
});

test("a device elsewhere has 64 sockets at most, one on this machine as many as there is room for", async (t) => {
  const gateway = await openGateway(t, {
    gateway: { auth: { mode: "token", token: TOKEN }, trustedProxies: ["127.0.0.1"] },
  });
  const device = newDevice();
  const here = await login(gateway.url, { device });
  t.after(() => here.close());
  const options = { headers: { "X-Forwarded-For": "203.0.113.7" } };
  const away: Client[] = [];
  for (let i = 0; i < 63; i += 1) away.push(await login(gateway.url, { device }, options));
  t.after(() => away.forEach((client) => client.close()));
  await assert.rejects(login(gateway.url, { device }, options), /too many connections/);
  const more = await login(gateway.url, { device });
  more.close();
});

test("whoever pings and never reads the answers is let go, and a client that does is answered", async (t) => {
  const gateway = await openGateway(t, {});
  const client = await login(gateway.url, { device: newDevice() });
  t.after(() => client.close());
  const pong = once(client.ws, "pong");
  client.ws.ping("are you there?");
  assert.equal(String((await pong)[0]), "are you there?");

  const socket = tcp(gateway.port, "127.0.0.1");
  const key = "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nSec-WebSocket-Version: 13";
  socket.write(`GET / HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n${key}\r\n\r\n`);
  await once(socket, "data");
  socket.pause();
  const ping = Buffer.concat([Buffer.from([0x89, 0xfd, 0, 0, 0, 0]), Buffer.alloc(125, 120)]);
  const many = Buffer.concat(Array.from({ length: 1000 }, () => ping));
  let gone = false;
  socket.on("error", () => (gone = true)).on("close", () => (gone = true));
  for (let sent = 0; sent < 400 && !gone; sent += 1) {
    if (!socket.write(many)) await Promise.race([once(socket, "drain"), once(socket, "close")]).catch(() => {});
  }
  assert.ok(gone, "50 MB of pings were taken");
});
