import assert from "node:assert/strict";
import { test } from "node:test";
import { defineRoute } from "../../packages/openclaw/src/contracts/route.ts";
import { Client, newDevice, type Frame, type Say } from "./_client.ts";
import { openGateway, type TestGateway } from "./_gateway.ts";

const UI: Say = { auth: {}, client: { id: "openclaw-control-ui", mode: "webchat" } };
const rules = { userHeader: "X-Forwarded-User", requiredHeaders: ["X-Forwarded-Proto"], allowLoopback: true };
const gatewayOf = (more: Record<string, unknown> = {}, auth: Record<string, unknown> = {}) => ({
  trustedProxies: ["127.0.0.1"],
  controlUi: { allowedOrigins: ["https://claw.example"] },
  auth: { mode: "trusted-proxy", trustedProxy: { ...rules, allowUsers: ["ana", "ben"] }, ...auth },
  ...more,
});
const proxied = (more: Record<string, string> = {}) => ({
  Origin: "https://claw.example",
  "X-Forwarded-For": "203.0.113.9",
  "X-Forwarded-Proto": "https",
  "X-Forwarded-User": "ana",
  ...more,
});
const without = (name: string) => Object.fromEntries(Object.entries(proxied()).filter(([key]) => key !== name));

async function ask(gateway: TestGateway, say: Say, headers: Record<string, string>): Promise<Frame> {
  const client = new Client(gateway.url, { headers });
  const answer = await client.connect(say);
  client.close();
  return answer;
}

const scopesOf = (frame: Frame) => frame.payload?.auth.scopes;
const reasonOf = (frame: Frame) => frame.error?.details?.["authReason"];

test("a user whom the proxy names opens the Control UI without a device, and may do nothing by that alone", async (t) => {
  const gateway = await openGateway(t, { gateway: gatewayOf() });
  const answer = await ask(gateway, UI, proxied());
  assert.deepEqual([answer.payload?.auth.method, scopesOf(answer)], ["trusted-proxy", []]);
});

test("configured scopes of a user are added, and the proxy's header caps them", async (t) => {
  const identityScopes = { ana: ["operator.write", "operator.approvals"], ben: ["operator.admin"] };
  const gateway = await openGateway(t, { gateway: gatewayOf({}, { identityScopes }) });
  assert.deepEqual(scopesOf(await ask(gateway, UI, proxied())), ["operator.write", "operator.approvals"]);
  const capped = (user: string, scopes: string) =>
    ask(gateway, UI, proxied({ "X-Forwarded-User": user, "X-OpenClaw-Scopes": scopes })).then(scopesOf);
  assert.deepEqual(await capped("ana", "operator.read"), ["operator.read"]);
  assert.deepEqual(await capped("ana", "operator.admin"), ["operator.write", "operator.approvals"]);
  assert.deepEqual(await capped("ana", ""), []);
  assert.deepEqual(await capped("ben", "operator.pairing, operator.read"), ["operator.pairing", "operator.read"]);
});

test("a user named like a property of every object has no scopes", async (t) => {
  const trustedProxy = { ...rules };
  const gateway = await openGateway(t, { gateway: gatewayOf({}, { trustedProxy, identityScopes: {} }) });
  for (const name of ["constructor", "__proto__", "toString"])
    assert.deepEqual(scopesOf(await ask(gateway, UI, proxied({ "X-Forwarded-User": name }))), [], name);
});

test("a page without a device is told to prove one when the proxy's word does not do", async (t) => {
  const gateway = await openGateway(t, { gateway: gatewayOf() });
  const unlisted = proxied({ "X-Forwarded-User": "eve" });
  for (const headers of [unlisted, without("X-Forwarded-User"), without("X-Forwarded-Proto")])
    assert.equal((await ask(gateway, UI, headers)).error?.details?.["code"], "CONTROL_UI_DEVICE_IDENTITY_REQUIRED");
  const foreign = await ask(gateway, UI, proxied({ Origin: "https://evil.example" }));
  assert.equal(foreign.error?.details?.["reason"], "origin not allowed");
});

