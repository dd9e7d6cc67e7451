import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { connect as tcp } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test, type TestContext } from "node:test";
import { brotliCompressSync, gzipSync } from "node:zlib";
import { defineRoute } from "../../packages/openclaw/src/contracts/route.ts";
import { openGateway, TOKEN, type Setup } from "./_gateway.ts";
import { ask, bearer, raw } from "./_http.ts";

const echo = defineRoute({
  methods: ["POST"],
  paths: ["/test/echo", "/test/below/"],
  auth: "gateway",
  summary: "For tests.",
  bodyLimit: 1000,
  async run(call) {
    const body = await call.body();
    call.response.end(JSON.stringify({ length: body.length, pathname: call.pathname }));
  },
});

test("liveness answers anybody, and only its exact paths", async (t) => {
  const { port } = await openGateway(t);
  for (const path of ["/health", "/healthz", "/healthz?x=1"]) {
    const { status, body, headers } = await ask(port, path);
    assert.deepEqual([status, JSON.parse(body)], [200, { ok: true, status: "live" }]);
    assert.equal(headers["cache-control"], "no-store");
    assert.equal(headers["x-content-type-options"], "nosniff");
    assert.equal(headers["referrer-policy"], "no-referrer");
    assert.equal("access-control-allow-origin" in headers, false);
  }
  const head = await ask(port, "/healthz", { method: "HEAD" });
  assert.deepEqual([head.status, head.body], [200, ""]);
  const post = await ask(port, "/healthz", { method: "POST" });
  assert.deepEqual([post.status, post.headers.allow, post.body], [405, "GET, HEAD", "Method Not Allowed"]);
  for (const path of ["/HEALTHZ", "//healthz", "/%68ealthz"])
    assert.notEqual((await ask(port, path)).body.includes("live"), true);
});

test("readiness follows start-up, with details for this machine only", async (t) => {
  const gateway = await openGateway(t, { starting: true });
  const before = await ask(gateway.port, "/readyz");
  assert.deepEqual([before.status, JSON.parse(before.body).failing], [503, ["startup-sidecars"]]);
  assert.equal(JSON.parse((await ask(gateway.port, "/startup")).body).pendingReason, "startup-sidecars");
  gateway.ready();
  const after = await ask(gateway.port, "/readyz");
  assert.deepEqual([after.status, JSON.parse(after.body).ready, JSON.parse(after.body).failing], [200, true, []]);
  const headers = { "X-Forwarded-For": "203.0.113.7" };
  assert.deepEqual(JSON.parse((await ask(gateway.port, "/readyz", { headers })).body), { ready: true });
  assert.equal(
    JSON.parse((await ask(gateway.port, "/startupz", { headers: { ...headers, ...bearer } })).body).version,
    "2026.11.0",
  );
});

test("a route asks for its method first, then for the secret, then for its size", async (t) => {
  const { port } = await openGateway(t, { routes: [echo] });
  assert.deepEqual(
    [(await ask(port, "/test/echo")).status, (await ask(port, "/test/echo")).headers.allow],
    [405, "POST"],
  );
  const unauthorized = await ask(port, "/test/echo", { method: "POST", body: "x" });
  assert.deepEqual(
    [unauthorized.status, JSON.parse(unauthorized.body)],
    [401, { error: { message: "Unauthorized", type: "unauthorized" } }],
  );
  assert.equal("www-authenticate" in unauthorized.headers, false);
  const large = await ask(port, "/test/echo", { method: "POST", headers: bearer, body: "x".repeat(1001) });
  assert.deepEqual([large.status, JSON.parse(large.body).error.message], [413, "Payload too large"]);
  const chunked = await ask(port, "/test/echo", {
    method: "POST",
    headers: { ...bearer, "Transfer-Encoding": "chunked" },
    body: "x".repeat(1001),
  });
  assert.equal(chunked.status, 413);
  const right = await ask(port, "/test/below/more", {
    method: "POST",
    headers: { authorization: `bearer   ${TOKEN}` },
    body: "x".repeat(1000),
  });
  assert.deepEqual([right.status, JSON.parse(right.body)], [200, { length: 1000, pathname: "/test/below/more" }]);
});

