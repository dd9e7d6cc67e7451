import assert from "node:assert/strict";
import { connect as tcp } from "node:net";
import { test } from "node:test";
import { LiveRoutes } from "../../packages/openclaw/src/contracts/bus.ts";
import { defineRoute, type Route } from "../../packages/openclaw/src/contracts/route.ts";
import type { WebhookRequest } from "../../packages/openclaw/src/contracts/channel.ts";
import { webhookRoute } from "../../packages/openclaw/src/features/channels/_webhook.ts";
import { openGateway, TOKEN } from "./_gateway.ts";
import { ask, bearer } from "./_http.ts";

const route = (over: Partial<Route>) =>
  defineRoute({
    methods: ["POST"],
    paths: ["/test/echo"],
    auth: "gateway",
    summary: "For tests.",
    bodyLimit: 1000,
    run: async (call) => void call.response.end(await call.body()),
    ...over,
  });

test("before start-up is through, whoever may have a webhook here is asked to come back", async (t) => {
  const gateway = await openGateway(t, { starting: true, routes: [route({})] });
  const { port } = gateway;
  for (const [method, path] of [
    ["POST", "/slack/events"],
    ["POST", "/googlechat"],
    ["PUT", "/anything"],
    ["GET", "/plugins/x"],
    ["GET", "/api/channels/x"],
  ] as const) {
    const { status, body, headers } = await ask(port, path, { method });
    assert.deepEqual([status, body, headers["retry-after"]], [503, "Plugin runtime is starting", "1"], path);
    assert.equal(headers["cache-control"], "no-store");
  }
  assert.equal((await ask(port, "/test/echo", { method: "POST" })).status, 401);
  assert.equal((await ask(port, "/test/echo", { method: "POST", headers: bearer })).status, 503);
  assert.equal((await ask(port, "/healthz")).status, 200);
  assert.deepEqual(JSON.parse((await ask(port, "/startupz")).body).status, "starting");
  gateway.ready();
  assert.equal((await ask(port, "/slack/events", { method: "POST" })).status, 404);
  assert.equal((await ask(port, "/test/echo", { method: "POST", headers: bearer })).status, 200);
});

test("while it stops, the gateway says so and takes no new work", async (t) => {
  const gateway = await openGateway(t, { routes: [route({})] });
  const { port } = gateway;
  // A client that does not answer the goodbye keeps the gateway waiting for a moment.
  const socket = tcp(port, "127.0.0.1");
  t.after(() => socket.destroy());
  socket.write(
    "GET / HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n" +
      "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n",
  );
  await new Promise((resolve) => socket.once("data", resolve));
  const closing = gateway.close();
  const work = await ask(port, "/test/echo", { method: "POST", headers: bearer });
  assert.deepEqual([work.status, work.headers["retry-after"]], [503, "5"]);
  const startup = await ask(port, "/startupz");
  assert.deepEqual([startup.status, JSON.parse(startup.body).status], [503, "draining"]);
  assert.deepEqual(JSON.parse((await ask(port, "/readyz")).body).failing, ["draining"]);
  assert.equal((await ask(port, "/healthz")).status, 200);
  await closing;
});

test("readiness tells this machine how promptly the gateway works", async (t) => {
  const { port } = await openGateway(t);
  await ask(port, "/readyz");
  await new Promise((resolve) => setTimeout(resolve, 60));
  const begun = performance.now();
  const { body } = await ask(port, "/readyz");
  assert.ok(performance.now() - begun < 50);
  const { eventLoop } = JSON.parse(body);
  assert.deepEqual(Object.keys(eventLoop), [
    "degraded",
    "degradedSinceMs",
    "reasons",
    "intervalMs",
    "delayP99Ms",
    "delayMaxMs",
    "utilization",
    "cpuCoreRatio",
    "cpuBreakdown",
  ]);
  assert.ok(eventLoop.intervalMs >= 50);
});