test("each thing that is wrong with the proxy's word has a reason of its own", async (t) => {
  const gateway = await openGateway(t, { gateway: gatewayOf() });
  const say = { device: newDevice(), auth: {} };
  const reason = async (headers: Record<string, string>) => reasonOf(await ask(gateway, say, headers));
  assert.equal(await reason(proxied({ "X-Forwarded-User": "eve" })), "trusted_proxy_user_not_allowed");
  assert.equal(await reason(without("X-Forwarded-User")), "trusted_proxy_user_missing");
  assert.equal(await reason(proxied({ "X-Forwarded-User": "  " })), "trusted_proxy_user_missing");
  assert.equal(await reason(without("X-Forwarded-Proto")), "trusted_proxy_missing_header_x-forwarded-proto");
  assert.match(gateway.logged(), /trusted_proxy_user_not_allowed/);
  const loopback = { ...rules, allowLoopback: false };
  const strict = await openGateway(t, { gateway: gatewayOf({}, { trustedProxy: loopback }) });
  assert.equal(reasonOf(await ask(strict, say, proxied())), "trusted_proxy_loopback_source");
  const elsewhere = await openGateway(t, { gateway: gatewayOf({ trustedProxies: ["10.9.9.9"] }) });
  assert.equal(reasonOf(await ask(elsewhere, say, proxied())), "trusted_proxy_untrusted_source");
});

test("a user header that comes twice names nobody", async (t) => {
  const gateway = await openGateway(t, { gateway: gatewayOf() });
  const headers = { ...proxied(), "X-Forwarded-User": ["ana", "ben"] } as unknown as Record<string, string>;
  const answer = await ask(gateway, { device: newDevice(), auth: {} }, headers);
  assert.equal(reasonOf(answer), "trusted_proxy_user_missing");
});

test("a proxy on another address of this machine is not told from its users", async () => {
  const { proxyIdentity } = await import("../../packages/openclaw/src/gateway/_auth/proxy-identity.ts");
  const headers = (entries: Record<string, string>) =>
    Object.fromEntries(Object.entries(entries).map(([name, value]) => [name.toLowerCase(), [value]]));
  const settings = {
    ownAddresses: ["127.0.0.2", "192.0.2.1"],
    proxies: { trusts: () => true },
    auth: { proxy: { userHeader: "x-forwarded-user", requiredHeaders: [], allowLoopback: true } },
  };
  const request = (peer: string) => ({ headersDistinct: headers(proxied()), socket: { remoteAddress: peer } });
  const client = { address: "203.0.113.9", local: false, forwarding: "trusted" } as const;
  assert.deepEqual(proxyIdentity(request("192.0.2.1"), client, settings as never), {
    ok: false,
    reason: "trusted_proxy_local_interface_source",
  });
  assert.deepEqual(proxyIdentity(request("192.0.2.7"), client, settings as never), { ok: true, user: "ana" });
});

test("a listed proxy that names no client gets no socket", async (t) => {
  const gateway = await openGateway(t, { gateway: gatewayOf() });
  for (const chain of ["", "garbage", "127.0.0.1"]) {
    const client = new Client(gateway.url, { headers: proxied({ "X-Forwarded-For": chain }) });
    assert.equal(await client.refusedUpgrade(), 403, chain);
  }
});

test("a device behind the proxy is paired by the owner, and then has what was approved and what is configured", async (t) => {
  const identityScopes = { ana: ["operator.approvals"] };
  const gateway = await openGateway(t, { gateway: gatewayOf({}, { identityScopes }) });
  const device = newDevice();
  const say = { device, auth: {}, scopes: ["operator.read", "operator.approvals"] };
  const asked = await ask(gateway, say, proxied());
  assert.equal(asked.error?.details?.["reason"], "not-paired");
  const [request] = await gateway.devices.requests();
  assert.deepEqual(request?.scopes, ["operator.read"], "what the user has anyway needs no approval");
  const { Pairing } = await import("../../packages/openclaw/src/gateway/_service-tokens.ts");
  if (request !== undefined) await (await gateway.use(Pairing)).approve(request);
  const answer = await ask(gateway, say, proxied());
  assert.deepEqual(scopesOf(answer), ["operator.approvals", "operator.read"]);
  assert.deepEqual(scopesOf(await ask(gateway, say, proxied({ "X-OpenClaw-Scopes": "operator.read" }))), [
    "operator.read",
  ]);
});