test("a large upload without the secret is refused unread", async (t) => {
  const { port } = await openGateway(t, { routes: [echo] });
  const socket = tcp(port, "127.0.0.1");
  t.after(() => socket.destroy());
  socket.write("POST /test/echo HTTP/1.1\r\nHost: x\r\nContent-Length: 31457280\r\n\r\n");
  const answer = await new Promise<string>((resolve) => socket.once("data", (data) => resolve(String(data))));
  assert.match(answer, /^HTTP\/1\.1 401 /);
  assert.match(answer, /Connection: close/i);
});

test("only a bearer in the header counts as the secret", async (t) => {
  const { port } = await openGateway(t, { routes: [echo] });
  const status = async (headers: Record<string, string>, query = "") =>
    (await ask(port, `/test/echo${query}`, { method: "POST", headers })).status;
  assert.equal(await status({ Authorization: TOKEN }), 401);
  assert.equal(await status({ Authorization: `Basic ${Buffer.from(`x:${TOKEN}`).toString("base64")}` }), 401);
  assert.equal(await status({ "x-openclaw-token": TOKEN }), 401);
  assert.equal(await status({ Cookie: `token=${TOKEN}` }), 401);
  assert.equal(await status({}, `?token=${TOKEN}`), 401);
  assert.equal(await status(bearer), 200);
});

test("wrong secrets from elsewhere are locked out, probes are not", async (t) => {
  const { port } = await openGateway(t, {
    routes: [echo],
    gateway: { auth: { token: TOKEN, rateLimit: { maxAttempts: 3 } }, trustedProxies: ["127.0.0.1"] },
  });
  const from = { "X-Forwarded-For": "203.0.113.9" };
  const post = (authorization: string) =>
    ask(port, "/test/echo", { method: "POST", headers: { ...from, authorization } });
  for (let i = 0; i < 3; i += 1) assert.equal((await post("Bearer wrong")).status, 401);
  const locked = await post(`Bearer ${TOKEN}`);
  assert.deepEqual([locked.status, JSON.parse(locked.body).error.type], [429, "rate_limited"]);
  assert.ok(Number(locked.headers["retry-after"]) > 0);
  assert.equal((await ask(port, "/healthz", { headers: from })).status, 200);
  assert.equal((await ask(port, "/test/echo", { method: "POST", headers: bearer })).status, 200);
});

test("without auth, pages and names of others are refused and our own pass", async (t) => {
  const { port } = await openGateway(t, { routes: [echo], gateway: { auth: { mode: "none" } } });
  const status = async (headers: Record<string, string>) =>
    (await ask(port, "/test/echo", { method: "POST", headers })).status;
  assert.equal(await status({ Origin: "https://evil.example" }), 401);
  assert.equal(await status({ Origin: "null" }), 401);
  assert.equal(await status({ Host: "evil.example", Origin: "http://evil.example" }), 401);
  assert.equal(await status({ Host: "evil.example" }), 403);
  assert.equal(await status({ "X-Forwarded-For": "203.0.113.9" }), 403);
  assert.equal(await status({}), 200);
  assert.equal(await status({ Origin: `http://localhost:${port}`, Host: `localhost:${port}` }), 200);
});

test("what nobody serves is not found", async (t) => {
  const { port } = await openGateway(t, { gateway: { auth: { token: TOKEN }, controlUi: { enabled: false } } });
  const { status, body, headers } = await ask(port, "/");
  assert.deepEqual([status, body, headers["content-type"]], [404, "Not Found", "text/plain; charset=utf-8"]);
});

test("malformed and oversized requests end with a bare answer", async (t) => {
  const { port } = await openGateway(t);
  assert.match(await raw(port, "nonsense\r\n\r\n"), /^HTTP\/1\.1 400 /);
  assert.match(await raw(port, "GET / HTTP/1.1\r\n\r\n"), /^HTTP\/1\.1 400 /);
  assert.match(await raw(port, `GET / HTTP/1.1\r\nHost: x\r\nX: ${"y".repeat(17_000)}\r\n\r\n`), /^HTTP\/1\.1 431 /);
  assert.match(
    await raw(port, "GET / HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n"),
    /^HTTP\/1\.1 400 /,
  );
});

const INDEX =
  '<!doctype html><html lang="en"><head><script type="module" src="/assets/app-1a2b.js"></script></head><body></body></html>';