test("a channel's webhook is served as long as its account runs, with the bytes as they came", async (t) => {
  const { port, use } = await openGateway(t);
  const live = await use(LiveRoutes);
  const post = (path: string, headers = {}) => ask(port, path, { method: "POST", body: "raw\r\nbytes", headers });
  assert.equal((await post("/slack/events")).status, 404);
  const end = live.add("slack:default", route({ paths: ["/slack/events"], auth: "own" }));
  const answer = await post("/slack/events");
  assert.deepEqual(
    [answer.status, answer.body, answer.headers["x-content-type-options"]],
    [200, "raw\r\nbytes", "nosniff"],
  );
  assert.throws(() => live.add("slack:second", route({ paths: ["/slack/events"] })), /already used by slack:default/);
  for (const path of ["/", "/v1/models", "/healthz", "/sessions/x", "/approve/1", "slack"])
    assert.throws(() => live.add("slack:default", route({ paths: [path] })), /belongs to the gateway/, path);
  end();
  assert.equal((await post("/slack/events")).status, 404);
  live.add("slack:second", route({ paths: ["/slack/events"] }));
  assert.equal((await post("/slack/events")).status, 401);
  assert.equal((await post("/slack/events", bearer)).status, 200);
});

test("a webhook with a wrong signature is refused by its channel, and what it throws tells nothing", async (t) => {
  const { port, use } = await openGateway(t);
  const live = await use(LiveRoutes);
  const webhook = {
    path: "/line/webhook",
    bodyLimit: 20,
    handle: async (request: WebhookRequest) => {
      const body = Buffer.from(await request.body()).toString();
      if (body === "bug") throw new Error("inner detail");
      return request.headers["x-signature"] === `signed ${body}`
        ? { status: 200, headers: { "Content-Type": "application/json" }, body: "{}" }
        : { status: 401, body: "bad signature" };
    },
  };
  live.add("line:default", webhookRoute("line:default", webhook));
  const post = async (body: string, headers = {}) => {
    const answer = await ask(port, "/line/webhook", { method: "POST", body, headers });
    return [answer.status, answer.body];
  };
  assert.deepEqual(await post("{}"), [401, "bad signature"]);
  assert.deepEqual(await post("{}", { "x-signature": "signed {}" }), [200, "{}"]);
  assert.deepEqual(await post("bug"), [500, "internal error"]);
  assert.deepEqual(await post("x".repeat(21)), [413, "Payload too large"]);
  assert.equal((await ask(port, "/line/webhook")).status, 405);
});

test("below /api/channels the gateway's secret comes before everything", async (t) => {
  const { port } = await openGateway(t);
  assert.equal((await ask(port, "/api/channels/x/y")).status, 401);
  assert.equal((await ask(port, "/api/channels/x/y", { headers: bearer })).status, 404);
  assert.equal((await ask(port, "/api/nope")).status, 404);
});

test("a secret meant for a route of its own does not count as a wrong one of the gateway", async (t) => {
  const { port } = await openGateway(t, {
    routes: [route({ auth: "own", paths: ["/hook"] }), route({})],
    gateway: { auth: { token: TOKEN, rateLimit: { maxAttempts: 3, exemptLoopback: false } } },
  });
  for (let i = 0; i < 6; i += 1)
    assert.equal(
      (await ask(port, "/hook", { method: "POST", headers: { authorization: "Bearer other" } })).status,
      200,
    );
  assert.equal((await ask(port, "/test/echo", { method: "POST", headers: bearer })).status, 200);
});

test("requests without a secret never lock anybody out; wrong ones do, and wait longer each time on this machine", async (t) => {
  const waits: number[] = [];
  const { systemClock } = await import("../../packages/openclaw/src/base/time.ts");
  const clock = { ...systemClock, sleep: async (ms: number) => void waits.push(ms) };
  const { port } = await openGateway(t, { routes: [route({})], clock });
  const post = (headers = {}) => ask(port, "/test/echo", { method: "POST", headers });
  for (let i = 0; i < 15; i += 1) assert.equal((await post()).status, 401);
  for (let i = 0; i < 12; i += 1) assert.equal((await post({ authorization: "Bearer wrong" })).status, 401);
  assert.deepEqual(waits.slice(0, 7), [250, 500, 1000, 2000, 4000, 5000, 5000]);
  assert.equal((await post(bearer)).status, 200);
  const from = { "X-Forwarded-For": "203.0.113.9" };
  for (let i = 0; i < 10; i += 1) assert.equal((await post({ ...from, authorization: "Bearer wrong" })).status, 401);
  const locked = await post({ ...from, ...bearer });
  assert.deepEqual([locked.status, locked.headers["retry-after"]], [429, "300"]);
});