test("a command line without a device is let in by the proxy, with nothing", async (t) => {
  const gateway = await openGateway(t, { gateway: gatewayOf() });
  const answer = await ask(gateway, { auth: {}, client: { id: "cli", mode: "cli" } }, without("Origin"));
  assert.deepEqual([answer.payload?.auth.method, scopesOf(answer)], ["trusted-proxy", []]);
});

test("a program beside the gateway may use the password where there is one, and nobody through the proxy may", async (t) => {
  const gateway = await openGateway(t, { gateway: gatewayOf({}, { password: "beside-the-gateway" }) });
  const cli = { client: { id: "cli", mode: "cli" }, auth: { password: "beside-the-gateway" } };
  assert.equal((await ask(gateway, cli, {})).payload?.auth.method, "password");
  assert.equal(reasonOf(await ask(gateway, { ...cli, auth: { password: "wrong" } }, {})), "password_mismatch");
  const through = await ask(gateway, { ...cli, device: newDevice() }, without("X-Forwarded-User"));
  assert.equal(reasonOf(through), "trusted_proxy_user_missing");
});

for (const [what, gateway, message] of [
  ["without listed proxies", gatewayOf({ trustedProxies: [] }), /trustedProxies is empty/],
  ["without a user header", gatewayOf({}, { trustedProxy: { allowLoopback: true } }), /userHeader/],
  ["without its block", gatewayOf({}, { trustedProxy: undefined }), /userHeader/],
  ["with a shared token", gatewayOf({}, { token: "shared" }), /shared token/],
] as const) {
  test(`trusted-proxy ${what} does not start`, async (t) => {
    await assert.rejects(openGateway(t, { gateway }), { code: "GATEWAY_PROXY_AUTH", message });
  });
}

const whoami = defineRoute({
  methods: ["GET"],
  paths: ["/whoami"],
  auth: "gateway",
  summary: "For tests.",
  bodyLimit: 0,
  async run({ response, caller }) {
    response.end(
      JSON.stringify({
        proof: caller.proof,
        id: caller.principal.id,
        role: caller.principal.role,
        scopes: caller.scopes,
      }),
    );
  },
});

test("by HTTP the proxy's user is served, capped by the header, and nobody else", async (t) => {
  const gateway = await openGateway(t, { gateway: gatewayOf(), routes: [whoami] });
  const get = async (headers: Record<string, string>) => {
    const response = await fetch(`http://127.0.0.1:${gateway.port}/whoami`, { headers });
    const body = await response.text();
    return { status: response.status, body: response.status === 200 ? JSON.parse(body) : body };
  };
  const full = await get(without("Origin"));
  assert.equal(full.status, 200);
  assert.deepEqual([full.body.proof, full.body.id, full.body.role], ["proxy", "trusted-proxy:ana", "owner"]);
  const narrow = await get({ ...without("Origin"), "X-OpenClaw-Scopes": "operator.read" });
  assert.deepEqual([narrow.body.role, narrow.body.scopes], ["member", ["operator.read"]]);
  assert.deepEqual((await get({ ...without("Origin"), "X-OpenClaw-Scopes": "" })).body.scopes, []);
  assert.equal((await get({ ...without("Origin"), "X-Forwarded-User": "eve" })).status, 401);
  assert.equal((await get({})).status, 401);
  assert.equal((await get({ Authorization: "Bearer anything" })).status, 401);
  assert.equal((await get(proxied({ Origin: "https://evil.example" }))).status, 401);
  assert.match(gateway.logged(), /trusted_proxy_user_not_allowed[\s\S]*trusted_proxy_origin_not_allowed/);
});