async function withUi(t: TestContext, controlUi: Record<string, unknown> = {}, more: Setup = {}) {
  const uiRoot = await mkdtemp(join(tmpdir(), "ui-"));
  t.after(() => rm(uiRoot, { recursive: true, force: true }));
  await mkdir(join(uiRoot, "assets"));
  await writeFile(join(uiRoot, "index.html"), INDEX);
  await writeFile(join(uiRoot, "assets", "app-1a2b.js"), "export {};");
  await writeFile(join(uiRoot, "assets", "app-1a2b.js.br"), brotliCompressSync("export {};"));
  await writeFile(join(uiRoot, "favicon.svg"), "<svg/>");
  const gateway = await openGateway(t, { uiRoot, gateway: { auth: { token: TOKEN }, controlUi }, ...more });
  return { ...gateway, uiRoot };
}

test("the Control UI is served without a secret, with headers that keep it to itself", async (t) => {
  const { port } = await withUi(t);
  const { status, headers, body } = await ask(port, "/");
  assert.equal(status, 200);
  assert.match(body, /<html data-base-path="" data-build-id="[0-9a-f]{12}" lang="en">/);
  assert.equal(headers["x-frame-options"], "DENY");
  assert.equal(headers["cache-control"], "no-cache");
  const policy = String(headers["content-security-policy"]);
  assert.match(policy, /script-src 'self';/);
  assert.match(policy, /frame-ancestors 'none'/);
  assert.doesNotMatch(policy, /script-src[^;]*unsafe-inline|https:/);
});

test("assets are compressed where that lies ready, kept for ever, and answered with 304", async (t) => {
  const { port } = await withUi(t);
  const plain = await ask(port, "/assets/app-1a2b.js");
  assert.deepEqual([plain.status, plain.body, plain.headers["content-encoding"]], [200, "export {};", undefined]);
  assert.equal(plain.headers["cache-control"], "public, max-age=31536000, immutable");
  const packed = await ask(port, "/assets/app-1a2b.js", { headers: { "Accept-Encoding": "gzip, br" } });
  assert.equal(packed.headers["content-encoding"], "br");
  const again = await ask(port, "/favicon.svg", {
    headers: { "If-Modified-Since": String((await ask(port, "/favicon.svg")).headers["last-modified"]) },
  });
  assert.deepEqual([again.status, again.body], [304, ""]);
});

test("the page answers its own routes, never those of APIs, and no missing file", async (t) => {
  const { port } = await withUi(t);
  for (const path of ["/chat", "/chat/agent:main:main", "/settings/x"])
    assert.equal((await ask(port, path)).status, 200);
  for (const path of [
    "/v1/models",
    "/api/x",
    "/plugins/x",
    "/metrics",
    "/mcp",
    "/.well-known/x",
    "/missing.js",
    "/assets/missing.css",
  ]) {
    assert.equal((await ask(port, path)).status, 404, path);
  }
  assert.equal((await ask(port, "/chat", { method: "POST" })).status, 404);
  assert.ok((await ask(port, "/missing.js")).headers["content-security-policy"]);
});

test("no path leads out of the folder", async (t) => {
  const { port } = await withUi(t);
  const paths = [
    "/..%2f..%2fetc/passwd",
    "/%2e%2e/%2e%2e/etc/passwd",
    "/assets/..%5c..%5cx",
    "/../../etc/passwd",
    "/assets/%00.js",
    "/.env",
    "/%zz",
  ];
  for (const path of paths) assert.equal((await ask(port, path)).status, 404, path);
});

test("below a base path everything moves but the probes", async (t) => {
  const { port } = await withUi(t, { basePath: "/oc/" });
  const redirect = await ask(port, "/oc?x=1");
  assert.deepEqual([redirect.status, redirect.headers.location], [302, "/oc/?x=1"]);
  const page = await ask(port, "/oc/chat");
  assert.match(page.body, /data-base-path="\/oc"/);
  assert.match(page.body, /src="\/oc\/assets\/app-1a2b\.js"/);
  assert.equal((await ask(port, "/oc/assets/app-1a2b.js")).status, 200);
  for (const path of ["/", "/chat", "/favicon.svg"]) assert.equal((await ask(port, path)).status, 404);
  assert.equal((await ask(port, "/healthz")).status, 200);
});