test("without auth a caller may ask for less, and gets no more than that", async (t) => {
  const routes = [route({ scope: "operator.write" })];
  const open = await openGateway(t, { routes, gateway: { auth: { mode: "none" } } });
  const post = (port: number, headers: Record<string, string>) => ask(port, "/test/echo", { method: "POST", headers });
  const refused = await post(open.port, { "x-openclaw-scopes": "operator.read" });
  assert.equal(refused.status, 403);
  assert.deepEqual(JSON.parse(refused.body), {
    ok: false,
    error: {
      type: "forbidden",
      message: "missing scope: operator.write",
      details: { code: "MISSING_SCOPE", missingScope: "operator.write", requiredScopes: ["operator.write"] },
    },
  });
  assert.equal((await post(open.port, { "x-openclaw-scopes": "" })).status, 403);
  assert.equal((await post(open.port, { "x-openclaw-scopes": "operator.read, operator.write" })).status, 200);
  assert.equal((await post(open.port, {})).status, 200);
  const secret = await openGateway(t, { routes });
  assert.equal((await post(secret.port, { ...bearer, "x-openclaw-scopes": "operator.read" })).status, 200);
});

test("headers of a proxy that nobody listed make a request remote, or refused where the switch says so", async (t) => {
  const routes = [route({}), route({ auth: "own", paths: ["/hook"] })];
  const from = { "X-Forwarded-For": "203.0.113.9" };
  const plain = await openGateway(t, { routes });
  const post = (port: number, path: string, headers: Record<string, string>) =>
    ask(port, path, { method: "POST", headers });
  assert.equal((await post(plain.port, "/test/echo", { ...from, ...bearer })).status, 200);
  assert.equal((await post(plain.port, "/hook", from)).status, 200);
  assert.equal(plain.logged().split("no trusted proxy").length, 2, "told once");
  assert.deepEqual(JSON.parse((await ask(plain.port, "/readyz", { headers: from })).body), { ready: true });
  assert.equal((await post(plain.port, "/test/echo", { "Tailscale-User-Login": "owner@example.com" })).status, 401);
  const strict = await openGateway(t, {
    routes,
    gateway: { auth: { token: TOKEN }, strictProxyAttribution: true },
  });
  for (const [method, path] of [
    ["POST", "/test/echo"],
    ["POST", "/hook"],
    ["GET", "/readyz"],
    ["GET", "/"],
  ] as const) {
    const { status, body } = await ask(strict.port, path, { method, headers: { ...from, ...bearer } });
    assert.deepEqual([status, JSON.parse(body).error.type], [403, "proxy_attribution_required"], path);
  }
  assert.equal((await ask(strict.port, "/healthz", { headers: from })).status, 200);
});

test("no answer lets pages of others read it", async (t) => {
  const { port } = await openGateway(t, { routes: [route({})] });
  for (const [method, path] of [
    ["GET", "/healthz"],
    ["OPTIONS", "/test/echo"],
    ["OPTIONS", "/"],
    ["POST", "/test/echo"],
    ["GET", "/v1/models"],
  ] as const) {
    const headers = { ...bearer, Origin: "https://evil.example", "Access-Control-Request-Method": "POST" };
    const answer = await ask(port, path, { method, headers });
    const cors = Object.keys(answer.headers).filter((name) => name.startsWith("access-control"));
    assert.deepEqual(cors, [], path);
    if (method === "OPTIONS") assert.equal(answer.status, path === "/" ? 404 : 405);
  }
});