test("the page's configuration is for those who bring the secret", async (t) => {
  const { port } = await withUi(t);
  assert.equal((await ask(port, "/control-ui-config.json")).status, 401);
  for (const path of [
    "/control-ui-config.json",
    "/__openclaw__/control-ui-config.json",
    "/__openclaw/control-ui-config.json",
  ]) {
    const { status, body } = await ask(port, path, { headers: bearer });
    assert.equal(status, 200);
    assert.equal(JSON.parse(body).assistantAgentId, "main");
    assert.doesNotMatch(body, new RegExp(TOKEN));
  }
});

test("scripts that stand in the page itself are named by digest, and no others", async (t) => {
  const { port, uiRoot } = await withUi(t);
  await writeFile(join(uiRoot, "index.html"), "<html><script>let a = 1;</script><script src='/x.js'></script></html>");
  const digest = createHash("sha256").update("let a = 1;").digest("base64");
  const { headers } = await ask(port, "/");
  assert.match(String(headers["content-security-policy"]), /script-src 'self' 'sha256-[^' ]+';/);
  assert.ok(String(headers["content-security-policy"]).includes(`'sha256-${digest}'`));
  assert.doesNotMatch(String((await ask(port, "/favicon.svg")).headers["content-security-policy"]), /sha256/);
});

test("a packed file is not sent to those who refuse that packing", async (t) => {
  const { port, uiRoot } = await withUi(t);
  await writeFile(join(uiRoot, "assets", "app-1a2b.js.gz"), gzipSync("export {};"));
  const encoding = async (accepted: string) =>
    (await ask(port, "/assets/app-1a2b.js", { headers: { "Accept-Encoding": accepted } })).headers["content-encoding"];
  assert.deepEqual(
    [
      await encoding("br;q=0, gzip"),
      await encoding("gzip;q=0.5"),
      await encoding("br;q=0"),
      await encoding("identity"),
    ],
    ["gzip", "gzip", undefined, undefined],
  );
});

test("an agent's picture comes from its workspace only, to those who bring the secret", async (t) => {
  const workspace = await mkdtemp(join(tmpdir(), "workspace-"));
  t.after(() => rm(workspace, { recursive: true, force: true }));
  await writeFile(join(workspace, "me.png"), "picture");
  await symlink("/etc/hostname", join(workspace, "link.png"));
  const get = async (avatar: string | undefined, path = "/avatar/main", headers = bearer) => {
    const { port } = await withUi(t, {}, { agent: { workspace, identity: avatar === undefined ? {} : { avatar } } });
    return ask(port, path, { headers });
  };
  assert.equal((await get("me.png", "/avatar/main", {} as never)).status, 401);
  const picture = await get("me.png");
  assert.deepEqual([picture.status, picture.body, picture.headers["content-type"]], [200, "picture", "image/png"]);
  assert.match(String(picture.headers["content-security-policy"]), /sandbox/);
  for (const avatar of [undefined, "link.png", "../x.png", "/etc/passwd", "missing.png", "me.txt"])
    assert.equal((await get(avatar)).status, 404, avatar);
  const meta = async (avatar?: string) => JSON.parse((await get(avatar, "/avatar/main?meta=1")).body);
  assert.deepEqual(await meta(), { avatarUrl: null, avatarSource: null, avatarStatus: null, avatarReason: null });
  assert.equal((await meta("me.png")).avatarUrl, "/avatar/main");
  assert.equal((await meta("link.png")).avatarReason, "path_outside");
});

test("a Control UI that was not built says so", async (t) => {
  const { port } = await openGateway(t);
  assert.equal((await ask(port, "/")).status, 503);
});

test("a configured transport security header is on every answer", async (t) => {
  const hsts = "max-age=31536000";
  const { port } = await openGateway(t, {
    gateway: { auth: { token: TOKEN }, http: { securityHeaders: { strictTransportSecurity: hsts } } },
  });
  assert.equal((await ask(port, "/healthz")).headers["strict-transport-security"], hsts);
  const plain = await openGateway(t);
  assert.equal((await ask(plain.port, "/healthz")).headers["strict-transport-security"], undefined);
});
